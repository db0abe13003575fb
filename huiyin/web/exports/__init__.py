"""Lists as files: asked for from a list, written in the background, fetched here."""
