"""One file per command; how to add one is written in huiyin.cli."""
