"""What a profile says of categories and reasons, as it comes into the database; and what is too long for it."""

from datetime import date

import pytest

from huiyin.cases.models import Category, Reason
from huiyin.cases.profile import load_categories, load_reasons
from huiyin.kernel.loads import Load
from huiyin.kernel.tables import BadTable, Row

pytestmark = pytest.mark.django_db
REASON = {
    "kind": "decline",
    "code": "decline-1",
    "text": "超出职责",
    "basis": "《某条例》第十一条",
    "route": "请向法院起诉",
    "valid_from": "2004-01-01",
    "valid_to": "2030-12-31",
}
CATEGORY = {"code": "water", "name": "供水", "name_en": "Water", "facets": "society | pipes ||"}


def rows(*cells):
    return [Row(file="table.csv", line=line, cells=each) for line, each in enumerate(cells, start=2)]


def test_a_reason_keeps_every_column():
    load_reasons(rows(REASON), into=Load())
    row = Reason.objects.get()
    assert (row.kind, row.code, row.text, row.basis) == (
        "decline",
        "decline-1",
        "超出职责",
        "《某条例》第十一条",
    )
    assert (row.route, row.valid_from, row.valid_to) == ("请向法院起诉", date(2004, 1, 1), date(2030, 12, 31))


def test_a_reason_needs_no_route_and_no_dates():
    load_reasons(rows({**REASON, "route": "", "valid_from": "", "valid_to": ""}), into=Load())
    row = Reason.objects.get()
    assert (row.route, row.valid_from, row.valid_to) == ("", None, None)


@pytest.mark.parametrize(
    ("column", "bad"),
    [("kind", "gossip"), ("code", ""), ("code", "c" * 41), ("text", ""), ("text", "长" * 201),
     ("basis", ""), ("basis", "长" * 201), ("route", "长" * 201)],
)  # fmt: skip
def test_a_bad_reason_is_named_by_file_line_and_column(column, bad):
    with pytest.raises(BadTable) as caught:
        load_reasons(rows(REASON, {**REASON, "code": "decline-2", column: bad}), into=Load())
    assert len(caught.value.rows) == 1 and "table.csv" in caught.value.rows[0]
    assert "3" in caught.value.rows[0] and column in caught.value.rows[0]
    assert not Reason.objects.exists()


def test_the_longest_of_each_still_goes_in():
    longest = {"code": "c" * 40, "text": "长" * 200, "basis": "长" * 200, "route": "长" * 200}
    load_reasons(rows({**REASON, **longest}), into=Load())
    assert Reason.objects.get().route == "长" * 200


def test_a_category_keeps_its_names_and_its_facets_and_all_codes_come_back():
    below = {"code": "pipe", "name": "水管", "parent": "water"}
    assert load_categories(rows(CATEGORY, below), into=Load()) == {"water", "pipe"}
    top, leaf = Category.objects.order_by("path")
    assert (top.name, top.name_en, top.facets, top.path) == ("供水", "Water", ["society", "pipes"], "/water/")
    assert (leaf.name_en, leaf.facets, leaf.parent, leaf.path) == ("", [], top, "/water/pipe/")


@pytest.mark.parametrize(
    ("column", "bad"),
    [("name", ""), ("name", "长" * 61), ("name_en", "e" * 121), ("facets", "f" * 201), ("code", "c" * 21),
     ("parent", "nowhere"), ("valid_to", "gestern")],
)  # fmt: skip
def test_a_bad_category_is_named(column, bad):
    with pytest.raises(BadTable) as caught:
        load_categories(rows({**CATEGORY, column: bad}), into=Load())
    assert column in caught.value.rows[0] and not Category.objects.exists()


def test_the_longest_names_of_a_category_still_go_in():
    longest = {"code": "c" * 20, "name": "长" * 60, "name_en": "e" * 120, "facets": "f" * 200}
    load_categories(rows({**CATEGORY, **longest}), into=Load())
    assert Category.objects.get().facets == ["f" * 200]
