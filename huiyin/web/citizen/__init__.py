"""Pages of whoever hands a matter in and follows it."""
