"""Django's handle on this room."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class OrganisationConfig(AppConfig):
    """The room organisation."""

    name = "huiyin.organisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A reference row saved in this process is seen at once, without waiting out the memory."""
        from huiyin.organisation import remembering

        for name in ("Region", "Unit", "DutyItem", "Post"):
            for signal in (post_save, post_delete):
                signal.connect(
                    remembering.clear, sender=self.get_model(name), dispatch_uid="organisation.clear"
                )
