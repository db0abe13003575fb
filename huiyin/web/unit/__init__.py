"""Pages of the units that handle and answer."""
