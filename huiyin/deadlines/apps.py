"""Django's handle on this room."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save


class DeadlinesConfig(AppConfig):
    """The room deadlines."""

    name = "huiyin.deadlines"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A policy or a calendar saved in this process is seen at once, without waiting out the memory."""
        from huiyin.organisation import remembering

        for name in ("Policy", "CalendarYear"):
            for signal in (post_save, post_delete):
                signal.connect(remembering.clear, sender=self.get_model(name), dispatch_uid="deadlines.clear")
        post_migrate.connect(remembering.clear, sender=self, dispatch_uid="deadlines.clear")
