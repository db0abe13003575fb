"""Persons outside the office: sealed identity, blind index, ways to reach them."""
