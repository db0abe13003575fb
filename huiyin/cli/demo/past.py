"""The past of a demonstration: matters of the last two years that have ended, so that its figures say something.

One of each kind and each way (`ways`) is walked through the acts. The others are cast from those (`moulds`), told of
other days, places and units, each in the words of its own matter. How busy a unit is and how it does is invented too,
in past.toml of the profile.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from random import Random

from django.db import models, transaction

from huiyin.accounts.roles import Role
from huiyin.cases import batch
from huiyin.cases.models import Case, Category
from huiyin.cases.pens import subject_of
from huiyin.cases.words import digest
from huiyin.cli.demo.book import Book, Matter, filled
from huiyin.cli.demo.copies import QUIET, Days, Plan, cast
from huiyin.cli.demo.elsewhere import Elsewhere, laid_onto
from huiyin.cli.demo.moulds import LEGS, Mould, moulds, story_of
from huiyin.cli.demo.stage import Stage
from huiyin.cli.demo.tale import NotYet, Tale
from huiyin.cli.demo.ways import MOST_WALKED, WAYS, looked_at
from huiyin.deadlines.queries import work_calendar
from huiyin.evaluation.models import Rating
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.kernel.tables import read_toml
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Region, Unit
from huiyin.publication import actions as publication
from huiyin.supervision.entries.rules import acceptance_rules

FILE = "past.toml"
KEY = "demo-past:"
AT_ONCE = 500  # cases cast in one transaction
GROWN = 0.7  # by how much more come in at the end, against what came at the beginning
NEWEST, NEWEST_MORE = 12, 1.6  # days of which little has come to its end; how much more often they are tried
TRIES = 30  # days tried for a history before another one is taken
LATELY = timedelta(days=75)
BEGAN = 30, 75  # days ago, of what is walked
PUBLISHED, OF_LAST_MONTH = 24, 10
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
READING = timedelta(minutes=20)  # of the draft, before it is confirmed
# A way; the nature of the matter, on which its limits rest; and whether somebody has to look before it is closed.
Kind = tuple[str, str, bool]


@dataclass(frozen=True)
class Record:
    """A row of past.toml: how often matters come to a unit, and of them how many went which way.

    `lately` is of the last months alone, besides; so many of last month's are left out 剔除 of its figures.
    """

    unit: str
    often: float
    went: Mapping[str, float]
    lately: Mapping[str, float] = field(default_factory=dict)
    left_out: int = 0


@dataclass(frozen=True)
class Topic:
    """A matter of the book that a unit leads, to whom of it, and from which regions it may come."""

    unit: Unit
    post: Post
    matter: Matter
    regions: Sequence[Region]
    looked_at: bool

    def kind(self, way: str) -> Kind:
        """What it is when it goes this way."""
        return way, self.matter.nature, self.looked_at or way == "redone"


@dataclass(frozen=True)
class Chance:
    """A way that a unit's matters may go, which of them, how likely, and whether lately only."""

    topics: Sequence[Topic]
    way: str
    often: float
    lately: bool


def records(folder: Path) -> list[Record]:
    """What the profile says of its units; nothing where it has no past."""
    file = folder / FILE
    return [Record(**row) for row in read_toml(file)["unit"]] if file.is_file() else []


def left_out(folder: Path) -> dict[str, int]:
    """The units of which many matters are left out, by their codes, and of how many."""
    return {each.unit: each.left_out for each in records(folder) if each.left_out}


def remember(stage: Stage, book: Book, folder: Path, *, wanted: int, seed: int) -> int:
    """Make a past of so many cases, once and in one piece; how many were made."""
    known = records(folder)
    if not wanted or not known or Case.objects.filter(idempotency_key__startswith=KEY).exists():
        return 0
    with transaction.atomic():
        topics = _topics(stage, book, {each.unit for each in known})
        walked = list(_walk(stage, book, topics, known, seed=seed))
        past = _planned(stage, book, topics, known, walked, seed=seed)
        made, chunk = len(walked), 0
        while made < wanted:
            some = min(AT_ONCE, wanted - made)
            batch.write(cast(past, chunk=chunk, cases=some))
            made, chunk = made + some, chunk + 1
        _publish(stage, seed=seed)
    return made


# -- what is walked ------------------------------------------------------------------------------------------
def _topics(stage: Stage, book: Book, units: set[str]) -> list[Topic]:
    """What each unit leads of the book."""
    found: list[Topic] = []
    for matter in book.matters:
        theirs: dict[Unit, list[Region]] = {}
        for region in stage.regions(list(book.places_of(matter))):
            theirs.setdefault(stage.leader(matter.category, region), []).append(region)
        found += [
            Topic(unit, unit.liaison, matter, regions, _needs_a_look(stage, matter))
            for unit, regions in theirs.items()
            if unit.code in units and unit.liaison is not None and matter.headcount == 1
        ]
    return found


def _walk(
    stage: Stage, book: Book, topics: Sequence[Topic], known: Iterable[Record], *, seed: int
) -> Iterator[tuple[Kind, Tale, Topic]]:
    """One history of each kind that there is; what does not come to its end is left out."""
    dice = Random(f"{seed}:past")  # noqa: S311 (invented cases, not secrets)
    ways = {each.unit: [*each.went, *each.lately] for each in known}
    able: dict[Kind, list[Topic]] = {}
    for topic in topics:
        for way in ways[topic.unit.code]:
            able.setdefault(topic.kind(way), []).append(topic)
    for kind in _kinds(able):
        topic = dice.choice(able[kind])
        key = f"{KEY}{seed}:{kind[0]}-{kind[1]}-{kind[2]:d}"
        tale = Tale(stage, book, Random(key), key=key)  # noqa: S311 (invented cases, not secrets)
        try:
            with transaction.atomic():
                tale.takes(topic.matter, among=topic.regions)
                tale.begins(*BEGAN)
                WAYS[kind[0]](tale)
                looked_at(tale)
                tale.case.refresh_from_db()
                if tale.case.ended_at is None:
                    raise NotYet
        except (NotYet, Refused):
            continue
        yield kind, tale, topic


def _kinds(able: Mapping[Kind, Sequence[Topic]]) -> list[Kind]:
    """What is walked, for walking costs: of the common ways the usual natures, of the others the most usual one."""
    found: list[Kind] = []
    for way, looked in {(kind[0], kind[2]) for kind in able}:
        same = [kind for kind in able if kind[0] == way and kind[2] == looked]
        same.sort(key=lambda kind: (len(able[kind]), kind), reverse=True)
        found += same[: MOST_WALKED.get(way, 1)]
    return sorted(found)


def _needs_a_look(stage: Stage, matter: Matter) -> bool:
    """Whether the place asks of matters of this category that somebody has looked."""
    path = stage.categories[matter.category].path
    return any(rule.category and f"/{rule.category}/" in path for rule in acceptance_rules())


# -- what is told of it --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Known:
    """A history that was walked, and what in it is said otherwise when it is told of elsewhere."""

    mould: Mould
    said: Sequence[str]
    rows: Sequence[tuple[type[models.Model], int]]


@dataclass
class Past(Plan):
    """The histories by their kind, what may be told of them, and of which days."""

    book: Book = field(kw_only=True)
    stage: Stage = field(kw_only=True)
    chances: Sequence[Chance] = field(kw_only=True)
    by_kind: Mapping[Kind, Known] = field(kw_only=True)
    since: date = field(kw_only=True)

    @cached_property
    def _often_of_chances(self) -> list[float]:
        return list(accumulate(each.often for each in self.chances))

    @cached_property
    def _today(self) -> date:
        return clock.local_date(self.stage.now)

    @cached_property
    def _days(self) -> list[date]:
        return [self.since + n * A_DAY for n in range((self._today - self.since).days)]

    @cached_property
    def _weights(self) -> list[float]:
        works, n = work_calendar().is_working, len(self._days)
        shares = ((1 + GROWN * (at / n) ** 2) * (NEWEST_MORE if n - at < NEWEST else 1.0) for at in range(n))
        return list(
            accumulate(
                share * (1.0 if works(day) else QUIET) for share, day in zip(shares, self._days, strict=True)
            )
        )

    def key(self, chunk: int) -> str:
        """What the keys of a chunk's cases begin with."""
        return f"{KEY}{self.seed}:copy:{chunk}:"

    def pick(self, dice: Random) -> tuple[Mould, Days]:
        """A history, and the days, the place, the unit and the words of which it is told."""
        while True:
            [chance] = dice.choices(self.chances, cum_weights=self._often_of_chances)
            topic = dice.choice(chance.topics)
            known = self.by_kind[topic.kind(chance.way)]
            onto = self._onto(known.mould, dice, lately=chance.lately)
            if onto is not None:
                return known.mould, self._elsewhere(known, topic, onto, dice)

    def _onto(self, mould: Mould, dice: Random, *, lately: bool) -> dict[date, date] | None:
        """Where its days fall, so that it came to its end before today; None where none of so many days is fit."""
        for _try in range(TRIES):
            [first] = dice.choices(self._days, cum_weights=self._weights)
            if lately and first < self._today - LATELY:
                continue
            onto = laid_onto(mould.days, first, works=work_calendar().is_working)
            if onto is not None and onto[mould.last_act] < self._today:
                return onto
        return None

    def _elsewhere(self, known: Known, topic: Topic, onto: Mapping[date, date], dice: Random) -> Elsewhere:
        region = dice.choice(topic.regions)
        place = f"{region.name}{dice.choice(self.book.places_of(topic.matter)[region.code])}"
        new = filled(topic.matter, place=place, n=dice.randint(2, 9))
        said = _said(topic, (new.text, new.text, new.answer), title=new.title, place=place, region=region)
        rows = zip(known.rows, (key for _model, key in _rows(topic, region, self.stage)), strict=True)
        return Elsewhere(onto, dict(zip(known.said, said, strict=True)), dict(rows))


def _said(topic: Topic, texts: Sequence[str], *, title: str, place: str, region: Region) -> list[str]:
    """All words that tell of what, where and by whom, in an order that is always the same."""
    codes = [region.code, topic.matter.category, topic.unit.code, topic.post.code, Actor.of(topic.post).name]
    return [*texts, *(digest(each) for each in texts), title, place, *codes]


def _rows(topic: Topic, region: Region, stage: Stage) -> list[tuple[type[models.Model], int]]:
    """The rows of the office that do the same."""
    filed = stage.categories[topic.matter.category]
    return [(Region, region.pk), (Unit, topic.unit.pk), (Post, topic.post.pk), (Category, filed.pk)]


def _known(mould: Mould, tale: Tale, topic: Topic) -> Known:
    case = mould.cases[0]
    texts = (case.original_text.open(LEGS), case.text, tale.matter.answer)
    said = _said(topic, texts, title=case.title, place=case.place, region=tale.region)
    rows = _rows(topic, tale.region, tale.stage)
    mould.elsewhere = frozenset([*said, *rows])
    return Known(mould, said, rows)


def _planned(
    stage: Stage, book: Book, topics: Sequence[Topic], known: Iterable[Record],
    walked: Iterable[tuple[Kind, Tale, Topic]], *, seed: int,
) -> Past:  # fmt: skip
    mine = {tale.key: (kind, tale, topic) for kind, tale, topic in walked}
    by_kind: dict[Kind, Known] = {}
    for mould in moulds(list(Case.objects.filter(idempotency_key__in=list(mine)))):
        if mould.settled:
            kind, tale, topic = mine[story_of(mould.cases[0])]
            by_kind[kind] = _known(mould, tale, topic)
    by_unit: dict[str, list[Topic]] = {}
    for topic in topics:
        by_unit.setdefault(topic.unit.code, []).append(topic)
    return Past(
        seed, [], [], frozenset(Case.objects.values_list("number", flat=True)),
        book=book, stage=stage, by_kind=by_kind,
        chances=[each for record in known if record.unit in by_unit for each in _chances(record, by_unit, by_kind)],
        since=date(clock.local_date(stage.now).year - 1, 1, 2),
    )  # fmt: skip


def _chances(
    record: Record, by_unit: Mapping[str, Sequence[Topic]], by_kind: Mapping[Kind, object]
) -> Iterator[Chance]:
    """The ways of a unit's matters that some history can be told of."""
    theirs, whole = by_unit[record.unit], sum(record.went.values())
    for ways, lately in ((record.went, False), (record.lately, True)):
        for way, n in ways.items():
            able = [topic for topic in theirs if topic.kind(way) in by_kind]
            if able:
                yield Chance(able, way, record.often * n / whole, lately)


# -- what everybody reads of it ------------------------------------------------------------------------------
def _publish(stage: Stage, *, seed: int) -> None:
    """Some that ended well are told to everybody, no two in the same words; a third of them last month."""
    dice = Random(f"{seed}:published")  # noqa: S311 (invented cases, not secrets)
    solved = Rating.objects.filter(solved="yes", case__state=Case.State.CLOSED, round=1)
    rows = Case.objects.filter(
        idempotency_key__startswith=KEY, pk__in=solved.values("case"), ended_at__isnull=False
    )
    month = clock.local_date(stage.now).replace(day=1)
    last = (month - A_DAY).replace(day=1)
    cases, told = list(rows.order_by("idempotency_key")), set[str]()
    dice.shuffle(cases)
    of_last = [
        case for case in cases if case.ended_at and last <= clock.local_date(case.ended_at) < month - A_WEEK
    ]
    for among, most in ((of_last, OF_LAST_MONTH), (cases, PUBLISHED)):
        for case in among:
            if len(told) < most and case.title not in told and _told_to_all(stage, case, dice):
                told.add(case.title)


def _told_to_all(stage: Stage, case: Case, dice: Random) -> bool:
    """A clerk proposes, the reviewer confirms, days after its end."""
    clerk, reviewer = stage.posts[Role.CLERK][0], stage.posts[Role.REVIEWER][0]
    done = latest(subject_of(case))
    if done is None:
        return False
    at = stage.office_hour(done.occurred_at + timedelta(days=dice.uniform(0.3, 2)), dice)
    if at + READING > stage.now:
        return False
    draft = publication.propose(case, by=Actor.of(clerk).claiming(at))
    by = Actor.of(reviewer).claiming(at + READING)
    publication.publish(case, by=by, title=draft.title, text=draft.text, answer=draft.answer)
    return True
