"""Django's handle on this room."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class CasesConfig(AppConfig):
    """The room cases."""

    name = "huiyin.cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A category saved in this process is seen at once, without waiting out the memory."""
        from huiyin.organisation import remembering

        for signal in (post_save, post_delete):
            signal.connect(
                remembering.clear, sender=self.get_model("Category"), dispatch_uid="cases.categories"
            )
