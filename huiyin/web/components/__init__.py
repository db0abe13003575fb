"""The small pieces that every page is made of: plain values in, markup out, no query."""
