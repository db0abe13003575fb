"""The web channel: a form becomes a case, a party reads it, and reading is told to the office."""
