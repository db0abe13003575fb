"""Histories of a given shape: as many matters as a place has published, walked and cast until its figures come out."""
