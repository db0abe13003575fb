"""Workbooks 报表: an office's own .xlsx, filled from the catalogue of figures and from lists that the reader may see."""
