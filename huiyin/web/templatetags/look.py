"""The tags and filters of every page: `{% load look %}`. Components are described in components/README.md."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, Form, RadioSelect
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.web import words
from huiyin.web.components import drawn as components
from huiyin.web.components import receipt as receipts
from huiyin.web.components import timeline as timelines
from huiyin.web.components.chain import Chain
from huiyin.web.components.chart import Bars, Trend
from huiyin.web.components.clock import Clock
from huiyin.web.components.figure import Figure
from huiyin.web.components.funnel import Funnel
from huiyin.web.components.matter import Matter
from huiyin.web.components.turn import Turn
from huiyin.web.escaping import put_each
from huiyin.web.look import THEMES

register = template.Library()

for _filter in (
    words.day,
    words.moment,
    words.exact,
    words.time_of_day,
    words.ago,
    words.by,
    words.until,
    words.days_left,
    words.waited,
    words.left,
):
    register.filter(_filter.__name__, _filter)
register.filter("file_size", words.size)

ARROWS = {"up": "M6 1l5 6H7.5v4h-3V7H1z", "down": "M6 11L1 5h3.5V1h3v4H11z", "same": "M0 4.5h12v3H0z"}


@cache
def _asset(path: str) -> str:
    try:
        return static(path)
    except ValueError:  # a file that the build has not made yet must not take the page down
        return f"/static/{path}"


HERE = "\ue0f0here\ue0f0"  # where a part of every page will have the address of this one


@register.simple_tag(takes_context=True)
def part(context: dict[str, Any], name: str, mark: str = "") -> SafeString:
    """A part of every page (templates/parts), drawn once for each language and look: `{% part "footer" %}`.

    Nothing but `look` and `mark` may stand in it; of them the address of the page, `look.here`, is put in each time.
    """
    look = context.get("look")
    if not look:
        return SafeString(_part(name, mark, None, get_language(), get_script_prefix()))
    kind = look["theme"], look["size"], look["other_language"]
    drawn = _part(name, mark, kind, get_language(), get_script_prefix())
    return SafeString(drawn.replace(HERE, escape(look["here"])))


@cache
def _part(
    name: str, mark: str, kind: tuple[str, str, tuple[str, str]] | None, language: str | None, prefix: str
) -> str:
    """The part with `HERE` in it; the language and where the installation begins are named to be told apart."""
    del language, prefix
    look = {}
    if kind is not None:
        theme, size, other = kind
        look = {"theme": theme, "size": size, "other_language": other, "themes": THEMES.items(), "here": HERE}
    return get_template(f"parts/{name}.html").render({"look": look, "mark": mark})


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file; also right on error pages, when nothing else works."""
    return _asset(path)


@register.simple_tag
@cache
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; with `label` it speaks, without it is decoration. Names: static_src/icons.txt."""
    use = format_html('<use href="{}#{}"></use>', _asset("built/icons.svg"), name)
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}">{}</svg>', label, use)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false">{}</svg>', use)


@register.simple_tag
def shape(tone: str) -> SafeString:
    """The small shape that stands with a meaning: late, soon, done, paused, active, running, quiet."""
    return components.shape(tone)


@register.simple_tag
def arrow(direction: str) -> SafeString:
    """An arrow for up, down or same."""
    return components.outline(ARROWS.get(direction, ARROWS["same"]))


@register.simple_tag
def mark() -> SafeString:
    """The mark of Huiyin: 回, with a way out for the answer."""
    return mark_safe(
        '<svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="3.5" stroke-linejoin="round"'
        ' stroke-linecap="round" aria-hidden="true" focusable="false"><path d="M27 12V7a2 2 0 0 0-2-2H7a2 2 0 0 0'
        '-2 2v18a2 2 0 0 0 2 2h18a2 2 0 0 0 2-2v-1"/><path d="M12.5 12.5h7v7h-7z" fill="currentColor"/>'
        '<path d="M20 18h8"/></svg>'
    )


@register.simple_tag
def badge(tone: str, text: Any) -> SafeString:
    """A word with a shape: tone is late, soon, done, quiet or active."""
    return components.badge(tone, text)


@register.simple_tag
def button(text: Any, kind: str = "", icon_name: str = "", href: str = "", name: str = "", value: str = "",
           key: str = "") -> SafeString:  # fmt: skip
    """A verb to press: kind is primary, late, quiet or nothing; with `href` a link that looks the same."""
    klass = f"button button--{kind}" if kind else "button"
    inner = format_html("{}{}", icon(icon_name), text) if icon_name else format_html("{}", text)
    hot = format_html(' data-key="{}" aria-keyshortcuts="{}"', key, key) if key else ""
    if href:
        return format_html('<a class="{}" href="{}"{}>{}</a>', klass, href, hot, inner)
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html('<button class="{}" type="submit"{}{}>{}</button>', klass, named, hot, inner)


@register.filter
def marks(pieces: Iterable[Any]) -> SafeString:
    """Pieces of a text, those that were looked for marked; whatever stands in them is escaped."""
    return components.marked(pieces)


@register.simple_tag
def options(offered: Iterable[tuple[str, Any]], chosen: str) -> SafeString:
    """The choices of a list, each a value and its words; the chosen one is marked."""
    form = '<option value="{}"{}>{}</option>'
    return put_each(form, ((value, SELECTED[value == chosen], label) for value, label in offered))


SELECTED = {False: mark_safe(""), True: mark_safe(" selected")}


@register.filter
def ago_tag(value: datetime) -> SafeString:
    """3 天前, with the exact time for whoever points at it."""
    return components.ago(value)


@register.filter
def moment_tag(value: datetime) -> SafeString:
    """11 月 28 日（周六）16:05, with the exact time for whoever points at it."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), words.exact(value), words.moment(value)
    )


@register.filter
def day_tag(value: date | datetime) -> SafeString:
    """11 月 28 日（周六）, with the exact time for whoever points at it."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), words.exact(value), words.day(value)
    )


@register.simple_tag
def clock(values: Clock, density: str = "card") -> SafeString:
    """A deadline as a bar with words; density is card, phone or row."""
    return components.clock(values, density)


@register.inclusion_tag("components/turn.html")
def whose_turn(turn: Turn) -> dict:
    """Who holds the matter now."""
    return {"turn": turn}


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[timelines.Event], order: str = "oldest_first") -> dict:
    """What happened, by day; order is oldest_first (citizens) or newest_first (staff)."""
    return {"days": timelines.days(events, order)}


@register.simple_tag
def matter_card(matter: Matter, density: str = "phone") -> SafeString:
    """A matter as a card; density is phone or wall."""
    return components.matter_card(matter, wall=density == "wall")


@register.simple_tag
def matter_row(matter: Matter) -> SafeString:
    """A matter as a table row of six cells; `{% matter_heads %}` gives the matching heads."""
    return components.matter_row(matter)


@register.inclusion_tag("components/matter_heads.html")
def matter_heads() -> dict:
    """The column heads that belong to `{% matter_row %}`."""
    return {}


@register.inclusion_tag("components/figure.html")
def figure(values: Figure) -> dict:
    """A number with its unit, n, interval, trend and definition."""
    return {"figure": values}


@register.inclusion_tag("components/trend.html")
def trend(values: Trend) -> dict:
    """Columns over time, with their table."""
    return {"trend": values}


@register.inclusion_tag("components/chain.html")
def chain(values: Chain) -> dict:
    """With whom a matter lay and how long, with its table."""
    return {"chain": values}


@register.inclusion_tag("components/bars.html")
def bars(values: Bars) -> dict:
    """The largest first, each with its bar."""
    return {"bars": values}


@register.inclusion_tag("components/funnel.html")
def funnel(values: Funnel) -> dict:
    """Units of different size around what all of them reach, between the limits of chance."""
    low, high = values.bounds
    measured = values.measured or _("比率")
    return {"funnel": values, "top": percent(high), "bottom": percent(low), "measured": measured}


@register.filter
def percent(rate: float | None) -> str:
    """A share from 0 to 1 in per cent with one place; a dash for none."""
    return "—" if rate is None else f"{100 * rate:.1f}%"


@register.inclusion_tag("components/receipt.html")
def receipt(values: receipts.Receipt) -> dict:
    """What a citizen takes home."""
    return {"receipt": values, "code": receipts.qr(values.follow_url)}


@register.inclusion_tag("components/form_field.html")
def form_field(field: BoundField, modifier: str = "") -> dict:
    """A form field with label, hint and error; modifier is short or code for narrow ones."""
    kind = _kind(field)
    described = " ".join(
        part
        for part, present in (
            (f"{field.auto_id}_hint", field.help_text),
            (f"{field.auto_id}_error", field.errors),
        )
        if present
    )
    attrs: dict[str, str | bool] = {"aria-describedby": described} if described else {}
    if field.errors:
        attrs["aria-invalid"] = "true"
    if kind == "file":
        attrs["data-preview"] = ""
    return {
        "field": field,
        "kind": kind,
        "described": described,
        "control": "" if kind == "choices" else field.as_widget(attrs=attrs),
        "choices": [choice for choice in field if choice.choice_label] if kind == "choices" else (),
        "optional": not field.field.required
        and kind != "lone"
        and not getattr(field.field, "one_of_two", False),
        "modifier": f" field--{modifier}" if modifier else "",
    }


def _kind(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "lone"
    return "file" if isinstance(widget, FileInput) else "text"


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Form) -> dict:
    """All errors of a form, each a link to its field."""
    return {"form": form}


@register.inclusion_tag("components/empty.html")
def empty(title: Any, text: Any = "", action: Any = "", url: str = "", icon: str = "inbox") -> dict:
    """An empty place that says what will be here and how it comes."""
    return {"title": title, "text": text, "action": action, "url": url, "icon": icon}


@register.inclusion_tag("components/pager.html")
def pager(earlier: str = "", later: str = "", shown: int = 0, total: Any = "") -> dict:
    """Links to earlier and later rows, by key."""
    return {"earlier": earlier, "later": later, "shown": shown, "total": total}


@register.inclusion_tag("components/steps.html")
def steps(step: int, of: int, label: Any = "") -> dict:
    """第 2 步，共 4 步."""
    dots = ["is-past" if n < step else "is-now" if n == step else "" for n in range(1, of + 1)]
    return {"step": step, "of": of, "label": label, "dots": dots}


@register.inclusion_tag("components/flash.html")
def flash(text: Any, tone: str = "quiet") -> dict:
    """A message across the page; tone also takes the level names of Django's messages."""
    tones = {"success": "done", "error": "late", "warning": "soon", "info": "quiet", "debug": "quiet"}
    return {"text": text, "tone": tones.get(tone, tone)}


@register.inclusion_tag("components/facts.html")
def facts(pairs: Sequence[tuple[Any, Any]]) -> dict:
    """Label and value pairs; empty values are left out."""
    return {"pairs": [(label, value) for label, value in pairs if value not in ("", None)]}


@register.inclusion_tag("components/data_table.html")
def data_table(caption: Any, columns: Sequence[dict], rows: Iterable[Sequence[Any]]) -> dict:
    """A table of figures with a sticky head; on a phone each row becomes a small list."""
    return {"caption": caption, "columns": columns, "rows": [_cells(columns, row) for row in rows]}


def _cells(columns: Sequence[dict], row: Sequence[Any]) -> list[dict]:
    return [
        {**column, **(cell if isinstance(cell, dict) else {"text": cell})}
        for column, cell in zip(columns, row, strict=True)
    ]


@register.inclusion_tag("components/confirm.html", takes_context=True)
def confirm(context: template.Context, question: Any, verb: Any, back: str, consequences: Sequence[Any] = (),
            tone: str = "primary", action: str = "", kept: dict | None = None) -> dict:  # fmt: skip
    """Ask before an act that is hard to undo; the form sends `confirmed=1` and what is in `kept`."""
    return {
        "csrf_token": context.get("csrf_token"),
        "question": question,
        "verb": verb,
        "back": back,
        "consequences": consequences,
        "tone": tone,
        "action": action,
        "kept": kept or {},
    }


@register.inclusion_tag("components/key_list.html")
def key_list(keys: Sequence[tuple[str, Any]] = ()) -> dict:
    """The keys of a page: those that every list has, and the page's own."""
    common = [
        ("j", _("下一条")),
        ("k", _("上一条")),
        ("Enter", _("打开")),
        ("/", _("搜索")),
        ("?", _("显示这张表")),
    ]
    return {"keys": [*common, *keys]}


@register.inclusion_tag("components/draft_note.html")
def draft_note() -> dict:
    """Says that the form is kept on this device."""
    return {}
