"""Pages of the ladder of supervision: what was signed, what is owed, what the rules propose."""
