"""Tests of the look and of what every page shares."""
