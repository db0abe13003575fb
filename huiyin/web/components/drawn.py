"""Components that stand in every row of a list, drawn without a template: they take a quarter of its time.

Whatever comes from outside passes `put` and is escaped there.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.web import words
from huiyin.web.components.clock import Clock, Face, face
from huiyin.web.components.matter import Matter
from huiyin.web.escaping import put, put_each

SHAPES = {  # a shape for each meaning, so that colour never stands alone
    "late": "M6 .5 12 11.5H0z",
    "soon": "M6 0l6 6-6 6-6-6z",
    "done": "M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0zM3 5.2 2 6.3 5.2 9.4 10.2 4 9.1 3 5.1 7.2z",
    "paused": "M1.5 0h3v12h-3zM7.5 0h3v12h-3z",
    "active": "M1 1h10v10H1z",
    "running": "M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0zM5.3 2v4.7h4V5.4H6.7V2z",
    "quiet": "M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0zM6 2a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
}
NOTHING = mark_safe("")
OPENS, ENDS = {False: NOTHING, True: mark_safe("<mark>")}, {False: NOTHING, True: mark_safe("</mark>")}


@cache
def shape(tone: str) -> SafeString:
    """The small shape that stands with a meaning."""
    return outline(SHAPES.get(tone, SHAPES["quiet"]))


@cache
def outline(path: str) -> SafeString:
    """A small drawing, as high as a letter."""
    return put(
        '<svg class="shape" viewBox="0 0 12 12" aria-hidden="true" focusable="false">'
        '<path fill-rule="evenodd" d="{}"/></svg>',
        path,
    )


def badge(tone: str, text: Any) -> SafeString:
    """A word with a shape."""
    return put('<span class="badge badge--{}">{}{}</span>', tone, shape(tone), text)


# -- the clock -----------------------------------------------------------------------------------------------
def clock(values: Clock, density: str) -> SafeString:
    """A deadline as a thin bar with words beside it; density is card, phone or row."""
    drawn = face(values)
    return put(
        '<div class="clock clock--{}{}">\n  <p class="clock__words"><span class="clock__left">{}{}</span>{}</p>\n'
        '  <svg class="clock__bar" aria-hidden="true" focusable="false" width="100%" height="10">'
        '<rect class="clock__track" width="100%" height="100%"></rect>'
        '<rect class="clock__spent" x="0" width="{}" height="100%"></rect>{}{}{}{}</svg>\n{}</div>',
        drawn.tone,
        " clock--row" if density == "row" else "",
        shape(drawn.tone),
        drawn.left,
        _due(drawn, density),
        drawn.spent,
        _piece('<rect class="clock__over" x="{}" width="{}" height="100%"></rect>', *_edges(drawn.over)),
        _pauses(drawn) if drawn.pauses else NOTHING,
        _piece('<rect class="clock__mark" x="{}" y="-25%" width="2" height="150%"></rect>', drawn.mark),
        _piece('<rect class="clock__end" x="{}" y="-40%" width="3" height="180%"></rect>', drawn.end),
        _basis(drawn, density),
    )


def _piece(form: str, *values: str) -> SafeString:
    """A part of the picture, where there is one."""
    return put(form, *values) if values and values[0] else NOTHING


def _edges(segment: Any) -> tuple[str, ...]:
    return (segment.x, segment.width) if segment else ()


def _pauses(drawn: Face) -> SafeString:
    return put_each(
        '<rect class="clock__pause" x="{0}" width="{1}" height="100%"></rect>'
        '<rect class="clock__hatch" x="{0}" width="{1}" height="100%"></rect>',
        ((pause.x, pause.width) for pause in drawn.pauses),
    )


def _due(drawn: Face, density: str) -> SafeString:
    if not drawn.due:
        return NOTHING
    words = drawn.due if density == "row" else _("最迟 %(due)s") % {"due": drawn.due}
    return put('<span class="clock__due" title="{}">{}</span>', drawn.due_exact, words)


def _basis(drawn: Face, density: str) -> SafeString:
    if not drawn.basis or density != "card":
        return NOTHING
    return put('  <p class="clock__basis">{}</p>\n', _("依据：%(basis)s") % {"basis": drawn.basis})


# -- a matter as a row ---------------------------------------------------------------------------------------
def matter_row(matter: Matter) -> SafeString:
    """A matter as a table row: number, title and place, nature, unit, state, clock."""
    labels = _labels(get_language() or "")
    return put(
        '<tr data-row{}{}>\n  <td class="number" data-label="{}">{}{}</td>\n'
        '  <th scope="row" class="title-cell"><a href="{}" data-row-link>{}</a>{}</th>\n'
        '  <td class="nowrap" data-label="{}">{}</td>\n  <td data-label="{}">{}</td>\n'
        '  <td class="nowrap" data-label="{}">{}</td>\n  <td>{}</td>\n</tr>',
        mark_safe(' class="is-selected"') if matter.selected else NOTHING,
        put(' id="matter-{}"', matter.key) if matter.key else NOTHING,
        labels[0],
        matter.number,
        _tick(matter) if matter.tick else NOTHING,
        matter.url,
        matter.title,
        put(" <span>{}</span>", matter.place) if matter.place else NOTHING,
        labels[1],
        matter.nature,
        labels[2],
        matter.unit,
        labels[3],
        put_each("{} ", ((badge(each.tone, each.text),) for each in matter.badges)),
        clock(matter.clock, "row") if matter.clock else NOTHING,
    )


def matter_card(matter: Matter, *, wall: bool) -> SafeString:
    """A matter as a card: number and state, title, what was found in it, its few facts, clock."""
    return put(
        '<article class="card{}{}" data-row{}>\n  <p class="card__top"><span class="number">{}</span>{}</p>\n'
        '  <p class="card__title"><a href="{}" data-row-link{}>{}</a></p>{}\n  <p class="card__facts">{}{}</p>\n'
        "  {}\n</article>",
        " card--wall" if wall else "",
        " is-selected" if matter.selected else "",
        put(' id="matter-{}"', matter.key) if matter.key else NOTHING,
        matter.number,
        put('<span class="row">{}</span>', put_each("{}", ((badge(b.tone, b.text),) for b in matter.badges)))
        if matter.badges
        else NOTHING,
        matter.url,
        mark_safe(' aria-current="true"') if matter.selected else NOTHING,
        marked(matter.marked_title) if matter.marked_title else matter.title,
        put('\n  <p class="card__extract">{}</p>', marked(matter.extract)) if matter.extract else NOTHING,
        put_each("<span>{}</span>", ((fact,) for fact in (matter.nature, matter.place, matter.unit) if fact)),
        ago(matter.at) if matter.at else NOTHING,
        clock(matter.clock, "phone") if matter.clock else NOTHING,
    )


def marked(pieces: Iterable[Any]) -> SafeString:
    """Pieces of a text, those that were looked for marked."""
    return put_each("{}{}{}", ((OPENS[p.marked], p.text, ENDS[p.marked]) for p in pieces))


def ago(value: datetime) -> SafeString:
    """3 天前, with the exact time for whoever points at it."""
    return put(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), words.exact(value), words.ago(value)
    )


def _tick(matter: Matter) -> SafeString:
    """A box for choosing this one among others."""
    return put(
        '<label class="tick"><input type="checkbox" name="case" value="{}" form="{}" data-tick autocomplete="off">'
        '<span class="offscreen">{}</span></label>',
        matter.number,
        matter.tick,
        _("选中 %(number)s") % {"number": matter.number},
    )


@cache
def _labels(language: str) -> tuple[str, ...]:
    """What stands before each cell on a phone, in the language that is on."""
    return _("编号"), _("类别"), _("承办单位"), _("状态")
