"""Django's handle on this room."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The room search."""

    name = "huiyin.search"
    default_auto_field = "django.db.models.BigAutoField"
