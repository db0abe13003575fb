"""Files that a citizen sends along: checked one by one; those that are good stay with the form until it is sent.

A browser forgets chosen files whenever a form is shown again. So each good one is put away at once and comes back as a
tick box whose value, sealed, names the stored file; unticked, or after a day, it does not count.

Whether a photo keeps the place where it was made is decided by the sending that succeeds. So what waits for it still
has the place in it; nobody can fetch a file that waits, and what no form sent is thrown away (`cases.storing`).
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiyin.cases import files, storing
from huiyin.cases.actions.attach import StoredFile
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.kernel.sealing import SealBroken, Sealed

MOST_FILES = 9
ACCEPTED = "image/*,.pdf,.docx,.xlsx,.txt,.mp3,.m4a,.mp4"  # image/*: a phone offers its camera
KEPT = timedelta(days=1)
PLACE = "web.citizen.uploads"


@dataclass(frozen=True)
class Chosen:
    """What came with a form: new uploads, the tokens of files put away before, and whether photos show the place."""

    uploads: Sequence[Any] = ()
    tokens: Sequence[str] = ()
    shows_place: bool = False


@dataclass(frozen=True)
class Taken:
    """A good file: as it goes along with the form, and as it came, from the browser or from where it waited."""

    stored: StoredFile
    came: UploadedFile | StoredFile

    def waiting(self) -> StoredFile:
        """As it came, put away until the form is sent again."""
        if isinstance(self.came, StoredFile):
            return self.came
        self.came.seek(0)
        return files.check_and_store(self.came, positions=files.KEPT)


class ManyFiles(forms.FileInput):
    """A file input from which several files, or photos from the camera, can be chosen."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Chosen:
        """All that was chosen, not just the last, and all that was put away before."""
        return Chosen(
            uploads=[each for each in files.getlist(name) if each] if hasattr(files, "getlist") else [],
            tokens=data.getlist(f"{name}_kept") if hasattr(data, "getlist") else [],
            shows_place=bool(data.get(f"{name}_place")),
        )


class FilesField(forms.FileField):
    """Several uploads; each is checked and put away, and comes out as a stored file."""

    def __init__(self, **kwargs: Any) -> None:
        self.taken: list[Taken] = []
        most = str(settings.HUIYIN_FILE_BYTES)
        widget = ManyFiles(attrs={"multiple": True, "accept": ACCEPTED, "data-max-octets": most})
        super().__init__(required=False, widget=widget, **kwargs)

    def get_bound_field(self, form: Any, field_name: str) -> "BoundFiles":
        """With the files that were put away for this form."""
        return BoundFiles(form, self, field_name)

    def clean(self, data: Any, initial: Any = None) -> list[StoredFile]:
        """The stored files. Raises ValidationError naming each that could not be taken; the others stay in `taken`."""
        chosen = data or Chosen()
        before = [stored for stored in map(opened, chosen.tokens) if stored is not None]
        positions = files.KEPT if chosen.shows_place else files.REMOVED
        waited = [Taken(_as_wished(stored, positions), stored) for stored in before[:MOST_FILES]]
        taken, wrong = {each.stored.digest: each for each in waited}, []
        over = 0
        for upload in chosen.uploads:
            if len(taken) >= MOST_FILES:
                over += 1
                continue
            try:
                stored = files.check_and_store(upload, positions=positions)
            except Refused as refusal:
                wrong.append(str(refusal))
            else:
                taken[stored.digest] = Taken(stored, upload)
        self.taken = list(taken.values())
        if over:
            wrong.append(_too_many(over))
        if wrong:
            raise forms.ValidationError(
                [*wrong, _("别的文件已经收下，您写的字都还在。改好后再提交一次。")] if taken else wrong
            )
        return [each.stored for each in self.taken]


class BoundFiles(BoundField):
    """The field with what was put away for it."""

    @cached_property
    def kept(self) -> list[dict[str, Any]]:
        """The files that need not be chosen again, each with its token. Only a form that is shown again asks."""
        waiting = [each.waiting() for each in self.field.taken]  # type: ignore[attr-defined]
        return [{"token": token_of(stored), "name": stored.name, "size": stored.size} for stored in waiting]

    @property
    def shows_place(self) -> bool:
        """Whether the sender said that the photos show the place."""
        return bool(self.form.is_bound and self.form.data.get(f"{self.html_name}_place"))


def token_of(stored: StoredFile) -> str:
    """A sealed name for a stored file, good for a day; nobody can make one for a file that they did not send."""
    until = (clock.now() + KEPT).timestamp()
    content = json.dumps({"until": until, "file": asdict(stored)}, ensure_ascii=False)
    return base64.urlsafe_b64encode(Sealed.of(content).token_for(PLACE)).decode()


def opened(token: str) -> StoredFile | None:
    """The stored file of a token; None when it is too old, not ours, or not there any more."""
    try:
        sealed = Sealed.stored(base64.urlsafe_b64decode(token), PLACE)
        kept = json.loads(sealed.open(Permit(holder="visitor", purpose=Purpose.OWN)))
    except (SealBroken, binascii.Error, ValueError):
        return None
    if kept["until"] < clock.now().timestamp():
        return None
    stored = StoredFile(**kept["file"])
    return stored if storing.is_kept(stored.stored_as, size=stored.size) else None


def _as_wished(stored: StoredFile, positions: str) -> StoredFile:
    return stored if positions == files.KEPT else files.without_place(stored)


def _too_many(over: int) -> str:
    return ngettext(
        "一次最多传 %(most)d 个文件，还有 %(over)d 个没有收。可以交完以后再补充。",
        "一次最多传 %(most)d 个文件，还有 %(over)d 个没有收。可以交完以后再补充。",
        over,
    ) % {"most": MOST_FILES, "over": over}
