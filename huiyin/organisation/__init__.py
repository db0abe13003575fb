"""Regions, units, their duty lists, and the posts people hold in them."""
