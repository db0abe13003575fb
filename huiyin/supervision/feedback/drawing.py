"""What each field of the form says of a case: from the redacted text, never from the petitioner's own."""

from collections.abc import Callable, Iterable, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.cases import states
from huiyin.cases.models import Answer, Case, Order, Party, Point
from huiyin.deadlines.arithmetic import last_day
from huiyin.kernel import clock as wall
from huiyin.kernel.masking import mask
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.models import Post
from huiyin.people import identity
from huiyin.people import queries as people
from huiyin.supervision.entries.models import LedgerEntry
from huiyin.supervision.feedback.rules import FeedbackRule

DRAWING = Permit(holder="feedback", purpose=Purpose.WORK)
MATCHING = Permit(holder="feedback", purpose=Purpose.MATCH)


def lines_of(
    case: Case, rule: FeedbackRule, *, suggestion: str, posts: Iterable[Post]
) -> list[tuple[str, str]]:
    """(field, text) of every field of the form in the place's order; one without a text says "—"."""
    found = []
    for name in rule.fields:
        if name == "suggestion":
            text = suggestion
        elif name == "recipients":
            text = "、".join(f"{post.unit} {post.title or post.get_role_display()}" for post in posts)
        else:
            text = TEXTS[name](case)
        found.append((name, text.strip() or "—"))
    return _nameless(case, found)


def _nameless(case: Case, lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The lines without any petitioner's particulars, wherever they stand, and with numbers masked."""
    parties = Party.objects.filter(case=case, person__isnull=False).select_related("person")
    known = [people.particulars(party.person, MATCHING) for party in parties if party.person]
    return [(name, mask(identity.without(text, known))) for name, text in lines]


def _facts(case: Case) -> str:
    place = f"{case.region} {case.place}".strip()
    return f"{case.number}　{place}\n{case.text}"


def _request(case: Case) -> str:
    points = Point.objects.filter(case=case).order_by("ordinal").values_list("text", flat=True)
    return "\n".join(filter(None, points)) or case.title


def _units(case: Case) -> str:
    orders = Order.objects.filter(case=case, round=case.round, state__in=states.Order.IN_HAND)
    rows = orders.select_related("unit").order_by("pk")
    return "、".join(dict.fromkeys(f"{row.unit}（{row.get_part_display()}）" for row in rows))


def _deadline(case: Case) -> str:
    if case.due_at is None or case.state not in states.Case.UNTOLD:
        return str(case.get_state_display())
    local = timezone.localtime(case.due_at, wall.zone())
    if (local.hour, local.minute) == (0, 0):
        return last_day(case.due_at, wall.zone()).isoformat()  # 24:00 belongs to the day that it ends
    return local.strftime("%Y-%m-%d %H:%M")


def _result(case: Case) -> str:
    """The approved answers of the round: what was answered is for the petitioner until it is let out."""
    rows = Answer.objects.filter(case=case, round=case.round, state=Answer.State.APPROVED).order_by("pk")
    said = [f"{row.get_outcome_display()}：{row.text.open(DRAWING)}" for row in rows]
    return "\n".join(said) or str(case.get_state_display())


def _acceptance(case: Case) -> str:
    rows = LedgerEntry.objects.filter(case=case, round=case.round).select_related("unit").order_by("pk")
    return "\n".join(
        _("%(unit)s：%(state)s") % {"unit": row.unit, "state": row.get_state_display()} for row in rows
    )


TEXTS: Mapping[str, Callable[[Case], str]] = {
    "matter": lambda case: case.title,
    "facts": _facts,
    "request": _request,
    "units": _units,
    "deadline": _deadline,
    "result": _result,
    "acceptance": _acceptance,
}
