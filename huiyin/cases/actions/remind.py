"""催办: the first rung of supervision: whose turn it is hears that somebody waits, and by which day to act.

After the end of a matter too, while a promise of it is past its day. No sanction, and no clock: the limits of the
matter run as before.
"""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huiyin.cases import reminding, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Promise, Reminder
from huiyin.cases.wording import state_name
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit
from huiyin.organisation.place import limit

WORDS = gettext_lazy("催办内容")


def remind(
    case: Case,
    *,
    by: Actor,
    unit: Unit,
    text: str,
    act_by: date,
    rule: str = "",
    promise: Promise | None = None,
) -> Reminder:
    """Ask the unit (or desk) for which the matter waits to act by a day; it sees the words, the petitioner does not.

    `rule` names the mark for which the place lets the machine remind by itself, and `promise` the one that was not
    kept, where that is the mark. Raises `Refused` for a unit that has
    nothing to do now, for the reminder's own unit, for a day that is over or too far off (`reminder_days` of the
    place), and when the case was reminded already (`reminder_gap`).
    """
    said = words.required(text, WORDS)
    with opened(case, "remind", by=by) as file:
        _require_awaited(file, unit)
        broken = _require_broken(file, promise) if promise is not None else None
        today = wall.local_date(file.at)
        _require_day(act_by, today)
        earlier = file.parts(Reminder)
        if reminding.too_soon(earlier, today):
            raise Refused(_too_often(), code="too_often")
        row = file.add(
            Reminder(
                case=file.case,
                round=file.case.round,
                unit=unit,
                rule=rule,
                promise=broken,
                times=len(earlier) + 1,
                words=said,
                act_by=act_by,
                given_at=file.at,
                given_by=by.post,
            )
        )
        file.move(file.case.state)
        reminding.show(file)
        file.facts |= {"unit": unit.code, "act_by": act_by.isoformat(), "times": row.times}
        if rule:
            file.facts["rule"] = rule
        file.private["words"] = words.digest(said)
    return row


def _require_awaited(file: CaseFile, unit: Unit) -> None:
    if file.by.post is not None and unit.pk == file.by.post.unit_id:
        raise Refused(_("这件诉求就在您的单位手里，不用催办，请直接办理。"), code="itself")
    awaited = reminding.awaited(file.case, file.orders, reminding.promises_of(file))
    if not awaited:
        raise file.refusal(_("这件诉求现在是“%(state)s”") % {"state": state_name(file.case.state)})
    if unit not in awaited:
        raise Refused(
            _("现在没有轮到“%(unit)s”，催办送不到它。请看这件诉求轮到谁。") % {"unit": unit}, code="no_turn"
        )


def _require_broken(file: CaseFile, promise: Promise) -> Promise:
    """The promise as it is under the lock; it may have been kept, or moved, a breath before."""
    mine = file.part(promise)
    if not reminding.is_passed(mine):
        raise file.refusal(_("这项承诺现在是“%(state)s”") % {"state": mine.get_state_display()})
    return mine


def _require_day(act_by: date, today: date) -> None:
    last = reminding.last_day(today)
    if not today <= act_by <= last:
        raise Refused(
            _("请选今天到 %(last)s 之间的一天。更长的时限请用批示。") % {"last": last.isoformat()},
            code="act_by",
        )


def _too_often() -> str:
    days = limit("reminder_gap")
    return ngettext(
        "这件诉求刚催办过，%(days)d 个工作日只催一次，这次没有执行。请过后再催，或者作出批示。",
        "这件诉求刚催办过，%(days)d 个工作日只催一次，这次没有执行。请过后再催，或者作出批示。",
        days,
    ) % {"days": days}
