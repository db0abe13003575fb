"""What anybody may read of a matter that is still open: a title that somebody of the desk has let out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.rows import Quick


class ReleasedTitle(Quick):
    """The title of one case as the public reads it while the case is open; its words and people stay inside."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="released_title")
    title = models.CharField(_("标题"), max_length=120)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(taken_back_at=None), name="released_title_out")
        ]

    def __str__(self) -> str:
        return self.title
