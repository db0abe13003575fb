"""Django's handle on this room."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """The room publication."""

    name = "huiyin.publication"
    default_auto_field = "django.db.models.BigAutoField"
