"""Ways by which a matter comes in, a folder each."""
