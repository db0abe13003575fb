"""Django's handle on this room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The room ledger."""

    name = "huiyin.ledger"
    default_auto_field = "django.db.models.BigAutoField"
