"""Django's handle on this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room people."""

    name = "huiyin.people"
    default_auto_field = "django.db.models.BigAutoField"
