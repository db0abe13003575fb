"""What the public may read, without the person."""
