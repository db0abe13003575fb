"""Bulletins: drafted, edited, approved and issued by the office; the issued ones of everybody."""
