"""Pages of the desk: its inbox, entry for somebody, and what a representative has brought in."""
