"""Every list of the office, with each of its filters and orders, is read from an index, on either database."""

import json
import re
from datetime import UTC, datetime
from functools import partial
from itertools import count as numbers

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.cases import access, choices, queries
from huiyin.cases.models import Party
from huiyin.kernel import composed
from huiyin.web.desk import views as desk
from huiyin.web.desk.lists import FilterForm, Tab, counted
from huiyin.web.desk.lists import wanted as wanted_of
from huiyin.web.supervisor import views as supervisor
from huiyin.web.unit import views as unit

pytestmark = pytest.mark.django_db

KEY = {  # a row far down each order
    "due": f"{datetime(2026, 11, 1, tzinfo=UTC).isoformat()}~7",
    "newest": "7",
    "received": "2026-11-01~7",
    "urgent": f"1~{datetime(2026, 11, 1, tzinfo=UTC).isoformat()}~7",
}
FILTERS = {
    "": {},
    "urgent first": {"urgent_first": "on"},
    "late": {"late": "on"},
    **{f"nature {code}": {"nature": code} for code, _label in choices.NATURES[:1]},
    **{f"urgency {code}": {"urgency": code} for code, _label in choices.URGENCIES[:1]},
    "place": {"region": "shiqiao"},
    "unit": {"unit": "chengguan"},
    "category": {"category": "city-noise-night"},
    "days": {"since": "2026-10-01", "until": "2026-10-31"},
    "a day and a place": {"until": "2026-10-31", "region": "shiqiao"},
    "rare": {"nature": "praise", "urgency": "immediate", "region": "yinxing", "late": "on"},
}
LISTS = [
    *(pytest.param("clerk", FilterForm, tab, id=f"desk-{tab.name}") for tab in desk.TABS),
    *(
        pytest.param("supervisor", supervisor.WatchForm, tab, id=f"watch-{tab.name}")
        for tab in supervisor.TABS
    ),
]
# Marks that hang on few rows of another table: the database begins with those, and sorts them.
FEW = ("objected", "extension", "owed", "awaited", "asked", "whistle")
# Turned off, PostgreSQL still does these where nothing else is possible; of empty tables it would choose them freely.
AVOIDABLE = ("enable_seqscan", "enable_sort", "enable_incremental_sort", "enable_bitmapscan")
NAMES = numbers()  # of statements that are prepared
BIG = ("cases_case", "cases_order", "cases_round", "deadlines_clock", "cases_notice", "cases_party")


def in_order(who: str, tab: Tab, told: dict) -> bool:
    """Whether the rows must come from an index in their order: on PostgreSQL always, but for marks of few rows.

    SQLite knows no numbers of rows, and may sort what an index has narrowed; not the desk's own lists of a state.
    """
    if connection.vendor == "postgresql":
        return tab.mark not in FEW
    return who == "clerk" and not told and not tab.mark


def statements(ask) -> list[str]:
    """The statements that read cases or orders when this is asked."""
    with CaptureQueriesContext(connection) as seen:
        ask()
    return [each["sql"] for each in seen if re.search(r'FROM "cases_(case|order)"', each["sql"])]


def lasting(ask, monkeypatch) -> list[str]:
    """The same statements as PostgreSQL keeps a plan for them, whatever the numbers; on SQLite the statements."""
    if connection.vendor != "postgresql":
        return statements(ask)
    kept, bound = [], composed._binding

    class Kept:
        """The cursor, and what was asked of it."""

        def __enter__(self):
            self.cursor = bound()
            return self

        def __exit__(self, *_fault):
            self.cursor.close()

        def execute(self, sql, values):
            marks = iter(range(1, len(values) + 1))
            text = composed.MARK.sub(lambda mark: "%" if mark[0] == "%%" else f"${next(marks)}", sql)
            kept.append((text, values))
            return self.cursor.execute(sql, values)

        def fetchall(self):
            return self.cursor.fetchall()

    with monkeypatch.context() as patched:
        patched.setattr(composed, "_binding", Kept)
        ask()
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        for text, values in kept:
            name = f"kept_{next(NAMES)}"
            cursor.execute(f"PREPARE {name} AS {text.replace('%', '%%')}", [])
            filled = ", ".join(["%s"] * len(values))
            found.append(cursor.mogrify(f"EXECUTE {name}" + (f" ({filled})" if values else ""), values))
    return found


def faults(statement: str, *, ordered: bool = True) -> list[str]:
    """What is wrong with how the database would do it: a whole table read, or, where it has to be ordered, sorted."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in AVOIDABLE:
                cursor.execute(f"SET LOCAL {way} = off")
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
            plan = cursor.fetchone()[0]
            plan = json.loads(plan) if isinstance(plan, str) else plan
            return [each for each in _faults(plan[0]["Plan"]) if ordered or "Sort" not in each]
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        steps = [row[3] for row in cursor.fetchall()]
    scans = [step for step in steps if re.match(rf"SCAN ({'|'.join(BIG)})\b", step) and "INDEX" not in step]
    sorts = [step for step in steps if step == "USE TEMP B-TREE FOR ORDER BY"]
    return scans + sorts if ordered or (scans and sorts) else []  # a walk along the keys is no scan


def _faults(plan: dict):
    """Whole tables read, and what is sorted before the first rows of it are taken."""
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in BIG:
        yield f"Seq Scan on {plan['Relation Name']}"
    for below in plan.get("Plans", ()):
        if plan["Node Type"] == "Limit" and "Sort" in below["Node Type"]:
            yield f"{below['Node Type']} by {below['Sort Key']}"
        yield from _faults(below)


@pytest.mark.parametrize(("who", "form", "tab"), LISTS)
def test_a_list_is_read_from_an_index_whatever_narrows_it(cast, who, form, tab: Tab, rf, monkeypatch):
    by, found = getattr(cast, who), {}
    for name, told in FILTERS.items():
        request = rf.get("/", told)
        asked = wanted_of(request, tab, form(request.GET, within=cast.town.path))
        for side in ({}, {"after": KEY[asked.order]}, {"before": KEY[asked.order]}):
            wanted = queries.Wanted(**{**vars(asked), **side})
            for statement in lasting(lambda wanted=wanted: queries.listing(by, wanted), monkeypatch):
                wrong = faults(statement, ordered=in_order(who, tab, told))
                found |= {f"{name} {side}": (wrong, statement)} if wrong else {}
    assert not found


@pytest.mark.parametrize("tab", [pytest.param(tab, id=tab.name) for tab in unit.TABS])
def test_the_orders_of_a_unit_too(cast, tab, monkeypatch):
    found = {}
    for order in dict.fromkeys((tab.order, "urgent" if tab.order == "due" else tab.order)):
        for side in ({}, {"after": KEY[order]}, {"before": KEY[order]}):
            wanted = queries.Wanted(states=tab.states, order=order, **side)
            for statement in lasting(partial(queries.orders_listing, cast.handler, wanted), monkeypatch):
                wrong = faults(statement)
                found |= {f"{order} {side}": (wrong, statement)} if wrong else {}
    assert not found


def test_what_stands_on_the_tabs_is_counted_from_indexes_and_never_beyond_the_bound(cast, monkeypatch):
    asked = [
        (queries.counts, cast.clerk, counted(desk.TABS)),
        (queries.order_counts, cast.handler, counted(unit.TABS)),
    ]
    for count, by, lists in asked:
        [statement] = statements(lambda count=count, by=by, lists=lists: count(by, lists))
        [kept] = lasting(lambda count=count, by=by, lists=lists: count(by, lists), monkeypatch)
        assert not faults(kept, ordered=False)
        assert statement.count("LIMIT 100)") == statement.count("COUNT(*)") > 2


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite looks at the parties of one case after another"
)
def test_who_is_complained_of_without_a_name_is_found_without_reading_all_parties():
    """PostgreSQL gathers them beforehand, for every list of those who oversee."""
    with CaptureQueriesContext(connection) as seen:
        list(Party.objects.filter(role="respondent", unit=None, private__isnull=False).values("case"))
    assert not faults(seen[0]["sql"])


def test_a_list_without_an_index_would_be_found_out(cast):
    ask = access.visible(cast.clerk).filter(held_since=None).order_by("headcount")
    [statement] = statements(lambda: list(ask[:26]))
    assert faults(statement)
