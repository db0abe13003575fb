"""The star over which figures are counted: a few wide tables of codes, days and numbers, without any text or person.

Facts carry the keys of their region, unit and category, and the day of receipt of their matter, so that every figure
can be cut by the same dimensions in one reading. Reports 举报 are in none of these tables (decision 0018).
"""

from collections.abc import Mapping
from dataclasses import dataclass

LEVELS = ("province", "city", "county", "street", "community", "grid")


@dataclass(frozen=True)
class Column:
    """A column: its type in the words of Ibis, and what it says."""

    type: str
    says: str


def _c(type: str, says: str) -> Column:
    return Column(type, says)


# What every fact knows of its matter.
COMMON: Mapping[str, Column] = {
    "received_on": _c("date", "local day of receipt of the matter"),
    "nature": _c("string", "nature of the matter, as cases.Case.Nature"),
    "channel": _c("string", "way in, as cases.Case.Channel"),
    "door": _c("string", "door of the front desk, empty for none"),
    "region_id": _c("int64", "regions.key of the matter"),
    "unit_id": _c("int64", "units.key of the unit that answered first; of a merged matter, its parent's"),
    "category_id": _c("int64", "categories.key, null until somebody files the matter"),
    "accused": _c("boolean", "a unit or a person is complained of in it by name: units must not count it"),
}

OMITTED = _c(
    "boolean", "its matter, or the one into which that was merged, is left out of this unit's assessment"
)
TABLES: Mapping[str, Mapping[str, Column]] = {
    "matters": {
        "key": _c("int64", "one row a matter"),
        "number": _c("string", "case number, by which a figure leads to its matters"),
        **COMMON,
        "track": _c("string", "track of handling"),
        "urgency": _c("string", "urgency"),
        "headcount": _c("int64", "people who brought it 人次"),
        "state": _c("string", "state now, as cases.states.Case"),
        "received_at": _c("timestamp", "moment of receipt, UTC"),
        "answered_at": _c("timestamp", "moment of the first answer that was let out, UTC"),
        "ended_at": _c("timestamp", "moment of its end, UTC"),
        "ended_on": _c("date", "local day of its end"),
        "due_at": _c("timestamp", "limit of the present round, UTC"),
        "open": _c("boolean", "not ended"),
        "waiting": _c("boolean", "open, and somebody still waits for an answer"),
        "concluded": _c("boolean", "ended otherwise than withdrawn; a merged matter as its parent"),
        "took_days": _c("float64", "days of 24 hours from receipt to the first answer"),
        "rounds": _c("int64", "rounds it has gone through"),
    },
    "rounds": {
        "key": _c("int64", "one row a round of a matter"),
        "matter": _c("int64", "matters.key"),
        **COMMON,
        "number": _c("int64", "the how-manieth"),
        "cause": _c("string", "why it began, as cases.Round.Cause"),
        "told": _c("boolean", "its answer was told"),
        "told_at": _c("timestamp", "moment of telling, UTC"),
        "on_time": _c("boolean", "told within the limit that its clock ran under"),
        "due_at": _c("timestamp", "the running limit of a round that still waits, UTC; null for all others"),
        "extended": _c("boolean", "its limit was prolonged"),
        "policy": _c("string", "code of the policy of its clock"),
        "policy_kind": _c("string", "unit of the limit: hours, working or calendar days"),
        "policy_amount": _c("int64", "the limit"),
        "policy_basis": _c("string", "its legal basis"),
    },
    "orders": {
        "key": _c("int64", "one row an order to a unit; unit_id is the unit that got it"),
        "matter": _c("int64", "matters.key"),
        **COMMON,
        "part": _c("string", "lead or assist"),
        "state": _c("string", "state now, as cases.states.Order"),
        "post_id": _c("int64", "post in charge"),
        "omitted": OMITTED,
        "sent_at": _c("timestamp", "UTC"),
        "due_at": _c("timestamp", "its limit, UTC"),
        "sign_until": _c("timestamp", "until when it is to be signed or objected to, UTC"),
        "signed": _c("boolean", "somebody of the unit signed it"),
        "signed_in_time": _c("boolean", "before that moment"),
        "answered": _c("boolean", "answered"),
        "in_time": _c("boolean", "answered within the limit that its clock ran under"),
        "on_time": _c("boolean", "answered before it was due"),
        "objected": _c("boolean", "the unit objected to it"),
        "returned": _c("boolean", "its answer was returned to be done again"),
    },
    "answers": {
        "key": _c("int64", "one row an answer given by a unit, let out or not; unit_id is that unit"),
        "matter": _c("int64", "matters.key"),
        **COMMON,
        "post_id": _c("int64", "post that gave it, null for none"),
        "omitted": OMITTED,
        "given_at": _c("timestamp", "UTC"),
        "lead": _c("boolean", "to an order as the leading unit, or to none"),
        "redone": _c("boolean", "returned, or followed by a round for review or because nothing was solved"),
        "again": _c("boolean", "followed by a round in which the matter was opened again"),
    },
    "evaluations": {
        "key": _c("int64", "one row a rating of a round by a party"),
        "matter": _c("int64", "matters.key"),
        **COMMON,
        "judged_id": _c("int64", "units.key of the unit that the rating is about"),
        "omitted": OMITTED,
        "round": _c("int64", "the how-manieth round"),
        "rated_at": _c("timestamp", "moment of the rating, UTC"),
        "rated_on": _c("date", "local day of the rating; it counts for the period in which its matter came"),
        "how": _c("string", "by themselves, or at a call-back"),
        "contacted": _c("boolean", "somebody spoke with them"),
        "solved": _c("string", "yes, partly, no"),
        "satisfied": _c("int64", "grade 1 to 5; 3 is 基本满意"),
    },
    "exclusions": {
        "key": _c("int64", "one row a matter left out of a unit's assessment 剔除; unit_id is that unit"),
        "matter": _c("int64", "matters.key"),
        **COMMON,
        "clause": _c("string", "rule that allows it"),
        "decided_on": _c("date", "local day of the second approval"),
    },
    "regions": {
        "key": _c("int64", "one row a region of any time"),
        "code": _c("string", ""),
        "name": _c("string", ""),
        "name_en": _c("string", ""),
        "level": _c("string", "as organisation.Region.Level"),
        "path": _c("string", "codes from the root: /root/…/code/"),
        "population": _c("int64", ""),
        "valid_from": _c("date", ""),
        "valid_to": _c("date", "last day"),
        "successor": _c("int64", "regions.key of what took its place"),
        **{level: _c("int64", f"regions.key of the {level} in which it lies, or itself") for level in LEVELS},
    },
    "units": {
        "key": _c("int64", "one row a unit of any time"),
        "code": _c("string", ""),
        "name": _c("string", "short name if it has one"),
        "name_en": _c("string", ""),
        "kind": _c("string", "as organisation.Unit.Kind"),
        "path": _c("string", "codes from the root"),
        "region_id": _c("int64", "regions.key"),
        "valid_from": _c("date", ""),
        "valid_to": _c("date", "last day"),
        "successor": _c("int64", "units.key of what took its place"),
    },
    "categories": {
        "key": _c("int64", "one row a category of any time"),
        "code": _c("string", ""),
        "name": _c("string", ""),
        "name_en": _c("string", ""),
        "path": _c("string", "codes from the root"),
        "top": _c("int64", "categories.key of the first of its path"),
        "valid_from": _c("date", ""),
        "valid_to": _c("date", "last day"),
        "successor": _c("int64", "categories.key of what took its place"),
    },
    "dates": {
        "day": _c("date", "every day from the first receipt to the last"),
        "month": _c("string", "2026-11"),
        "quarter": _c("string", "2026-Q4"),
        "year": _c("string", "2026"),
        "assessed": _c("string", "month of assessment, from the 19th of the month before to the 18th"),
    },
}
FACTS = ("matters", "rounds", "orders", "answers", "evaluations", "exclusions")
DIMENSIONS = ("regions", "units", "categories", "dates")
