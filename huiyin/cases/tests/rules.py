"""What must hold of every case at every moment, and the memory that tells whether the past has changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from huiyin.cases import states
from huiyin.cases.models import Party

Row = Mapping[str, Any]
Rows = Mapping[str, list[dict[str, Any]]]  # as `roads.everything` gives them
RUNS = ("running", "paused")
OPEN = states.Order.OPEN


class Look:
    """The whole database at one moment, and each case's rows in it."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.clocks = {row["id"]: row for row in rows["Clock"]}
        self.orders = {row["id"]: row for row in rows["Order"]}
        self.cases = {row["id"]: row for row in rows["Case"]}
        self._of: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        for name in ("Party", "Point", "Round", "Order", "Answer", "Notice"):
            for row in rows[name]:
                self._of[name, row["case_id"]].append(row)
        for name in ("Objection", "Extension"):
            for row in rows[name]:
                self._of[name, self.orders[row["order_id"]]["case_id"]].append(row)

    def of(self, name: str, case: Row) -> list[dict[str, Any]]:
        """The case's rows of one kind."""
        return self._of[name, case["id"]]

    def runs(self, row: Row) -> bool:
        """Whether the clock of a row runs or is paused."""
        return self.clocks[row["clock_id"]]["state"] in RUNS

    def require_sound(self) -> None:
        """Everything that one look can tell, of every case."""
        for case in self.cases.values():
            subject = f"case:{case['number']}"
            numbers = [row["subject_seq"] for row in self.rows["Event"] if row["subject"] == subject]
            assert numbers == list(range(1, case["version"] + 1))
            self._require_a_holder_and_a_clock(case)
            self._require_orders_and_clocks_agree(case)
            self._require_work_where_the_state_says_so(case)
            if case["state"] == "closed":
                self._require_answered_and_told(case)

    def _require_a_holder_and_a_clock(self, case: Row) -> None:
        is_open = case["state"] in states.Case.OPEN
        held = [case["holder_unit_id"] is not None, bool(case["holder_role"]), case["held_since"] is not None]
        assert held == [is_open] * 3
        running = [c for c in self.rows["Clock"] if c["subject"] == case["number"] and c["state"] in RUNS]
        assert running or not is_open, f"{case['state']} without a clock"
        present = next(row for row in self.of("Round", case) if row["number"] == case["round"])
        assert case["due_at"] == self.clocks[present["clock_id"]]["due_at"]
        assert (case["parent_id"] is not None) == (case["state"] == "merged")
        if case["state"] == "merged":
            assert (present["told_at"] is None) == self.runs(present) == (case["ended_at"] is None)
        elif not is_open:
            assert not running and case["ended_at"] and present["ended_at"], f"{case['state']} not ended"

    def _require_orders_and_clocks_agree(self, case: Row) -> None:
        for order in self.of("Order", case):
            assert (order["state"] in OPEN) == self.runs(order), order["state"]
            assert order["due_at"] == self.clocks[order["clock_id"]]["due_at"]
            assert order["unit_id"] and order["person_id"] and order["basis"]
            assert order["state"] not in OPEN or order["round"] == case["round"]
        for objection in self.of("Objection", case):
            objected = self.orders[objection["order_id"]]["state"] == "objected"
            assert (objection["state"] == "open") == objected == self.runs(objection) or objection[
                "state"
            ] != "open"
            assert (objection["state"] == "open") == self.runs(objection)
        for extension in self.of("Extension", case):
            assert extension["state"] != "asked" or self.orders[extension["order_id"]]["state"] in OPEN

    def _require_work_where_the_state_says_so(self, case: Row) -> None:
        leads = [o for o in self.of("Order", case) if o["part"] == "lead" and o["round"] == case["round"]]
        at_work = [order for order in leads if order["state"] in OPEN]
        assert not at_work or case["state"] in ("accepted", "handling")
        led = [order["point_id"] for order in leads if order["state"] in (*OPEN, "answered", "approved")]
        assert len(led) == len(set(led)), "a point has two leads"
        if case["state"] == "handling":
            assert at_work and set(led) == {point["id"] for point in self.of("Point", case)}
        if case["state"] == "telling":
            assert any(n["about"] == "answer" and n["told_at"] is None for n in self.of("Notice", case))

    def _require_answered_and_told(self, case: Row) -> None:
        points = self.of("Point", case)
        assert all(point["outcome"] for point in points)
        answers = [
            a for a in self.of("Answer", case) if a["round"] == case["round"] and a["state"] == "approved"
        ]
        assert {a["point_id"] for a in answers} == {point["id"] for point in points}
        told = {
            notice["party_id"]
            for notice in self.of("Notice", case)
            if (notice["about"], notice["round"]) == ("answer", case["round"])
            and notice["told_at"] and notice["how"] != "lapsed"
        }  # fmt: skip
        assert told == {party["id"] for party in self.of("Party", case) if party["role"] in Party.TOLD}


class Memory:
    """Remembers what may not change any more, and checks it at every look."""

    def __init__(self) -> None:
        self.past: dict[tuple[str, int], Row] = {}
        self.stopped: dict[int, Row] = {}
        self.citizens: dict[int, tuple] = {}

    def compare(self, look: Look) -> None:
        """Compare with the last look, and remember what has become past since."""
        past = dict(_earlier_rounds(look))
        for key, row in self.past.items():
            assert past.get(key) == row, f"{key} of an earlier round changed"
        stopped = {row["id"]: row for row in look.rows["Clock"] if row["state"] == "stopped"}
        assert all(stopped.get(key) == row for key, row in self.stopped.items()), "a stopped clock moved"
        citizens = {
            row["id"]: (row["clock_id"], look.clocks[row["clock_id"]]["started_at"])
            for row in look.rows["Round"]
        }
        assert all(citizens[key] == clock for key, clock in self.citizens.items()), (
            "a citizen's clock was replaced"
        )
        self.past, self.stopped, self.citizens = past, stopped, citizens


def _earlier_rounds(look: Look) -> Iterable[tuple[tuple[str, int], Row]]:
    """Rounds, orders and answers of earlier rounds, and the clocks that no present round carries on."""
    present = {key: case["round"] for key, case in look.cases.items()}
    carried = {row["clock_id"] for row in look.rows["Round"] if row["number"] == present[row["case_id"]]}
    for name, number in (("Round", "number"), ("Order", "round"), ("Answer", "round")):
        for row in look.rows[name]:
            if row[number] < present[row["case_id"]]:
                yield (name, row["id"]), row
                for clock in {row.get("clock_id"), row.get("rating_clock_id")} - carried - {None}:
                    yield ("Clock", clock), look.clocks[clock]
