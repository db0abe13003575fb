"""群众评议台账 as page and file, and what people say of the representatives, ten by ten."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT, Role
from huiyin.cases.paging import number_of
from huiyin.cases.sheets import as_csv
from huiyin.evaluation import book as ratings
from huiyin.evaluation import remarks as written
from huiyin.evaluation import representatives as rated
from huiyin.kernel import clock
from huiyin.web.navigation import way_back
from huiyin.web.spans import mean, share
from huiyin.web.staff import staff
from huiyin.web.words import day, moment

EARLIEST = 2000
LATEST = 9999  # its last month has no day after it


@staff(*ratings.READERS)
def book(request: HttpRequest) -> HttpResponse:
    """One month: each matter that a representative brought in, with both grades."""
    by: Any = request.actor  # type: ignore[attr-defined]
    month = _month(request.GET.get("month", ""))
    lines, older = ratings.page(by, month=month, before=request.GET.get("before", ""))
    named = f"{month:%Y-%m}"
    values = {
        "back": way_back(by.role),
        "month": named,
        "columns": [{"label": label} for label in _heads()],
        "rows": [_cells(line) for line in lines],
        "older": f"?{urlencode({'month': named, 'before': older})}" if older else "",
        "first": f"?{urlencode({'month': named})}" if request.GET.get("before") else "",
    }
    return render(request, "supervisor/book.html", values)


@staff(*ratings.READERS)
def file(request: HttpRequest) -> HttpResponse:
    """The month as CSV; that it was taken is on record."""
    month = _month(request.GET.get("month", ""))
    lines = ratings.take_out(request.actor, month=month)  # type: ignore[attr-defined]
    response = HttpResponse(
        as_csv([str(head) for head in _heads()], [_plain(line) for line in lines]),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="ratings-{month:%Y-%m}.csv"'
    return response


@staff(*OVERSIGHT, Role.REPRESENTATIVE)
def representatives(request: HttpRequest) -> HttpResponse:
    """Each representative and each studio; a representative reads their own."""
    by: Any = request.actor  # type: ignore[attr-defined]
    each, studios = rated.told(by)
    heads = [_("评价人数"), _("满意和非常满意"), _("平均分")]
    figures = [{"label": label, "figures": True} for label in heads]
    values = {
        "own": by.role == Role.REPRESENTATIVE,
        "may_read_words": by.role == Role.SUPERVISOR,
        "full": rated.FULL,
        "columns": [{"label": _("代表")}, {"label": _("工作室")}, *figures],
        "rows": [[one.name, one.unit, *_figures(one)] for one in each],
        "studio_columns": [{"label": _("工作室")}, *figures],
        "studios": [[one.name, *_figures(one)] for one in studios],
    }
    return render(request, "supervisor/representatives.html", values)


@staff(Role.SUPERVISOR)
def remarks(request: HttpRequest) -> HttpResponse:
    """What was written of the representatives, apart from the grades."""
    by: Any = request.actor  # type: ignore[attr-defined]
    rows, older = written.page(by, before=number_of(request.GET.get("before", "")))
    return render(request, "supervisor/remarks.html", {"rows": rows, "older": older, "full": rated.FULL})


def _month(text: str) -> date:
    """The month asked for; the present one for anything else."""
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        asked = clock.local_date(clock.now())
    return asked if EARLIEST <= asked.year < LATEST else clock.local_date(clock.now())


def _heads() -> list[str]:
    return [
        _("编号"),
        _("标题"),
        _("轮次"),
        _("告知"),
        _("承办单位"),
        _("代表"),
        _("工作室"),
        _("代表评"),
        _("群众评"),
    ]


def _cells(line: ratings.Line) -> list[Any]:
    url = reverse("cases:case", args=[line.number])
    return [
        {"text": line.number, "url": url},
        line.title,
        line.round,
        day(line.told_at),
        line.unit,
        line.representative,
        line.studio,
        _graded(line.of_representative),
        _graded(line.of_residents),
    ]


def _plain(line: ratings.Line) -> list[Any]:
    return [
        line.number, line.title, line.round, moment(line.told_at), line.unit, line.representative, line.studio,
        _graded(line.of_representative), _graded(line.of_residents),
    ]  # fmt: skip


def _graded(grades: Any) -> str:
    words = [_("%(solved)s %(n)d 分") % {"solved": solved, "n": grade} for solved, grade in grades]
    return "；".join(words) or _("没有评")


def _figures(one: rated.Told) -> list[Any]:
    if not one.n:
        return [_("不满 %(full)d 人") % {"full": rated.FULL}, "—", "—"]
    return [one.n, share(one.content, one.n), mean(one.grades, one.n)]
