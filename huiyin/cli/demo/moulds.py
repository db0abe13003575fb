"""A history that walked through the acts becomes a mould: read once, and cast anew with other keys, days and seals.

What a cast keeps: who did what in which order, every word, and every count of working days. A history moves only to
days whose pattern of working days is the same (a twin of its days in the calendar), so that each deadline falls
where the act would have set it. Events are built by the ledger's own writer, from the mould's facts.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from random import Random
from typing import Any

from django.apps import apps
from django.db import models

from huiyin.cases.models import Attachment, Case, Party
from huiyin.cases.queries import EVENT_PREFIX
from huiyin.cli.demo.elsewhere import Elsewhere
from huiyin.deadlines.models import Clock, Policy
from huiyin.kernel import bulk, clock, identifiers
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import Sealed, SealedTextField, blind_index
from huiyin.ledger import writing
from huiyin.ledger.canonical import GENESIS
from huiyin.ledger.models import Event
from huiyin.people.models import ContactMeasure, Person
from huiyin.supervision.entries.models import Inspection, LedgerEntry

Model = type[models.Model]
Rows = dict[Model, dict[int, models.Model]]
# Rooms whose rows are no part of a history.
ALONE = "search", "ledger", "accounts", "organisation", "kernel", "assessment", "supervision"
LEDGER = LedgerEntry, Inspection  # but of these rooms the ledger of units says how a matter was closed
AT_ONCE = 200  # cases read together
MOST_DRIFT = 600  # seconds by which a cast's acts come later in the day
REAL = "recorded_at"  # columns of the real time rather than a claimed one
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:\+00:00|Z)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
A_DAY = timedelta(days=1)
LEGS = Permit(holder="demo", purpose=Purpose.VERIFY)  # to read what is invented, and seal it anew
KEYS_IN_FACTS = ("party", "acts_for")
Patch = tuple[int, Callable[["Cast"], Any]]


@dataclass
class Cast:
    """One history in the making: its new keys and numbers, and by how much its days and hours are moved."""

    days: timedelta
    drift: timedelta
    fixed: frozenset[datetime]
    now: datetime
    dice: Random
    keys: dict[tuple[Model, int], int] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    phones: dict[int, str] = field(default_factory=dict)

    def moment(self, old: datetime) -> datetime:
        """When it happens, or is due: deadlines that end with a day stay at its end."""
        return old + self.days if old in self.fixed else old + self.days + self.drift

    def day(self, old: date) -> date:
        """The day onto which one of its days falls."""
        return old + self.days

    def text(self, old: str) -> str:
        """What is said instead of its words: the same."""
        return old

    def row(self, model: Model, old: int) -> int:
        """The key of the row of the office that is meant: the same."""
        del model
        return old

    def fact(self, name: str, value: Any) -> Any:
        """A public or private fact of an event, with its days, case numbers and keys."""
        if isinstance(value, str):
            return self._said(value)
        if isinstance(value, list):
            return [self.fact(name, each) for each in value]
        if isinstance(value, Mapping):
            return {key: self.fact(key, each) for key, each in value.items()}
        return self.keys[Party, value] if name in KEYS_IN_FACTS and type(value) is int else value

    def _said(self, text: str) -> str:
        if text in self.numbers:
            return self.numbers[text]
        if MOMENT.fullmatch(text):
            return self.moment(datetime.fromisoformat(text)).isoformat()
        if DAY.fullmatch(text):
            return self.day(date.fromisoformat(text)).isoformat()
        return self.text(text)

    def actor(self, name: str) -> str:
        """Who did it, as the ledger calls them."""
        kind, _colon, key = name.partition(":")
        return f"party:{self.keys[Party, int(key)]}" if kind == "party" and key else self.text(name)


@dataclass
class Told(Cast):
    """One that is told of somewhere else: its working days fall onto working days in their order (`laid_onto`)."""

    elsewhere: Elsewhere = field(default_factory=lambda: Elsewhere({}))

    def moment(self, old: datetime) -> datetime:
        """At the same hour; midnight is the end of the day before."""
        local = _local(old)
        if old in self.fixed and local.time() == time.min:
            return datetime.combine(self.day(local.date() - A_DAY) + A_DAY, time.min, clock.zone())
        moved = datetime.combine(self.day(local.date()), local.time(), clock.zone())
        return moved if old in self.fixed else moved + self.drift

    def day(self, old: date) -> date:
        """The day onto which it falls."""
        return self.elsewhere.onto[old]

    def text(self, old: str) -> str:
        """What is said instead of it."""
        return self.elsewhere.texts.get(old, old)

    def row(self, model: Model, old: int) -> int:
        """The key of the row that is meant instead."""
        return self.elsewhere.rows.get((model, old), old)


@dataclass
class Mould:
    """Everything there is of one history: its cases, their rows and their events, in the order of the ledger."""

    rows: dict[Model, list[models.Model]]
    events: list[Event]
    elsewhere: frozenset[object] = frozenset()  # words, and rows of the office, that may be others in a cast

    @cached_property
    def cases(self) -> list[Case]:
        """Its case; or two, when one became part of the other."""
        return self.rows[Case]  # type: ignore[return-value]

    @cached_property
    def whole(self) -> bool:
        """Whether it can be cast: no files, and every key in it points to a row of its own or of the office."""
        own = {(model, row.pk) for model, rows in self.rows.items() for row in rows}
        return Attachment not in self.rows and all(
            (target, key) in own
            for rows in self.rows.values()
            for row in rows
            for target, key in _points_to(row, self.rows)
        )

    @cached_property
    def settled(self) -> bool:
        """Whether nothing in it waits for a day: such a history may lie years back."""
        ended = all(case.ended_at is not None for case in self.cases)
        clocks: list[Clock] = self.rows.get(Clock, [])  # type: ignore[assignment]
        waits = any(model.__name__ == "Promise" for model in self.rows)
        entries: list[LedgerEntry] = self.rows.get(LedgerEntry, [])  # type: ignore[assignment]
        looked = all(each.closed_at is not None for each in entries)
        return ended and looked and not waits and all(each.state == Clock.State.STOPPED for each in clocks)

    @cached_property
    def fixed(self) -> frozenset[datetime]:
        """The moments that a day decides, whatever the hour at which it began: ends of days, and their marks."""
        clocks: list[Clock] = self.rows.get(Clock, [])  # type: ignore[assignment]
        marks = {
            at
            for each in clocks
            if each.kind != Policy.Kind.HOURS
            for at in (each.due_at, each.yellow_at)
            if at is not None
        }
        return frozenset(marks | {at for at in self._moments if _local(at).time() == time.min})

    @cached_property
    def _moments(self) -> set[datetime]:
        found = {event.occurred_at for event in self.events}
        for model, rows in self.rows.items():
            names = [f.attname for f in model._meta.concrete_fields if isinstance(f, models.DateTimeField)]
            found |= {row.__dict__[name] for row in rows for name in names if name != REAL}
        return found - {None}  # type: ignore[return-value]

    @cached_property
    def span(self) -> tuple[date, date]:
        """Its first and its last day: of what was done, and of what was due."""
        days = [_local(at).date() for at in self._moments]
        return min(days), max(days)

    @cached_property
    def days(self) -> frozenset[date]:
        """The days on which anything happened or was due; a limit that ends at midnight is due the day before."""
        ends = {at for at in self.fixed if _local(at).time() == time.min}
        return frozenset(_local(at).date() - (A_DAY if at in ends else timedelta()) for at in self._moments)

    @cached_property
    def last_act(self) -> date:
        """The day of the last thing that was done."""
        return max(_local(event.occurred_at).date() for event in self.events)

    @cached_property
    def longest_drift(self) -> int:
        """Seconds by which all of it can come later without anything slipping into the next day."""
        left = [
            (datetime.combine(_local(at).date() + timedelta(days=1), time.min, clock.zone()) - at)
            for at in self._moments - self.fixed
        ]
        return min([MOST_DRIFT, *(int(each.total_seconds()) - 1 for each in left)])

    @cached_property
    def size(self) -> dict[Model, int]:
        """How many rows of each kind."""
        return {model: len(rows) for model, rows in self.rows.items()}

    @cached_property
    def forms(self) -> list[tuple[Model, list[tuple[list[Any], list[Patch]]]]]:
        """Each row as a line for `kernel.bulk`, with what is to be filled in."""
        return [
            (model, [_form(row, self.rows, self.elsewhere) for row in rows])
            for model, rows in self.rows.items()
        ]

    @cached_property
    def told(self) -> list[tuple[Event, Any]]:
        """Each event with its private facts."""
        return [(event, writing.private_facts(event, LEGS)) for event in self.events]

    def cast(
        self, *, days: int | Elsewhere, dice: Random, keys: Mapping[Model, Iterator[int]],
        number: Callable[[int], str], name: Callable[[], str],
    ) -> tuple[dict[Model, list[list[Any]]], list[Event]]:  # fmt: skip
        """The lines and events of one more such history, so many days away, or told of somewhere else.

        `number` draws for a year, `name` draws keys.
        """
        values: dict[str, Any] = {
            "drift": timedelta(seconds=dice.randint(0, max(self.longest_drift, 0))),
            "fixed": self.fixed,
            "now": clock.now(),
            "dice": dice,
        }
        made = (
            Cast(days=timedelta(days=days), **values)
            if isinstance(days, int)
            else Told(days=timedelta(), elsewhere=days, **values)
        )
        for model, rows in self.rows.items():
            made.keys.update({(model, row.pk): next(keys[model]) for row in rows})
        for case in self.cases:
            made.numbers[case.number] = number(made.day(case.received_on).year)
            made.names[case.pk] = name()
        lines = {model: [_filled(form, made) for form in forms] for model, forms in self.forms}
        return lines, list(self._events(made))

    def _events(self, made: Cast) -> Iterator[Event]:
        heads: dict[str, tuple[int, bytes]] = {}
        for event, private in self.told:
            subject = EVENT_PREFIX + made.numbers[event.subject.removeprefix(EVENT_PREFIX)]
            seq, prev = heads.get(subject, (0, GENESIS))
            built = writing.build(
                subject,
                event.kind,
                actor=made.actor(event.actor),
                occurred_at=made.moment(event.occurred_at),
                facts=made.fact("", event.facts),
                private=None if private is None else made.fact("", private),
                prev=prev,
                seq=seq + 1,
                recorded_at=made.now,
            )
            heads[subject] = (seq + 1, bytes(built.hash))
            yield built


def _local(at: datetime) -> datetime:
    return at.astimezone(clock.zone())


def _filled(form: tuple[list[Any], list[Patch]], made: Cast) -> list[Any]:
    line, patches = form
    line = line[:]
    for place, fill in patches:
        line[place] = fill(made)
    return line


# -- forms ---------------------------------------------------------------------------------------------------
def _form(
    row: models.Model, own: Iterable[Model], elsewhere: frozenset[object]
) -> tuple[list[Any], list[Patch]]:
    """A row's values as the database takes them, and what a cast puts in their places."""
    model, line, patches = type(row), list[Any](), list[Patch]()
    convert = bulk.converters(model)
    for place, column in enumerate(model._meta.concrete_fields):
        value, last = row.__dict__[column.attname], convert.get(place)
        fill = None if value is None else _fill(row, column, value, own)
        if fill is None and value is not None and elsewhere:
            fill = _fill_elsewhere(column, value, elsewhere)
        line.append(last(value) if fill is None and last and value is not None else value)
        if fill is not None:
            patches.append((place, _then(fill, last)))
    return line, patches


def _then(fill: Callable[[Cast], Any], last: Callable[[Any], Any] | None) -> Callable[[Cast], Any]:
    return fill if last is None else lambda made: last(fill(made))


def _fill(row: models.Model, column: models.Field, value: Any, own: Iterable[Model]) -> Any:
    """What a cast has instead of this value; None where it has the same."""
    model, key = type(row), row.pk
    if column.primary_key:
        return lambda made: made.keys[model, key]
    if isinstance(column, models.ForeignKey) and column.related_model in own:
        target = column.related_model
        return lambda made: made.keys[target, value]
    if isinstance(column, models.DateTimeField):
        return (lambda made: made.now) if column.name == REAL else (lambda made: made.moment(value))
    if isinstance(column, models.DateField):
        return lambda made: made.day(value)
    special = _SPECIAL.get((model, column.name))
    if special is not None:
        return lambda made: special(made, row)
    if isinstance(column, SealedTextField):
        text = value.open(LEGS)
        return lambda made: Sealed.of(made.text(text))
    return None


def _fill_elsewhere(column: models.Field, value: Any, elsewhere: frozenset[object]) -> Any:
    """What a cast has of words and of the office's rows, when it is told of somewhere else."""
    if isinstance(column, models.ForeignKey):
        model = column.related_model
        return (lambda made: made.row(model, value)) if (model, value) in elsewhere else None
    return (lambda made: made.text(value)) if isinstance(value, str) and value in elsewhere else None


def _phone(made: Cast, person: Any) -> str:
    """One of a hundred thousand invented telephones, so that some people write again."""
    if person.pk not in made.phones:
        made.phones[person.pk] = f"+86138000{made.dice.randrange(10**5):05d}"
    return made.phones[person.pk]


_SPECIAL: Mapping[tuple[Model, str], Callable[[Cast, Any], Any]] = {
    (Case, "number"): lambda made, case: made.numbers[case.number],
    (Case, "idempotency_key"): lambda made, case: made.names[case.pk],
    (Clock, "subject"): lambda made, row: made.numbers[row.subject],
    (Party, "code_hash"): lambda _made, _party: identifiers.code_hash(identifiers.query_code()),
    (Person, "phone"): lambda made, person: Sealed.of(_phone(made, person)),
    (Person, "phone_index"): lambda made, person: blind_index("phone", _phone(made, person)),
}


# -- reading -------------------------------------------------------------------------------------------------
def moulds(cases: Sequence[Case]) -> Iterator[Mould]:
    """The histories of these cases, each with all that hangs on it; cases of one story form one history."""
    for start in range(0, len(cases), AT_ONCE):
        yield from _read(cases[start : start + AT_ONCE])


def story_of(case: Case) -> str:
    """The story that made a case: the key of both matters when one became part of the other."""
    return (case.idempotency_key or "").removesuffix(":second")


def _read(cases: Sequence[Case]) -> Iterator[Mould]:
    numbers = {case.number: story_of(case) for case in cases}
    found: Rows = {Case: {case.pk: case for case in cases}}
    story: dict[tuple[Model, int], str] = {(Case, case.pk): story_of(case) for case in cases}
    clocks = Clock.objects.filter(subject__in=numbers)
    found[Clock] = {each.pk: each for each in clocks}
    story |= {(Clock, each.pk): numbers[each.subject] for each in clocks}
    _gather(found, story)
    events: dict[str, list[Event]] = {}
    for event in Event.objects.filter(subject__in=[EVENT_PREFIX + each for each in numbers]).order_by("id"):
        events.setdefault(numbers[event.subject.removeprefix(EVENT_PREFIX)], []).append(event)
    for name, group in groupby(sorted(cases, key=story_of), key=story_of):
        del group
        rows = {
            model: [row for key, row in sorted(each.items()) if story[model, key] == name]
            for model, each in found.items()
        }
        mould = Mould({model: each for model, each in rows.items() if each}, events.get(name, []))
        if mould.whole:
            yield mould


def _gather(found: Rows, story: dict[tuple[Model, int], str]) -> None:
    """Everything that points to what was found, and the people of the parties, until there is nothing more."""
    waiting = list(found)
    while waiting:
        target = waiting.pop()
        for column in _pointing_to(target):
            model = column.model
            rows = model._default_manager.filter(**{f"{column.name}__in": list(found[target])})
            new = {row.pk: row for row in rows if row.pk not in found.get(model, {})}
            if new:
                found.setdefault(model, {}).update(new)
                story.update(
                    {(model, k): story[target, row.__dict__[column.attname]] for k, row in new.items()}
                )
                waiting.append(model)
    parties = found.get(Party, {}).values()
    people = {row.person_id: story[Party, row.pk] for row in parties if row.person_id}  # type: ignore[attr-defined]
    if people:
        found[Person] = dict(Person.objects.in_bulk(list(people)))
        story.update({(Person, key): name for key, name in people.items()})


def _pointing_to(target: Model) -> Iterator[models.ForeignKey]:
    for model in apps.get_models():
        if (model._meta.app_label in ALONE and model not in LEDGER) or model is ContactMeasure:
            continue
        for column in model._meta.concrete_fields:
            if isinstance(column, models.ForeignKey) and column.related_model is target:
                yield column


def _points_to(row: models.Model, own: Iterable[Model]) -> Iterator[tuple[Model, int]]:
    """The rows of kinds that a history has which this one names."""
    for column in row._meta.concrete_fields:
        if isinstance(column, models.ForeignKey) and column.related_model in own:
            key = row.__dict__[column.attname]
            if key is not None:
                yield column.related_model, key


# -- days ----------------------------------------------------------------------------------------------------
def twins(span: tuple[date, date], *, earliest: date, works: Callable[[date], bool]) -> list[int]:
    """By how many days (0 or less) a span can be moved back, not before `earliest`, onto days that work alike."""
    first, last = span
    own = [works(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    return [
        -back
        for back in range((first - earliest).days + 1)
        if all(works(first + timedelta(days=n - back)) == mine for n, mine in enumerate(own))
    ]
