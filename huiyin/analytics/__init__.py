"""Figures by region, unit, category and period."""
