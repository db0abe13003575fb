"""Django's handle on this room."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """The room assessment."""

    name = "huiyin.assessment"
    default_auto_field = "django.db.models.BigAutoField"
