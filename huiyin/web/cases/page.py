"""Turns a case into the plain values that the components show to the office."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT
from huiyin.cases import access, offering, papers, queries
from huiyin.cases.queries import CasePage
from huiyin.cases.wording import act_name
from huiyin.evaluation import second_opinions
from huiyin.evaluation.access import disclosed_on
from huiyin.evaluation.queries import may_rate_now
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.refusals import Refused
from huiyin.organisation.place import door_name
from huiyin.publication.queries import publication_of
from huiyin.supervision.feedback.queries import of_case as feedback_of
from huiyin.supervision.feedback.rules import feedback_rule
from huiyin.supervision.recurrence.queries import open_for
from huiyin.web.acts.registry import FORMS
from huiyin.web.cases import contests, entries
from huiyin.web.cases.besides import overdue, panels
from huiyin.web.cases.chain import chain
from huiyin.web.cases.clocks import shown_clock
from huiyin.web.cases.folding import folded
from huiyin.web.cases.people import ACTS, names_of, people_of
from huiyin.web.cases.story import story
from huiyin.web.cases.suggesting import suggestions
from huiyin.web.components.clock import Clock
from huiyin.web.components.turn import Turn
from huiyin.web.ladder.rows import beside
from huiyin.web.words import moment


def office_case(request: HttpRequest, number: str) -> Any:
    """The case of that number for whoever sits here; 404 when there is none that they may know of."""
    try:
        return access.find(request.actor, check_case_number(number))  # type: ignore[attr-defined]
    except (Refused, access.NotFound) as missing:
        raise Http404 from missing


def summary(page: CasePage) -> dict[str, Any]:
    """What stands at the head of every page about the case."""
    return {
        "case": page.case,
        "door": door_name(page.case.door) if page.case.door else "",
        "turn": turn(page),
        "clock_values": citizen_clock(page),
        "page": page,
    }


def turn(page: CasePage) -> Turn:
    """Whose turn it is; whoever followed a unit has to wait until the order of that one is handed on to them."""
    case = page.case
    if case.holder_unit is None:
        ended = moment(case.ended_at) if case.ended_at else ""
        return Turn(name=case.get_state_display(), holder="over", since=None, note=ended)
    own = page.by.post is not None and case.holder_unit_id == page.by.post.unit_id
    mine = access.reviewing(page.by, case, None) if case.state == case.State.IN_REVIEW else own
    post = case.holder_post
    name = f"{case.holder_unit} {post.user.name}" if post else str(case.holder_unit)
    return Turn(name=name, since=case.held_since, you=mine, note=held_for(case.state))


def held_for(state: str) -> str:
    """What is awaited of the holder in a state."""
    return {
        "registered": _("甄别"),
        "accepted": _("派单"),
        "handling": _("办理并答复"),
        "reviewing": _("审核答复"),
        "telling": _("告知诉求人"),
        "told": _("回访评价"),
        "forwarded": _("等外部回执和结果"),
        "referred": _("等另一程序的结果"),
        "suspended": _("到期恢复办理"),
        "in_review": _("复查复核"),
    }.get(state, "")


def _order_clock(order: Any) -> Clock | None:
    """The clock of an order; none for one that was taken away, which nobody finished in time or late."""
    return (
        None
        if order.state in ("replaced", "succeeded", "cancelled")
        else shown_clock(order.clock, rests_until=order.due_at)
    )


def _reminders(page: CasePage) -> list[dict[str, Any]]:
    """What the reader's unit, or whichever unit for those who oversee, was asked to hurry with and has not done."""
    waiting = (row for row in page.asides.get("reminder", ()) if row.state == row.State.GIVEN)
    return [{"row": row, "words": page.open(row.words), "late": overdue(row)} for row in waiting]


def _photos(page: CasePage, answer: Any) -> list[dict[str, Any]]:
    """The photos that go with an answer, those of before the work first."""
    mine = [row for row in page.attachments if row.answer_id == answer.pk and row.shows]
    return [
        {
            "url": reverse("cases:file", args=[page.case.number, row.pk]),
            "name": page.open(row.name),
            "shows": row.get_shows_display(),
            "picture": row.kind != "heic",  # which browsers of the office do not show
        }
        for row in sorted(mine, key=lambda row: (row.shows != row.Shows.BEFORE, row.pk))
    ]


def _sheet(page: CasePage, order: Any) -> str:
    """Where an order is printed: any of them by the desk, its own by a unit."""
    foreign = page.by.role in UNIT and order.unit_id not in page.units
    return "" if foreign else reverse("cases:order", args=[page.case.number, order.pk])


def citizen_clock(page: CasePage) -> Clock:
    """The citizen's clock of the current round."""
    return shown_clock(page.round.clock, rests_until=page.case.due_at)


def offered(page: CasePage) -> list[dict[str, Any]]:
    """The acts that the reader can do now, as buttons; the one that moves the case on comes first."""
    buttons = []
    found = offering.offered(page)
    public = _public_acts(page) if any(name in PUBLISHING for name, _target in found) else set()
    for name, target in found:
        form = FORMS.get(name)
        if form is None and name not in VIEWS:
            continue
        if name in PUBLISHING and name not in public:
            continue
        if name in OF_RATINGS and not OF_RATINGS[name](page):
            continue
        if name == "send_feedback" and feedback_rule() is None:
            continue
        if name == "tell_recurrence" and not _waits_for_answer(page):
            continue
        if name in entries.ACTS and not entries.apt(page, name, target):
            continue
        if name in contests.ACTS and not contests.apt(page, name):
            continue
        about = [] if target is page.case else [target.pk]
        number = page.case.number
        url = (
            reverse(VIEWS[name], args=[number])
            if form is None
            else reverse("cases:act", args=[number, name, *about])
        )
        buttons.append(
            {
                "name": name,
                "target": target,
                "url": url,
                "label": form.title if form else act_name(name),
                "about": _about(page, target),
                "kind": form.kind if form else "",
                "icon": form.icon if form else ICONS.get(name, "eye"),
                "key": form.key if form else "",
            }
        )
    return sorted(buttons, key=lambda button: {"primary": 0, "": 1, "late": 2}[button["kind"]])


def _feedback(page: CasePage) -> list[Any]:
    """The feedback forms that the reader got, or follows; nothing is asked where none was sent."""
    sent = any(event.kind == "send_feedback" for event in page.history)
    return feedback_of(page.case, page.by) if sent else []


def _waits_for_answer(page: CasePage) -> bool:
    """Whether the petitioner is to be asked if it came back; nothing is asked where nobody drew the case."""
    drawn = any(event.kind == "ask_recurrence" for event in page.history)
    return drawn and open_for(page.case) is not None


# Whether an act of the room of ratings makes sense now; the case knows nothing of their rows.
OF_RATINGS = {
    "rate": lambda page: may_rate_now(page.case, page.by),
    "ask_second_opinion": lambda page: second_opinions.may_be_asked_for(page.case),
    "give_second_opinion": lambda page: second_opinions.may_be_given(page.case, page.by),
}


def keys_of(acts: Sequence[Mapping[str, Any]]) -> list[tuple[str, Any]]:
    """The keys of these acts for the list behind “?”, each once."""
    keys = {act["key"]: act["label"] for act in reversed(acts) if act["key"]}
    return [*sorted(keys.items()), ("o", _("更多可以做的"))]


VIEWS = {
    "call": "cases:call",
    "open_original": "cases:original",
    "open_private": "cases:private",
}  # pages of their own
ICONS = {"call": "phone"}
PUBLISHING = ("publish", "unpublish")
COMPARERS = (*DESK, *UNIT, *OVERSIGHT)
MOST_TELLINGS = 4  # buttons for telling one party each; of more, the list of who is still owed has them


def _public_acts(page: CasePage) -> set[str]:
    """Publishing, or taking it back, whichever makes sense as things lie; a report never becomes public."""
    drafted = any(event.kind in ("propose", "publish") for event in page.history)
    found = publication_of(page.case) if drafted else None
    if found is not None and found.state == found.State.PUBLISHED:
        return {"unpublish"}
    return {"publish"} if page.case.nature != "report" else set()


def _about(page: CasePage, target: Any) -> str:
    """Which order or notice a button is about, when there is more than one that it could be."""
    if target is page.case:
        return ""
    party = getattr(target, "party", None)
    if party is not None and hasattr(target, "about"):
        return _("%(role)s：%(about)s") % {
            "role": party.get_role_display(),
            "about": target.get_about_display(),
        }
    called = getattr(target, "called", None)
    if called is not None:
        return str(called.unit)
    order = getattr(target, "order", target)
    if order is None:
        return ""
    going = [each for each in page.orders if each.round == page.case.round and each.state in queries.IN_HAND]
    return str(order.unit) if len(going) > 1 and hasattr(order, "unit") else ""


def whole(page: CasePage) -> dict[str, Any]:
    """Everything that the case page shows."""
    acts = offered(page)
    tellings = {act["target"].pk: act["url"] for act in acts if act["name"] == "record_told"}
    apart = {*ACTS, *(["record_told"] if len(tellings) > MOST_TELLINGS else [])}
    names = names_of(page)
    buttons = [act for act in acts if act["name"] not in apart]
    suggested = suggestions(page, buttons)
    return {
        **summary(page),
        "acts": folded(buttons, page.case.state),
        "keys": [*keys_of(buttons), *((each.key, each.unit) for each in suggested)],
        "suggested": suggested,
        "may_compare": page.by.role in COMPARERS,
        "people": people_of(page),
        "people_acts": [act for act in acts if act["name"] in ACTS],
        "events": story(page),
        "chain": None if page.by.role in UNIT else chain(page),
        "split_from": None if page.by.role in UNIT else page.case.split_from,
        "orders": [
            {
                "order": order,
                "clock": _order_clock(order),
                "note": page.open(order.note),
                "url": _sheet(page, order),
            }
            for order in page.orders
        ],
        "answers": [
            {"answer": each, "text": page.open(each.text), "photos": _photos(page, each)}
            for each in page.answers
        ],
        "objections": [
            {"objection": each, "words": page.open(each.words), "decision": page.open(each.decision)}
            for each in page.objections
        ],
        "extensions": [{"extension": each, "reason": page.open(each.reason)} for each in page.extensions],
        "reminders": _reminders(page),
        "notes": [{"note": each, "text": page.open(each.text)} for each in page.notes],
        "files": [{"file": each, "name": page.open(each.name)} for each in page.attachments],
        "earlier": queries.earlier_of(page),
        "asides": [*panels(page), *entries.groups(page), *contests.groups(page)],
        "ladder": beside(page),
        "feedback": _feedback(page),
        "papers": papers.named(page.case, page.by, {event.kind for event in page.history}),
        "owed": [
            {"notice": each, "who": names[each.party_id], "url": tellings.get(each.pk, "")}
            for each in page.notices
            if each.told_at is None
        ],
        "verdict": disclosed_on(page) if page.case.state not in ("registered", "accepted") else None,
    }
