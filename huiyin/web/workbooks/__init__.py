"""Workbooks 报表: which there are to fill, the templates of an office, and how one is written."""
