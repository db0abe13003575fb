"""The file of figures is completed part by part: each renews its own, and says when it was taken."""

from benchmarks.serve import judged, renewed

MACHINE = {
    "processor": "any",
    "at": "2026-11-22T09:00:00+00:00",
    "load": [1],
    "load_before": [1],
    "yardstick_ms": 10,
}


def taken(at: str) -> dict:
    return {**MACHINE, "at": at}


def test_a_part_renews_its_own_figures_and_leaves_the_others():
    first = renewed({}, "intake", {"intake_ratio": 0.1, "intake_statements": 3}, taken("monday"))
    then = renewed(first, "embedded", {"sqlite_intake_per_s": 200.0}, taken("tuesday"))
    again = renewed(then, "intake", {"intake_ratio": 0.21239}, taken("wednesday"))
    assert again["intake_ratio"] == 0.212 and again["sqlite_intake_per_s"] == 200
    assert {part: each["at"] for part, each in again["taken"].items()} == {
        "intake": "wednesday",
        "embedded": "tuesday",
    }
    assert again["machine"] == {"processor": "any"}


def test_what_follows_from_several_sizes_is_worked_out_from_those_that_stand():
    few = {"list_cpu_ms_1e4": 10.0, "list_statements_1e4": 6, "case_page_statements_1e4": 9}
    many = {"list_cpu_ms_1e6": 12.5, "list_statements_1e6": 7, "case_page_statements_1e6": 8}
    first = renewed({}, "lists 1e4", few, taken("monday"))
    assert first["list_statements"] == 6 and "list_growth_1e6" not in first
    both = renewed(first, "lists 1e6", many, taken("tuesday"))
    assert (both["list_statements"], both["case_page_statements"], both["list_growth_1e6"]) == (7, 9, 1.25)


def test_a_gate_is_judged_from_above_or_from_below():
    lines = judged({"intake_cpu_ms": 5.1, "intake_ratio": 0.3, "machine": {}})
    assert [line.split()[:2] for line in lines] == [["FAIL", "intake_cpu_ms"], ["pass", "intake_ratio"]]
