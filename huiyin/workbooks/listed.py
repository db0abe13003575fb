"""Lists in workbooks: the matters or orders of a period that the reader may see, as in files of lists."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases import exporting, queries, states
from huiyin.cases.models import Case
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Region
from huiyin.workbooks.filling import Said
from huiyin.workbooks.spans import Span

DAY = timedelta(days=1)
MOST_LINES = 20_000  # of a block; a longer list is a file of its own
LISTS = {"case": exporting.Export.Of.CASES, "order": exporting.Export.Of.ORDERS}


def rows(by: Actor, block: str, span: Span, cuts: Sequence[tuple[str, str]]) -> Sequence[Any]:
    """The rows, in the order in which they came. Raises Refused for more than a block takes."""
    told = dict(cuts)
    region = Region.objects.filter(code=told.get("region", "")).first()
    wanted = queries.Wanted(
        states=(states.Case.OPEN if block == "case" else states.Order.OPEN) if told.get("open") else (),
        nature=told.get("nature", ""),
        region_path=region.path if region else "",
        category=told.get("category", ""),
        holder=told.get("unit", ""),
        late=bool(told.get("late")),
        since=span.since.isoformat(),
        until=span.until.isoformat(),
    )
    found = exporting.MATCHING[LISTS[block]](by, wanted)
    if block == "case":
        found = found.exclude(nature=Case.Nature.REPORT)
    else:
        begin, end = (datetime.combine(day, time(), clock.zone()) for day in (span.since, span.until + DAY))
        found = found.filter(sent_at__gte=begin, sent_at__lt=end).exclude(case__nature=Case.Nature.REPORT)
    some = list(found.order_by("pk")[: MOST_LINES + 1])
    if len(some) > MOST_LINES:
        raise Refused(
            _("清单超过 %(most)s 行，报表里放不下。请在模板里加条件，或者从清单页导出。")
            % {"most": f"{MOST_LINES:,}"},
            code="workbook_rows",
        )
    return some


def cell(block: str, line: Any, column: str) -> Said:
    """One column of one row."""
    if column == "-1":
        return Said(int(line.key), "number")
    _head, of = exporting.COLUMNS[LISTS[block]][int(column)]
    value = of(line.row)
    return Said(value if value != "" else "", "moment" if isinstance(value, datetime) else "text")
