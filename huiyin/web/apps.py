"""Django's handle on this room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The room web."""

    name = "huiyin.web"
    default_auto_field = "django.db.models.BigAutoField"
