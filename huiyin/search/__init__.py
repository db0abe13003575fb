"""Full-text search: titles and redacted texts, never what is sealed, and of them only what a reader may see."""
