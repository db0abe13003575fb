"""What builds, checks and tests the house; nothing here runs in a citizen's or an official's hands."""
