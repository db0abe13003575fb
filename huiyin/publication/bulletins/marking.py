"""The text of a bulletin: a small part of Markdown, with names in braces that stand for what is bound to it.

Headings (## and ###), paragraphs, lists, **strong**; no HTML, links or pictures: whatever else is typed stays as it
is typed. `{收到}` shows a figure, `{收到:上期}` that of the period before, `{收到:变化}` the difference; `{表:类别:收到,已答复}`
and `{图:月份:收到}`, alone in a paragraph, a table and a chart; `{口径}` the definitions of all that is shown;
`{公开事例}` the published matters of the period; `{二维码}` the way to the public page. A brace is typed as \\{.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from huiyin.kernel.refusals import Refused
from huiyin.publication.bulletins.document import Block, Heading, Items, Paragraph, Run
from huiyin.publication.bulletins.names import BLOCKS, COLUMNS, CUTS, FACTS, WAYS, figure_names, known

PLACEHOLDER = re.compile(r"\{([^{}\n]{1,80})\}")
TYPED = re.compile(r"[0-9０-９][0-9０-９,，.．]*[%％‰]?")
LEVELS = {"h1": 2, "h2": 2, "h3": 3, "h4": 3, "h5": 3, "h6": 3}
# The dimensions of public tables: each by one kind of period, so that no two tables give a small count away.
PUBLIC_CUTS = {
    "month": ("category:top", "month"),
    "year": ("nature", "unit", "month"),
}
MOST_DRAWN = 40  # tables, charts and the like in one text: each is drawn whenever the page is read
Show = Callable[[str, str], str]  # a figure's or a fact's name and the way it is asked for, as words
Draw = Callable[[str, Sequence[str]], Block]  # a block's name and its parts


def parsed(text: str, *, show: Show, draw: Draw) -> list[Block]:
    """The blocks of a text, what stands in braces put in by `show` and `draw`. Raises Refused for an unknown name."""
    return list(_blocks(_markdown().parse(text), show, draw))


def check(text: str, *, audience: str, every: str) -> None:
    """Raises Refused for a name that nothing is known by, a table that the public may not have, and too many."""
    drawn: list[str] = []

    def draw(name: str, parts: Sequence[str]) -> Block:
        drawn.append(name)
        if len(drawn) > MOST_DRAWN:
            raise Refused(
                _("一期里的表、图和二维码一共最多 %(most)d 个。请删去一些。") % {"most": MOST_DRAWN},
                code="too_many_drawn",
            )
        return _checked(name, parts, audience, every)

    parsed(text, show=lambda name, way: "", draw=draw)


def figures_in(text: str) -> list[str]:
    """The names of the figures that a text shows, in order."""
    seen: dict[str, None] = {}
    parsed(
        text,
        show=lambda name, way: seen.setdefault(name) or "",
        draw=lambda name, parts: Paragraph([Run(seen.setdefault(each) or "") for each in parts[1:]]),
    )
    return [name for name in seen if name in figure_names()]


def _checked(name: str, parts: Sequence[str], audience: str, every: str) -> Block:
    if audience == "public" and name in ("table", "chart") and parts[0] not in PUBLIC_CUTS.get(every, ()):
        raise Refused(
            _("公开的简报里，这种周期不能按这一项分开列数：几张表相减会露出小数目。请删去这张表或图。"),
            code="not_public",
        )
    return Paragraph([])


def _markdown() -> MarkdownIt:
    """Only what the docstring names; text that was escaped stays apart, so that \\{ opens no placeholder."""
    found = MarkdownIt("zero", {"maxNesting": 20}).enable(
        ["heading", "list", "emphasis", "escape", "newline"]
    )
    return found.disable("text_join")


def _blocks(tokens: Sequence[Token], show: Show, draw: Draw) -> Iterator[Block]:
    items: list[list[Run]] = []
    depth, heading, numbered = 0, 0, False
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
            numbered = numbered or (depth == 1 and token.type == "ordered_list_open")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            if not depth:
                yield Items(items, numbered=numbered)
                items, numbered = [], False
        elif token.type == "heading_open":
            heading = LEVELS[token.tag]
        elif token.type == "inline":
            runs = list(_runs(token.children or [], show, draw))
            blocks = [each for each in runs if not isinstance(each, Run)]
            words = _joined(each for each in runs if isinstance(each, Run))
            if depth:
                items.append(words)
            elif any(run.text.strip() for run in words):
                yield Heading(heading, words) if heading else Paragraph(words)
            yield from blocks
            heading = 0


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Neighbours of one manner as one, so that a text with many marks is no thousand pieces."""
    found: list[Run] = []
    for run in runs:
        last = found[-1] if found else None
        if last and not run.figure and replace(last, text=run.text) == run:
            found[-1] = replace(last, text=last.text + run.text)
        else:
            found.append(run)
    return found


def _runs(tokens: Sequence[Token], show: Show, draw: Draw) -> Iterator[Any]:
    strong = 0
    for token in tokens:
        if token.type in ("strong_open", "em_open"):
            strong += 1
        elif token.type in ("strong_close", "em_close"):
            strong -= 1
        elif token.type == "text_special":
            yield Run(token.content, strong=strong > 0)
        elif token.type in ("softbreak", "hardbreak"):
            yield Run("\n")
        else:
            yield from _put_in(token.content, strong > 0, show, draw)


def _put_in(text: str, strong: bool, show: Show, draw: Draw) -> Iterator[Any]:
    at = 0
    for found in PLACEHOLDER.finditer(text):
        yield from _plain(text[at : found.start()], strong)
        at = found.end()
        head, *parts = (part.strip() for part in re.split("[:：]", found[1]))
        if block := known(BLOCKS, head):
            yield draw(block, _parts_of(block, parts, found[0]))
            continue
        name, way = _named(head, parts, found[0])
        yield Run(show(name, way), strong=strong, figure=name if name in figure_names().values() else "fact")
    yield from _plain(text[at:], strong)


def _plain(text: str, strong: bool) -> Iterator[Run]:
    """Words, the digits that somebody typed apart."""
    at = 0
    for found in TYPED.finditer(text):
        if found.start() > at:
            yield Run(text[at : found.start()], strong=strong)
        yield Run(found[0], strong=strong, typed=True)
        at = found.end()
    if at < len(text):
        yield Run(text[at:], strong=strong)


def _named(head: str, parts: Sequence[str], whole: str) -> tuple[str, str]:
    """A figure with its way, or a fact. Raises Refused."""
    figure = figure_names().get(head, "")
    if figure and len(parts) < 2:
        way = known(WAYS, parts[0]) if parts else ""
        if not parts or way:
            return figure, way
    fact = known(FACTS, head)
    if fact and not parts:
        return fact, ""
    raise unknown(whole)


def _parts_of(block: str, parts: Sequence[str], whole: str) -> list[str]:
    """The dimension and the columns of a table or chart; nothing else has parts. Raises Refused."""
    if block not in ("table", "chart"):
        if parts:
            raise unknown(whole)
        return []
    if len(parts) != 2:
        raise unknown(whole)
    cut = known(CUTS, parts[0])
    columns = [figure_names().get(each.strip(), "") for each in re.split("[,，、]", parts[1])]
    if not cut or not set(columns) <= set(COLUMNS) or (block == "chart" and len(columns) != 1):
        raise unknown(whole)
    return [cut, *columns]


def literal(text: str) -> str:
    """A text that came from elsewhere, so that nothing in it is read as a mark or a name; each line a paragraph."""
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
    return "\n\n".join(line.strip() for line in escaped.splitlines() if line.strip())


def unknown(whole: str) -> Refused:
    """The refusal of a name in braces."""
    return Refused(
        _("不认识“%(what)s”。能用的名称列在旁边；要写大括号本身，请写 \\{。") % {"what": whole},
        code="placeholder",
    )
