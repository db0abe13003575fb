"""Django's handle on this room."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """The room supervision."""

    name = "huiyin.supervision"
    default_auto_field = "django.db.models.BigAutoField"
