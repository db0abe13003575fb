"""Addresses of every page."""

urlpatterns: list = []
