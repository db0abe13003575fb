"""Django's handle on this room."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The room cases."""

    name = "huiyin.cases"
    default_auto_field = "django.db.models.BigAutoField"
