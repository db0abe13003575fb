"""Django's handle on this room."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """The room organisation."""

    name = "huiyin.organisation"
    default_auto_field = "django.db.models.BigAutoField"
