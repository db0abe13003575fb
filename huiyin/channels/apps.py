"""Django's handle on this room."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """The room channels."""

    name = "huiyin.channels"
    default_auto_field = "django.db.models.BigAutoField"
