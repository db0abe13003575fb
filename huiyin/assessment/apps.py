"""Django's handle on this room."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """The room assessment."""

    name = "huiyin.assessment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lay what is left out 剔除 beside the cases, so that figures with and without it come from the catalogue."""
        from huiyin.analytics import reading
        from huiyin.assessment.models import Omission

        reading.lay_beside("all_omissions", lambda: Omission.objects.filter(state=Omission.State.APPROVED))
