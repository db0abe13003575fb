"""Pages of outside supervisors: redacted matters of their place, and their questions."""
