"""Django's handle on this room."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """The room deadlines."""

    name = "huiyin.deadlines"
    default_auto_field = "django.db.models.BigAutoField"
