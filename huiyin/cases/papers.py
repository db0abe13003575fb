"""文书: the printed papers of a case, from templates with named fields; a place may bring its own wording.

A template is a text: its first line is the title, an empty line ends a paragraph, a field stands in braces.
The profile's `papers/<kind>.txt` goes before the one that stands here. `faults` finds what a place's template
has wrong before anybody prints it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.accounts.roles import UNIT
from huiyin.cases import pens, petitions
from huiyin.cases.models import Answer, Case, Extension, Opinion, Order, Review
from huiyin.deadlines.arithmetic import last_day
from huiyin.kernel import clock as wall
from huiyin.kernel import folders
from huiyin.kernel.gathering import gathered
from huiyin.kernel.sealing import Sealed
from huiyin.ledger import queries as ledger
from huiyin.organisation.actors import Actor
from huiyin.organisation.place import place, profile_folder

Open = Callable[[Sealed | None], str]
KINDS = {
    "receipt": gettext_lazy("受理告知书"),
    "decline": gettext_lazy("不予受理告知书"),
    "extension": gettext_lazy("延期告知书"),
    "opinion": gettext_lazy("处理意见书"),
    "review": gettext_lazy("复查意见书"),
    "rereview": gettext_lazy("复核意见书"),
}
COMMON = ("to", "number", "title", "received", "office", "hotline", "day")
OWN: Mapping[str, tuple[str, ...]] = {
    "receipt": ("accepted", "due"),
    "decline": ("reason", "basis", "route"),
    "extension": ("days", "unit", "due"),
    "opinion": ("reference", "conclusion", "request", "facts", "opinion", "basis", "unit", "way_on"),
    "review": ("reference", "decision", "text", "unit", "way_on"),
    "rereview": ("reference", "decision", "text", "unit", "way_on"),
}
NEEDED: Mapping[str, tuple[str, ...]] = {  # what the law wants on the paper (信访工作条例 art. 23, 32, 34-36)
    "receipt": ("number", "due"),
    "decline": ("reason", "basis"),
    "extension": ("days", "due"),
    "opinion": ("reference", "conclusion", "request", "facts", "opinion", "basis", "way_on"),
    "review": ("reference", "decision", "text", "way_on"),
    "rereview": ("reference", "decision", "text", "way_on"),
}
DEFAULTS = Path(__file__).parent / "paper_templates"
BLANK = "＿＿＿＿＿＿"  # written in by hand: the office prints no name that it does not have to open


@dataclass(frozen=True)
class Paper:
    """A paper ready to be printed: its title and its paragraphs."""

    kind: str
    title: str
    paragraphs: list[str]


# -- templates -----------------------------------------------------------------------------------------------
def template(kind: str) -> str:
    """The place's own text of a paper, else the one of the program."""
    own = folders.file_of(profile_folder(settings.HUIYIN_PROFILE), f"papers/{kind}.txt")
    return (own if own.is_file() else DEFAULTS / f"{kind}.txt").read_text(encoding="utf-8")


def faults(folder: Path) -> list[str]:
    """Every fault of a profile's templates, a sentence each: unknown papers and fields, missing fields."""
    found = []
    for file in sorted((folder / "papers").glob("*")):
        if file.suffix != ".txt" or file.stem not in KINDS:
            found.append(
                _("papers/%(file)s：没有这种文书，请用：%(kinds)s。")
                % {"file": file.name, "kinds": "、".join(KINDS)}
            )
            continue
        found += [f"papers/{file.name}：{wrong}" for wrong in _wrong(file, file.stem)]
    return found


def _wrong(file: Path, kind: str) -> list[str]:
    try:
        named = {
            name
            for _text, name, _spec, _way in Formatter().parse(file.read_text("utf-8"))
            if name is not None
        }
    except (ValueError, UnicodeDecodeError):
        return [_("大括号不成对，或者不是 UTF-8 文本。")]
    known = {*COMMON, *OWN[kind]}
    unknown = [_("没有“%(name)s”这一项。") % {"name": name} for name in sorted(named - known)]
    return unknown + [
        _("少了必须写的“%(name)s”。") % {"name": name} for name in NEEDED[kind] if name not in named
    ]


# -- papers of a case ----------------------------------------------------------------------------------------
def named(case: Case, by: Actor, happened: set[str]) -> list[tuple[str, str]]:
    """The papers that this case has by now and the reader may print, with their names, in the order of the road.

    `happened` are the acts that the case has seen; a case without such acts costs no query, any other one.
    """
    seen = _seen(by, happened)
    asked = {kind: rows(case) for kind, (acts, rows) in ROWS.items() if acts <= seen}
    found = dict(zip(asked, gathered(*asked.values()), strict=True))
    there = {
        **found,
        "receipt": petitions.is_petition(case) and "accept" in seen,
        "decline": _declined(case, seen),
    }
    return [(kind, str(name)) for kind, name in KINDS.items() if there.get(kind)]


def _seen(by: Actor, happened: set[str]) -> set[str]:
    """The acts whose papers the reader may have: a unit those of the opinion alone."""
    return happened & {"give_opinion", "approve"} if by.role in UNIT else happened


def paper(case: Case, kind: str, *, by: Actor, opened: Open, to: str = "", title: str = "") -> Paper | None:
    """One paper of a visible case, its sealed parts read by `opened`; None where there is no such paper (yet).

    `title` is the title as its reader may read it, where that is not the redacted one.
    """
    happened = _seen(by, ledger.kinds_of(pens.subject_of(case)))
    found = READERS[kind](case, happened) if kind in KINDS else None
    if found is None:
        return None
    common = {
        "to": to or BLANK,
        "number": case.number,
        "title": title or case.title,
        "received": _day(case.received_at),
        "office": place().office or str(case.desk),
        "hotline": place().hotline,
    }
    values = common | {
        name: opened(each) if isinstance(each, Sealed) else str(each) for name, each in found.items()
    }
    if "answer" in values:
        values["way_on"] = values["answer"].split("\n\n")[-1]
    title, _line, text = template(kind).partition("\n")
    return Paper(kind, title.strip(), [_filled(part, values) for part in text.strip().split("\n\n")])


def _filled(paragraph: str, values: Mapping[str, str]) -> str:
    """The paragraph with its fields; read once, so that braces in what somebody wrote stay what they are."""
    parts = Formatter().parse(paragraph)
    return "".join(text + (values.get(name, "") if name else "") for text, name, _spec, _way in parts)


def _receipt(case: Case, happened: set[str]) -> dict[str, Any] | None:
    if not petitions.is_petition(case) or "accept" not in happened:
        return None
    accepted = ledger.history(pens.subject_of(case)).filter(kind="accept").first()
    due = case.due_at or case.received_at
    day = _day(accepted.occurred_at)
    return {"accepted": day, "due": last_day(due, wall.zone()).isoformat(), "day": day}


def _declined(case: Case, happened: set[str]) -> bool:
    return "decline" in happened and case.state == Case.State.DECLINED and case.end_reason_id is not None


def _decline(case: Case, happened: set[str]) -> dict[str, Any] | None:
    why = case.end_reason
    if not _declined(case, happened) or why is None:
        return None
    return {"reason": why.text, "basis": why.basis, "route": why.route, "day": _day(case.ended_at)}


def _extension(case: Case, happened: set[str]) -> dict[str, Any] | None:
    row = _last("extension", case, happened)
    if row is None:
        return None
    due = last_day(row.order.due_at, wall.zone()).isoformat()
    return {"days": row.days, "unit": row.order.unit, "due": due, "day": _day(row.decided_at)}


def _opinion(case: Case, happened: set[str]) -> dict[str, Any] | None:
    row = _last("opinion", case, happened)
    if row is None or row.order is None:
        return None
    answer = Answer.objects.filter(order=row.order, state=Answer.State.APPROVED).order_by("pk").last()
    own = {name: getattr(row, name) for name in ("reference", "request", "facts", "opinion", "basis")}
    conclusion, day = row.get_conclusion_display(), _day(row.given_at)
    return {
        **own,
        "conclusion": conclusion,
        "unit": row.order.unit,
        "answer": answer and answer.text,
        "day": day,
    }


def _review_at(level: int) -> Callable[[Case, set[str]], dict[str, Any] | None]:
    kind = "review" if level == Review.Level.REVIEW else "rereview"

    def read(case: Case, happened: set[str]) -> dict[str, Any] | None:
        row = _last(kind, case, happened)
        if row is None:
            return None
        answer = Answer.objects.filter(case=case, round=row.round).order_by("pk").last()
        return {
            "reference": row.reference,
            "decision": row.get_decision_display(),
            "text": row.words,
            "unit": row.unit,
            "answer": answer.text if answer else "",
            "day": _day(row.decided_at),
        }

    return read


def _granted(case: Case) -> QuerySet[Extension]:
    granted = Extension.objects.filter(order__case=case, state=Extension.State.GRANTED)
    return granted.select_related("order__unit").order_by("pk")


def _opinions(case: Case) -> QuerySet[Opinion]:
    """Those that were let out, with their order."""
    approved = Order.objects.filter(case=case, state=Order.State.APPROVED).values("pk")
    given = Opinion.objects.filter(case=case, order__in=approved)
    return given.select_related("order__unit").order_by("pk")


def _decided(case: Case, level: int) -> QuerySet[Review]:
    decided = Review.objects.filter(case=case, level=level, state=Review.State.DECIDED)
    return decided.select_related("unit").order_by("pk")


# From which rows a paper is read, and the acts without which there are none.
ROWS: Mapping[str, tuple[set[str], Callable[[Case], QuerySet[Any]]]] = {
    "extension": ({"grant_extension"}, _granted),
    "opinion": ({"give_opinion", "approve"}, _opinions),
    "review": ({"decide_review"}, lambda case: _decided(case, Review.Level.REVIEW)),
    "rereview": ({"decide_rereview"}, lambda case: _decided(case, Review.Level.REREVIEW)),
}


def _last(kind: str, case: Case, happened: set[str]) -> Any:
    """The latest row that a paper of this kind is read from, or None."""
    acts, rows = ROWS[kind]
    return rows(case).last() if acts <= happened else None


READERS: Mapping[str, Callable[[Case, set[str]], dict[str, Any] | None]] = {
    "receipt": _receipt,
    "decline": _decline,
    "extension": _extension,
    "opinion": _opinion,
    "review": _review_at(Review.Level.REVIEW),
    "rereview": _review_at(Review.Level.REREVIEW),
}


def _day(moment: Any) -> str:
    return wall.local_date(moment).isoformat() if moment else ""
