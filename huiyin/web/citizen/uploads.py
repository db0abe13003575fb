"""Files that a citizen sends along: several at once, checked one by one."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from huiyin.cases import files
from huiyin.kernel.refusals import Refused

MOST_FILES = 9
ACCEPTED = "image/*,.pdf,.docx,.xlsx,.txt,.mp3,.m4a,.mp4"  # image/*: a phone offers its camera


class ManyFiles(forms.FileInput):
    """A file input from which several files, or photos from the camera, can be chosen."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """All that was chosen, not just the last."""
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.FileField):
    """Several uploads; each is checked and put away, and comes out as a stored file."""

    def __init__(self, **kwargs: Any) -> None:
        most = str(settings.HUIYIN_FILE_BYTES)
        widget = ManyFiles(attrs={"multiple": True, "accept": ACCEPTED, "data-max-octets": most})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = [upload for upload in data or [] if upload]
        if len(chosen) > MOST_FILES:
            raise forms.ValidationError(
                _("一次最多传 %(most)d 个文件，您选了 %(found)d 个。其余的可以交完以后再补充。")
                % {"most": MOST_FILES, "found": len(chosen)}
            )
        stored, wrong = [], []
        for upload in chosen:
            try:
                stored.append(files.check_and_store(upload))
            except Refused as refusal:
                wrong.append(str(refusal))
        if wrong:
            raise forms.ValidationError([*wrong, _("文件没有收下，请重新选一次；您写的字都还在。")])
        return stored
