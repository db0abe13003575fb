"""Django's handle on this room."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """The room evaluation."""

    name = "huiyin.evaluation"
    default_auto_field = "django.db.models.BigAutoField"
