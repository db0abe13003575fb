"""The case and every act on it."""
