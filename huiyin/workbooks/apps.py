"""Django's handle on this room."""

from django.apps import AppConfig


class WorkbooksConfig(AppConfig):
    """The room workbooks: it writes one of the kinds of files that somebody may ask for."""

    name = "huiyin.workbooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the worker that writes lists write workbooks too."""
        from huiyin.cases import exporting
        from huiyin.workbooks.writing import write

        exporting.WRITTEN_ELSEWHERE[exporting.Export.Of.WORKBOOK] = write
