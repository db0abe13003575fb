"""Django's handle on this room."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The room kernel."""

    name = "huiyin.kernel"
    default_auto_field = "django.db.models.BigAutoField"
