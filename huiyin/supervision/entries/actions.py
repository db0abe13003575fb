"""报验、验收销账、退回、划出: an entry of a unit's ledger is handed in, looked at, and closed by somebody else."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import states, words
from huiyin.cases.actions.attach import StoredFile, keep
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Note, Order
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.independence import independent
from huiyin.organisation.succession import units_answered_by
from huiyin.supervision.entries.models import Inspection, LedgerEntry
from huiyin.supervision.entries.queries import is_led
from huiyin.supervision.entries.rules import needs

State = LedgerEntry.State
SEEN, REASON, DID = gettext_lazy("查看情况"), gettext_lazy("理由"), gettext_lazy("办理说明")
PICTURES = ("jpg", "png", "webp", "heic")


def submit_entry(order: Order, *, by: Actor, text: str = "") -> LedgerEntry:
    """报验: the unit that led the matter says that its entry can be looked at; `text` says where and what to see.

    After a refusal, or when the matter came back in a new round, it is handed in again. Raises `Refused` for a
    matter that needs no acceptance here, and for an entry that waits already or is closed.
    """
    said = words.optional(text, DID)
    with opened(order.case, "submit_entry", by=by, order=order) as file:
        file.require_in_hand(order)
        mine = file.part(order)
        if mine.part != Order.Part.LEAD:
            raise Refused(_("台账由主办单位报验；协办的情况写给主办单位。"), code="lead")
        if not needs(file.case):
            raise Refused(_("这件诉求不在验收范围里，不用报验，办结就是销账。"), code="unneeded")
        entry = _lying(file, mine.unit_id)
        fresh = {
            "unit": mine.unit,
            "round": file.case.round,
            "state": State.SUBMITTED,
            "words": said or None,
            "submitted_at": file.at,
            "submitted_by": by.post,
            "closed_at": None,
        }
        if entry is None:
            entry = file.add(LedgerEntry(case=file.case, **fresh))
        else:
            _require_due(file, entry)
            file.change(entry, **fresh)
        file.move(file.case.state)
        file.facts["unit"] = mine.unit.code
        if said:
            file.private["words"] = words.digest(said)
    return entry


def accept_entry(
    entry: LedgerEntry, *, by: Actor, text: str = "", photo: StoredFile | None = None
) -> Inspection:
    """验收销账: somebody independent of the unit has looked, with a note of the visit or a photo; the entry closes.

    Raises `PermissionDenied` for somebody of the unit, or of one above or below it, and for who handed it in, whichever
    post they hold by now; `Refused` without note and photo, and for an entry that does not wait or whose matter has
    come back meanwhile.
    """
    seen = words.optional(text, SEEN)
    if not seen and photo is None:
        raise Refused(_("请写下查看的情况，或者传一张现场照片。没有看过的不能销账。"), code="unseen")
    return _inspect("accept_entry", entry, by, seen, photo)


def refuse_entry(
    entry: LedgerEntry, *, by: Actor, reason: str, photo: StoredFile | None = None
) -> Inspection:
    """验收退回: what was looked at is not as the unit says; the reason goes to the unit, which hands it in again."""
    return _inspect("refuse_entry", entry, by, words.required(reason, REASON), photo)


def strike_entry(entry: LedgerEntry, *, by: Actor, reason: str) -> LedgerEntry:
    """划出: a matter that is not the unit's any more leaves its ledger, with the reason. A closed entry stays."""
    said = words.required(reason, REASON)
    with opened(entry.case, "strike_entry", by=by) as file:
        row = _locked(file, entry)
        if row.state not in (State.SUBMITTED, State.REFUSED):
            raise file.refusal(_("台账这一项现在是“%(state)s”") % {"state": row.get_state_display()})
        if is_led(row, [each.unit_id for each in _leading(file)], _entries(file)):
            raise Refused(_("这件诉求还由该单位主办，不能从它的台账划出。请验收，或者退回。"), code="led")
        file.change(row, state=State.STRUCK, closed_at=file.at)
        file.move(file.case.state)
        file.facts["unit"] = row.unit.code
        file.private["reason"] = words.digest(said)
    return row


def _inspect(act: str, entry: LedgerEntry, by: Actor, said: str, photo: StoredFile | None) -> Inspection:
    accepted = act == "accept_entry"
    if photo is not None and photo.kind not in PICTURES:
        raise Refused(_("现场照片请用 jpg、png、webp 或 heic。别的文件请用“上传材料”。"), code="photo")
    with opened(entry.case, act, by=by) as file:
        row = _locked(file, entry)
        if by.kind == "staff" and not independent(by, row.unit):
            raise PermissionDenied(_("验收的人不能是本单位的，也不能是它的上级或下级单位的。请换一位。"))
        if row.submitted_by is not None and row.submitted_by.user == by.user:
            raise PermissionDenied(_("这一项是您报的，要由另一个人来验收。"))
        _require_waiting(file, row)
        kept = keep(file, photo, readers=Note.Readers.OFFICE) if photo is not None else None
        looked = file.add(
            Inspection(
                entry=row,
                round=row.round,
                accepted=accepted,
                words=said or None,
                photo=kept,
                at=file.at,
                by=by.post,
            )
        )
        closed = {"state": State.ACCEPTED, "closed_at": file.at} if accepted else {"state": State.REFUSED}
        file.change(row, **closed)
        file.move(file.case.state)
        file.facts |= {"unit": row.unit.code, "photo": kept is not None}
        file.private = {"words": words.digest(said)}
        if photo is not None:
            file.private["photo"] = photo.digest
    return looked


def _lying(file: CaseFile, unit: int) -> LedgerEntry | None:
    """The unit's entry of this case, or that of a merged unit whose order it has now, as it lies under the lock."""
    rows = {row.unit_id: row for row in _entries(file)}
    merged = set(units_answered_by(unit, day=organisation.today())) - {
        each.unit_id for each in _leading(file)
    }
    return rows.get(unit) or next((rows[each] for each in sorted(merged & set(rows))), None)


def _entries(file: CaseFile) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(case=file.case).select_related("unit", "submitted_by__user")


def _locked(file: CaseFile, entry: LedgerEntry) -> LedgerEntry:
    row = _entries(file).filter(pk=entry.pk).first()
    if row is None:
        raise Refused(_("这条记录已不在这件诉求里。请刷新页面。"), code="gone")
    return row


def _require_due(file: CaseFile, entry: LedgerEntry) -> None:
    """Refuse to hand in what waits already, or is closed for this round."""
    if entry.state in (State.SUBMITTED, State.ACCEPTED) and entry.round == file.case.round:
        raise file.refusal(_("台账这一项现在是“%(state)s”") % {"state": entry.get_state_display()})


def _require_waiting(file: CaseFile, entry: LedgerEntry) -> None:
    if entry.state != State.SUBMITTED:
        raise file.refusal(_("台账这一项现在是“%(state)s”") % {"state": entry.get_state_display()})
    if entry.round != file.case.round:
        raise Refused(_("报验以后，这件诉求又办了一轮，原来的报验不作数。请等单位重新报验。"), code="round")


def _leading(file: CaseFile) -> list[Order]:
    return [
        order
        for order in file.orders
        if order.part == Order.Part.LEAD and order.state in states.Order.IN_HAND
    ]
