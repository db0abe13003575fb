"""Pages of those who oversee: what slips, with whom, and where."""
