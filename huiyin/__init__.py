"""Huiyin (回音): a government hears its citizens and provably answers them."""
