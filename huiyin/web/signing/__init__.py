"""Signing in and out, the second step, the password, and the choice of a post."""
