"""Django's PostgreSQL, with connections that are kept and looked at without asking the server."""
