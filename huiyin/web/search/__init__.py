"""The search box of the office, and what it finds."""
