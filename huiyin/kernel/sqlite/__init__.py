"""Django's SQLite, with connections that are kept for a moment, and never after a fault."""
