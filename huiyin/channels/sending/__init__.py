"""Letting words out of the house: a row for each sending, and an honest word where nobody knows whether it arrived."""
