"""Sheets of assessment in workbooks 考核表: units, posts and representatives, as assessment tells them to the reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT
from huiyin.assessment import assessing, people, rules
from huiyin.assessment.assessing import Reading
from huiyin.assessment.measures import BANDS, DEFINITIONS
from huiyin.assessment.periods import Period
from huiyin.assessment.statistics import Share
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit
from huiyin.organisation.queries import today
from huiyin.workbooks.filling import Said
from huiyin.workbooks.vocabulary import Meaning


@dataclass(frozen=True)
class Row:
    """A line of assessment: its key, its fields, and what its figures are taken from."""

    key: str
    fields: Mapping[str, Said] = field(default_factory=dict)
    row: Any = None


def lines(by: Actor, block: str, period: Period) -> Sequence[Row]:
    """Units, posts or representatives that the reader may see in a period. Raises Refused without a rule."""
    judged = rules.named(period.code, today())
    if block == "post":
        return [_post(line) for line in people.posts(by, judged)]
    if block == "representative":
        return [_bringer(line) for line in people.representatives(by, judged)]
    if by.role not in OVERSIGHT:
        own = assessing.own(by, judged)
        return [_unit(own)] if own else []
    groups = assessing.assessed(by, judged).groups
    return [_unit(line) for group in groups for line in group.lines]


def _unit(line: assessing.Line) -> Row:
    kind = str(Unit.Kind(line.kind).label)
    return Row(line.code, {"name": Said(line.name), "code": Said(line.code), "kind": Said(kind)}, line)


def _post(line: people.PostLine) -> Row:
    return Row(line.post.code, _named(line.post), line)


def _bringer(line: people.BringerLine) -> Row:
    counts = {name: Said(getattr(line, name), "count") for name in ("brought", "answered", "rated")}
    shares = {
        name: _share(line.share, part) for name, part in (("share", ""), ("low", "low"), ("high", "high"))
    }
    return Row(line.post.code, {**_named(line.post), **counts, **shares}, line)


def _named(post: Post) -> dict[str, Said]:
    return {
        "name": Said(str(post)),
        "code": Said(post.code),
        "unit": Said(str(post.unit)),
        "person": Said(str(post.user)),
    }


def said(meaning: Meaning, line: Any) -> Said:
    """A measure of a unit, or a share of a post."""
    if meaning.part == "definition":
        return Said(str(DEFINITIONS[meaning.name]))
    if meaning.kind == "share":
        found: people.InHand = getattr(line, meaning.name)
        return _with_and_without(found.kept, found.whole, meaning.part)
    reading = line.readings.get(meaning.name)
    return Said(None) if reading is None else _reading(reading, meaning.part)


def _reading(reading: Reading, part: str) -> Said:
    """What could not be told is said to be so: it is not nought."""
    if part == "target":
        return Said(None if reading.target is None else reading.target / 100, "rate")
    kept, whole = reading.kept, reading.whole
    if kept is None or whole is None:
        return Said(_("不列出"))
    if part in ("", "n", "low", "high", "whole", "whole_n"):
        return _with_and_without(kept, whole, part)
    if part == "band":
        return Said(str(BANDS[reading.band]))
    if part == "reached":
        return Said({True: _("达到"), False: _("没有达到"), None: None}[reading.reached])
    return Said(getattr(reading, part), "rate")


def _with_and_without(kept: Share, whole: Share, part: str) -> Said:
    if part in ("whole", "whole_n"):
        return _share(whole, "n" if part == "whole_n" else "")
    return _share(kept, part)


def _share(share: Share, part: str) -> Said:
    if part == "n":
        return Said(share.n, "count")
    if part in ("low", "high"):
        low, high = share.interval or (None, None)
        return Said(low if part == "low" else high, "rate")
    return Said(share.rate, "rate")


def rule_words(period: Period) -> str:
    """By which rule a period is judged, and its right; "" where there is none."""
    try:
        rule = rules.rule_of(period)
    except rules.NoRule:
        return ""
    return _("%(rule)s（%(basis)s）") % {"rule": rule, "basis": rule.basis}
