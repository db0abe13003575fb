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
ANSWERING = ("answer", "review")  # the notices that bring what a round answered


class Look:
    """The whole database at one moment, and each case's rows in it."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.clocks = {row["id"]: row for row in rows["Clock"]}
        self.orders = {row["id"]: row for row in rows["Order"]}
        self.cases = {row["id"]: row for row in rows["Case"]}
        self._of: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        for name in (
            "Party",
            "Point",
            "Round",
            "Order",
            "Answer",
            "Notice",
            "Promise",
            "Statement",
            "Instruction",
            "Reminder",
            "Question",
            "Whistle",
            "Suspension",
            "Review",
            "Opinion",
            "Referral",
            "Termination",
            "PeerView",
        ):
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

    def shown(self, clock: int) -> Any:
        """What has to be shown as due: the due time, or, while a clock stands, the bound of its pause."""
        bounds = [row["until"] for row in self.rows["Pause"]
                  if row["clock_id"] == clock and row["ended_at"] is None]  # fmt: skip
        assert bool(bounds) == (self.clocks[clock]["state"] == "paused") and len(bounds) < 2
        return self.clocks[clock]["due_at"] or bounds[0]

    def require_sound(self) -> None:
        """Everything that one look can tell, of every case."""
        for case in self.cases.values():
            subject = f"case:{case['number']}"
            numbers = [row["subject_seq"] for row in self.rows["Event"] if row["subject"] == subject]
            assert numbers == list(range(1, case["version"] + 1))
            self._require_a_holder_and_a_clock(case)
            self._require_orders_and_clocks_agree(case)
            self._require_work_where_the_state_says_so(case)
            self._require_instructions_and_clocks_agree(case)
            self._require_reminders_reach_whose_turn_it_is(case)
            self._require_waiting_and_clocks_agree(case)
            self._require_reviews_lie_with_their_body(case)
            self._require_promises_are_suggestions(case)
            self._require_what_waits_outside(case)
            self._require_views_of_what_stands(case)
            if case["state"] == "closed":
                self._require_answered_and_told(case)

    def _require_a_holder_and_a_clock(self, case: Row) -> None:
        is_open = case["state"] in states.Case.OPEN
        held = [case["holder_unit_id"] is not None, bool(case["holder_role"]), case["held_since"] is not None]
        assert held == [is_open] * 3
        running = [c for c in self.rows["Clock"] if c["subject"] == case["number"] and c["state"] in RUNS]
        assert running or not is_open, f"{case['state']} without a clock"
        present = next(row for row in self.of("Round", case) if row["number"] == case["round"])
        assert case["due_at"] == self.shown(present["clock_id"])
        assert (case["parent_id"] is not None) == (case["state"] == "merged")
        if case["state"] == "merged":
            assert (present["told_at"] is None) == self.runs(present) == (case["ended_at"] is None)
        elif not is_open:
            assert not running and case["ended_at"] and present["ended_at"], f"{case['state']} not ended"

    def _require_orders_and_clocks_agree(self, case: Row) -> None:
        assert case["hopped"] == any(order["state"] == "replaced" for order in self.of("Order", case))
        for order in self.of("Order", case):
            assert (order["state"] in OPEN) == self.runs(order), order["state"]
            assert order["due_at"] == self.shown(order["clock_id"])
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

    def _require_instructions_and_clocks_agree(self, case: Row) -> None:
        for row in self.of("Instruction", case):
            assert (row["state"] == "given") == self.runs(row), row["state"]
            assert row["state"] != "given" or case["state"] in states.Case.OPEN
            assert (
                (row["report"] is None)
                == (row["reported_at"] is None)
                == (row["state"] in ("given", "lapsed"))
            )
            units = {order["unit_id"] for order in self.of("Order", case)}
            assert row["unit_id"] in {case["desk_id"], *units}, (
                "an instruction to a unit that has nothing of it"
            )

    def _require_reminders_reach_whose_turn_it_is(self, case: Row) -> None:
        waiting = [row for row in self.of("Reminder", case) if row["state"] == "given"]
        assert case["reminded_until"] == min((row["act_by"] for row in waiting), default=None)
        at_work = {order["unit_id"] for order in self.of("Order", case) if order["state"] in OPEN}
        awaited = {case["holder_unit_id"], *at_work} if case["state"] in states.Case.OPEN else set()
        awaited |= {row["unit_id"] for row in self.of("Promise", case) if row["state"] == "made"}
        for row in self.of("Reminder", case):
            assert (row["ended_at"] is None) == (row["state"] == "given")
            assert bool(row["act"]) == (row["state"] == "heeded")
            assert row["state"] != "given" or row["unit_id"] in awaited, "a reminder to nobody's turn"

    def _require_waiting_and_clocks_agree(self, case: Row) -> None:
        at_work = case["state"] in ("registered", "accepted", "handling")
        asked = [row for row in self.of("Question", case) if row["state"] == "open"]
        assert at_work or not asked, f"a question stays open in {case['state']}"
        assert sum(row["kind"] == "supplement" for row in asked) < 2, "the petitioner is asked twice at once"
        for row in self.of("Question", case):
            assert row["kind"] == "supplement" or self.runs(row) == (row["state"] == "open")
            assert (row["answer"] is not None) == (row["state"] == "answered")
        for row in self.of("Whistle", case):
            both = (self.orders[row["order_id"]], self.orders[row["called_id"]])
            awaited = at_work and all(order["state"] in OPEN for order in both)
            assert awaited or not self.runs(row), "somebody is still called to a place"
            assert (row["came_at"] is None) == (row["called_says"] is None)
        rests = [row for row in self.of("Suspension", case) if row["state"] == "in_force"]
        assert len(rests) == (case["state"] == "suspended")
        proposed = [row for row in self.of("Suspension", case) if row["state"] == "proposed"]
        assert not proposed or case["state"] == "handling"

    def _require_what_waits_outside(self, case: Row) -> None:
        waits = [row for row in self.of("Referral", case) if row["ended_at"] is None]
        for kind, state in (("outside", "forwarded"), ("elsewhere", "referred")):
            assert len([row for row in waits if row["kind"] == kind]) == (case["state"] == state), kind
        for row in self.of("Referral", case):
            assert (row["clock_id"] is None) == (row["kind"] != "outside")
            no_receipt = row["ended_at"] is None and row["receipt_at"] is None
            assert row["clock_id"] is None or self.runs(row) == no_receipt
        for row in self.of("Termination", case):
            assert row["state"] != "proposed" or case["state"] in states.Case.OPEN
            assert (row["decided_by_id"] is not None) == (row["state"] in ("confirmed", "refused"))
            assert row["state"] != "confirmed" or row["decided_by_id"] != row["proposed_by_id"]

    def _require_reviews_lie_with_their_body(self, case: Row) -> None:
        asked = [row for row in self.of("Review", case) if row["state"] == "asked"]
        assert (case["state"] == "in_review") == (len(asked) == 1) and len(asked) < 2
        for row in asked:
            assert (row["round"], row["unit_id"]) == (case["round"], case["holder_unit_id"])
            assert row["hearing_until"] is None or case["due_at"] is not None
        for row in self.of("Review", case):
            settled = [bool(row["decision"]), row["words"] is not None, row["decided_at"] is not None]
            assert settled == [row["state"] == "decided"] * 3
            orders = {order["unit_id"] for order in self.of("Order", case) if order["round"] < row["round"]}
            assert row["unit_id"] not in orders, "a body reviewed what it had answered itself"
        for row in self.of("Opinion", case):
            states_of_order = self.orders[row["order_id"]]["state"]
            assert states_of_order in ("answered", "approved", "returned", "cancelled")
            assert case["track"] == "petition"
        assert case["finalised_at"] is None or case["state"] != "in_review"

    def _require_work_where_the_state_says_so(self, case: Row) -> None:
        leads = [o for o in self.of("Order", case) if o["part"] == "lead" and o["round"] == case["round"]]
        at_work = [order for order in leads if order["state"] in OPEN]
        assert not at_work or case["state"] in ("accepted", "handling", *states.Case.RESTING)
        led = [order["point_id"] for order in leads if order["state"] in (*OPEN, "answered", "approved")]
        assert len(led) == len(set(led)), "a point has two leads"
        if case["state"] in ("handling", "suspended"):
            assert at_work and set(led) == {point["id"] for point in self.of("Point", case)}
        if case["state"] == "telling":
            assert any(n["about"] in ANSWERING and n["told_at"] is None for n in self.of("Notice", case))

    def _require_promises_are_suggestions(self, case: Row) -> None:
        for promise in self.of("Promise", case):
            assert case["nature"] == "suggestion", "only a suggestion has promises, a report never"
            order = self.orders.get(promise["order_id"])
            assert promise["state"] != "proposed" or (order is not None and order["state"] == "answered")
            assert order is not None or promise["unit_id"] == case["desk_id"], (
                "only the desk promises by itself"
            )
            assert (promise["state"] == "fulfilled") == bool(
                promise["fulfilled_at"] and promise["fulfilment"]
            )
            assert (promise["state"] == "changed") == (promise["successor_id"] is not None)
        for statement in self.of("Statement", case):
            assert (statement["state"] == "owed") == self.runs(statement)
        assert not case["incident"] or case["nature"] != "report"

    def _require_views_of_what_stands(self, case: Row) -> None:
        waiting = [row for row in self.of("PeerView", case) if row["state"] in ("asked", "given")]
        assert all(row["round"] == case["round"] for row in waiting)
        assert not waiting or case["state"] in states.Case.VIEWED
        assert sum(row["state"] == "asked" for row in waiting) <= 1, "one waits at a time"
        desk_and_units = {case["desk_id"], *(order["unit_id"] for order in self.of("Order", case))}
        assert not any(row["unit_id"] in desk_and_units for row in waiting), "none that works on the matter"
        for row in self.of("PeerView", case):
            assert (row["given_at"] is None) == (row["verdict"] == ""), "a view says something"
            assert row["state"] != "departed" or row["reason"], "whoever does not follow says why"

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
            if notice["about"] in ANSWERING and notice["round"] == case["round"]
            and notice["told_at"] and notice["how"] != "lapsed"
        }  # fmt: skip
        parties = [party for party in self.of("Party", case) if party["role"] in Party.TOLD]
        present = next(row for row in self.of("Round", case) if row["number"] == case["round"])
        # Whoever was a party while the answer was being told, and is one still, has been told; the case waits for
        # nobody who only joined by the title, and they find the answer on their page.
        stayed = {
            party["id"]
            for party in parties
            if party["left_at"] is None
            and party["joined_at"] < present["told_at"]
            and party["role"] != "joined"
        }
        assert stayed <= told <= {party["id"] for party in parties}


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
            assert _same(past, look, key, row), f"{key} of an earlier round changed"
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


def _same(past: Mapping[tuple[str, int], Row], look: Look, key: tuple[str, int], row: Row) -> bool:
    """Whether a row of the past is as it was. A request for review that is taken back leads into the round before it:
    then the round's end, and the time for its rating, are what they were while it ran."""
    if key in past:
        return past[key] == row
    now = next(each for each in look.rows[key[0]] if each["id"] == key[1])
    changed = {name for name, value in now.items() if value != row[name]}
    return changed <= ({"ended_at", "end_state", "rating_clock_id"} if key[0] == "Round" else set())


def _earlier_rounds(look: Look) -> Iterable[tuple[tuple[str, int], Row]]:
    """Rounds, orders and answers of earlier rounds, and the clocks that no present round carries on."""
    present = {key: case["round"] for key, case in look.cases.items()}
    carried = {row["clock_id"] for row in look.rows["Round"] if row["number"] == present[row["case_id"]]}
    for name, number in (
        ("Round", "number"),
        ("Order", "round"),
        ("Answer", "round"),
        ("Opinion", "round"),
        ("Review", "round"),
    ):
        for row in look.rows[name]:
            if row[number] < present[row["case_id"]]:
                yield (name, row["id"]), row
                for clock in {row.get("clock_id"), row.get("rating_clock_id")} - carried - {None}:
                    yield ("Clock", clock), look.clocks[clock]
