"""What a draft begins with: the template's text, the matters of the period, the cases that somebody chose."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.cases.kin import told_among_kin
from huiyin.cases.models import Case
from huiyin.cases.queries import categories
from huiyin.kernel import clock
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.place import place
from huiyin.people import identity
from huiyin.people import queries as people
from huiyin.publication import queries as publication
from huiyin.publication.bulletins import access, marking, showing
from huiyin.publication.bulletins.periods import Span
from huiyin.publication.bulletins.templates import Template

MOST_CASES = 20
LONGEST_SHOWN = 160  # letters of a matter's text and of its answer
CASES = ("{选取的诉求}", "{cases}")
MATCHING = Permit(holder="bulletins", purpose=Purpose.MATCH)


def scope_of(template: Template, code: str) -> str:
    """The name of what the draft is narrowed to; "" where it tells of the whole place. Raises Refused."""
    if not template.scope:
        return ""
    if not code:
        if template.scope == "category":
            return _("群众反映的")
        raise Refused(_("请选择写哪个单位或者哪个地方。"), code="scope")
    found: Any = None
    if template.scope == "category":
        found = next((row for row in categories() if row.code == code), None)
    elif template.scope == "region":
        found = organisation.region_by_code(code)
    else:
        return _unit(code)
    if found is None:
        raise Refused(_("没有找到所选的类别或者地方。请从列出的里面选。"), code="scope")
    return str(found)


def _unit(code: str) -> str:
    if not organisation.unit_key(code):
        raise Refused(_("没有找到所选的单位。请从列出的里面选。"), code="scope")
    return organisation.unit_name(code)


def title(template: Template, span: Span, scope: str, by: Actor) -> str:
    """The template's title with its facts."""
    return showing.title(template.title, _facts(span, scope, by, template.series))[:120]


def _facts(span: Span, scope: str, by: Actor, series: str) -> dict[str, str]:
    with translation.override("zh-hans"):
        return {
            "place": place().place or organisation.root().name, "period": span.words,
            "before": span.before().words, "unit": by.unit.full_name if by.unit else "", "scope": scope,
            "series": series,
        }  # fmt: skip


def filled(template: Template, chosen: str) -> str:
    """The template's text with the chosen cases in their place."""
    text = template.text
    for mark in CASES:
        text = text.replace(mark, chosen)
    return text


def chosen_cases(by: Actor, numbers: Sequence[str]) -> list[Case]:
    """The cases of these numbers, each once.

    Raises Refused for a number that the author does not see, for a report, and for more than twenty.
    """
    if len(numbers) > MOST_CASES:
        raise Refused(_("一期最多选 %(most)d 件。请删去一些。") % {"most": MOST_CASES}, code="too_many_cases")
    return list({case.pk: case for case in (_case(by, number) for number in numbers)}.values())


def told_cases(cases: Sequence[Case]) -> str:
    """The cases as text: title and redacted text, without anybody's particulars."""
    return "\n\n".join(_told(case) for case in cases)


def _case(by: Actor, typed: str) -> Case:
    try:
        return access.citable(by).select_related("region").get(number=check_case_number(typed))
    except (Refused, ValueError, Case.DoesNotExist, PermissionDenied) as fault:
        raise Refused(
            _("没有找到编号 %(number)s。请核对；举报和指名投诉的不写进简报。") % {"number": typed[:30]},
            code="case",
        ) from fault


def _told(case: Case) -> str:
    known = [people.particulars(party.person, MATCHING) for party in told_among_kin(case) if party.person]
    heading, text = (identity.masked(identity.without(words, known)) for words in (case.title, case.text))
    return f"### {marking.literal(heading)}\n\n{marking.literal(text)}"


def matters(template: Template, span: Span, scope: str) -> list[dict[str, str]]:
    """The published matters of the period, the newest first, as the public reads them."""
    if not template.most:
        return []
    began = datetime.combine(span.since, time(), clock.zone())
    ended = datetime.combine(span.until + timedelta(days=1), time(), clock.zone())
    narrowed = {template.scope: scope} if scope else {}
    rows = publication.published_between(began, ended, most=template.most, **narrowed)
    with translation.override("zh-hans"):
        return [_matter(row) for row in rows]


def _matter(row: Any) -> dict[str, str]:
    about = _("%(place)s · %(unit)s %(day)s 答复") % {
        "place": row.region, "unit": row.unit, "day": row.answered_on.isoformat(),
    }  # fmt: skip
    return {
        "number": row.case.number, "confirmed": row.confirmed_at.isoformat(), "title": row.title, "about": about,
        "text": _short(row.text), "answer": _short(row.answer),
    }  # fmt: skip


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[: LONGEST_SHOWN - 1]}…"
