"""Django's handle on this room."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """The room analytics."""

    name = "huiyin.analytics"
    default_auto_field = "django.db.models.BigAutoField"
