"""外部监督: deputies, discipline and legal experts read redacted matters of their place, and ask units questions."""
