"""Calendars, policies and clocks."""
