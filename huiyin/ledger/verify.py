"""Verification: read the whole ledger and say, in words, everything that is not as it was written."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from huiyin.kernel.sealing import SealBroken
from huiyin.ledger import guards
from huiyin.ledger.canonical import (
    GENESIS,
    FactsNotPlain,
    canonical_bytes,
    event_hash,
    event_mac,
    next_running,
)
from huiyin.ledger.head import ROW, Head, HeadUnreadable, is_true_beginning, read_head_file, stored_head
from huiyin.ledger.models import CONTENT_COLUMNS, Event, LedgerHead
from huiyin.ledger.writing import ERASED, committed, erasure_facts, erasure_subject

BATCH = 2_000
FEW = 500  # names in one question to the database
LOOKS = 3  # at subjects that other writers keep changing, before they are left to the next verification
MOST_PROBLEMS = 200  # a report is read by a person; the count beside it is complete
FRAGILE = ("occurred_at", "recorded_at", "facts")  # columns whose stored form can fail to read
Row = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it was written: where, what differs, and a sentence for the reader."""

    what: str
    sentence: str
    event: int | None = None
    subject: str = ""


@dataclass(frozen=True)
class Counted:
    """Subjects whose events a room above counts itself: all whose names begin with `prefix`.

    `counts` gives (subject, number of its events), of all its subjects or only of those it is given.
    """

    prefix: str
    counts: Callable[[Collection[str] | None], Iterable[tuple[str, int]]]


@dataclass
class Report:
    """What verification found. `problems` holds the first ones, `found` counts them all."""

    sequenced: int = 0
    unsequenced: int = 0
    erased: int = 0
    running: str = GENESIS.hex()
    found: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing at all was found."""
        return self.found == 0

    def add(self, what: str, sentence: str, *, event: int | None = None, subject: str = "") -> None:
        """Note a problem."""
        self.found += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(what=what, sentence=sentence, event=event, subject=subject))


def verify(
    *,
    progress: Callable[[int, int], None] | None = None,
    expected: Counted | None = None,
) -> Report:
    """Check every event, the order, every subject's chain, the head and its copy, and private facts.

    Reads in batches, beside working writers, and holds no lock. `progress` is called with (done, all).
    `expected` is what the room above knows of its subjects' events, so that a removed tail of events that
    were not in order yet is noticed too, and a subject that is gone while its events remain.
    """
    report = Report()
    _check_guards(report)
    try:
        top = _check_head(report)
        waiting = Event.objects.filter(position__isnull=True).count()
        tell = _counter(progress, total=2 * top + waiting)
        _check_order(report, top=top, tell=tell)
        _check_subjects(report, tell=tell)
        _check_erasures(report)
    except (ValueError, TypeError) as fault:
        report.add("unreadable", _("账本读不下去，有记录已损坏：%(fault)s") % {"fault": type(fault).__name__})
    _check_head_file(report)
    if expected is not None:
        _check_counts(report, expected)
        _check_orphans(report, expected)
    return report


def _counter(progress: Callable[[int, int], None] | None, *, total: int) -> Callable[[int], None]:
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        if progress is not None:
            progress(min(done, total), total)

    return tell


def _read(page: QuerySet[Event], columns: Sequence[str]) -> list[Row]:
    """A batch of rows; what a damaged one holds in columns that cannot be read is None."""
    try:
        return list(page.values(*columns)[:BATCH])
    except ValueError:
        readable = [name for name in columns if name not in FRAGILE]
        return [dict.fromkeys(FRAGILE) | row for row in page.values(*readable)[:BATCH]]


def _octets(value: Any) -> bytes:
    """A column's bytes; none if a careless hand wrote something else there."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


# ── One event by itself ──────────────────────────────────────────────────────────────────────────────────


def _check_event(report: Report, row: Row) -> None:
    """What the event says against its hash, its mac and its commitment."""
    place: dict[str, Any] = {"event": row["id"], "subject": row["subject"]}
    try:
        content = canonical_bytes(**{name: row[name] for name in CONTENT_COLUMNS})
    except (FactsNotPlain, ValueError, TypeError, AttributeError):
        report.add("content", _("第 %(id)s 号记录的内容被改过：已不是合法的内容。") % row, **place)
        return
    same_hash = event_hash(content) == _octets(row["hash"])
    same_mac = event_mac(settings.HUIYIN_KEYS.ledger, content) == _octets(row["mac"])
    if not same_hash and not same_mac:
        report.add("content", _("第 %(id)s 号记录的内容被改过：与它的指纹和验证码都不符。") % row, **place)
    elif not same_hash:
        report.add("hash", _("第 %(id)s 号记录的指纹被改过，内容仍是原样。") % row, **place)
    elif not same_mac:
        report.add("mac", _("第 %(id)s 号记录不是本系统写的：验证码不符。") % row, **place)
    _check_private(report, row, place)


def _check_private(report: Report, row: Row, place: dict[str, Any]) -> None:
    if row["private"] is None:
        return  # `_check_erasures` asks why
    try:
        kept = committed(_octets(row["commitment"]), row["private"])
    except (SealBroken, ValueError, KeyError, TypeError):
        report.add("private", _("第 %(id)s 号记录的封存内容打不开：被改过，或缺少密钥。") % row, **place)
        return
    if not kept:
        report.add("private", _("第 %(id)s 号记录的封存内容被换过：与当时的承诺不符。") % row, **place)


def _check_erasures(report: Report) -> None:
    """Every event whose private facts are gone needs an event that says who erased them."""
    gone = Event.objects.filter(commitment__isnull=False, private__isnull=True).order_by("id")
    last = 0
    while rows := _read(gone.filter(id__gt=last), ("id", "subject", "subject_seq", "hash")):
        for start in range(0, len(rows), FEW):
            _check_erased(report, rows[start : start + FEW])
        last = rows[-1]["id"]


def _check_erased(report: Report, rows: Sequence[Row]) -> None:
    # The erasure's own content, and so whether it is genuine, is checked where every event's is.
    names = {row["id"]: erasure_subject(_octets(row["hash"])) for row in rows}
    erasures = Event.objects.filter(subject__in=names.values(), subject_seq=1, kind=ERASED)
    said = {row["subject"]: row["facts"] for row in erasures.values("subject", "facts")}
    for row in rows:
        wanted = erasure_facts(row["subject"], row["subject_seq"], _octets(row["hash"]))
        if said.get(names[row["id"]]) == wanted:
            report.erased += 1
        else:
            sentence = _("第 %(id)s 号记录的封存内容不见了，账本里却没有抹去它的记录。") % row
            report.add("erased", sentence, event=row["id"], subject=row["subject"])


# ── The one order ────────────────────────────────────────────────────────────────────────────────────────


def _check_order(report: Report, *, top: int, tell: Callable[[int], None]) -> None:
    """Every event in order: dense positions, and the running hash over them."""
    position, running = 0, GENESIS
    for row in _in_order(top, tell):
        _check_event(report, row)
        place: dict[str, Any] = {"event": row["id"], "subject": row["subject"]}
        if row["position"] != position + 1:
            report.add("gap", _gap(position + 1, row["position"] - 1), **place)
        elif next_running(running, _octets(row["hash"])) != _octets(row["running"]):
            report.add(
                "running",
                _("第 %(position)s 位（第 %(id)s 号记录）的累计指纹不符：这里有记录被换过、改过或移动过。")
                % row,
                **place,
            )
        position, running = row["position"], _octets(row["running"])
        report.sequenced += 1
    report.running = running.hex()


def _in_order(top: int, tell: Callable[[int], None]) -> Iterator[Row]:
    events = Event.objects.filter(position__lte=top).order_by("position")
    columns = ("id", *CONTENT_COLUMNS, "private", "hash", "mac", "position", "running")
    # Positions start at 1; a forged one below is met in the subject's chain.
    last = 0
    while rows := _read(events.filter(position__gt=last), columns):
        yield from rows
        last = rows[-1]["position"]
        tell(len(rows))


def _gap(first: int, last: int) -> str:
    if first == last:
        return _("第 %(first)s 位的记录不见了。") % {"first": first}
    return _("第 %(first)s 位到第 %(last)s 位的记录不见了。") % {"first": first, "last": last}


# ── The chain of each subject ────────────────────────────────────────────────────────────────────────────


def _check_subjects(report: Report, *, tell: Callable[[int], None]) -> None:
    """Every subject's events one after another, those that are not in order yet as well."""
    before: Row | None = None
    for row in _by_subject(tell):
        if before is not None and before["subject"] != row["subject"]:
            before = None
        _check_link(report, row, before)
        if row["position"] is None:
            report.unsequenced += 1
        elif row["position"] < 1:
            report.add(
                "position",
                _("第 %(id)s 号记录的位次 %(position)s 不合法。") % row,
                event=row["id"],
                subject=row["subject"],
            )
        before = row
    _check_waiting(report)


def _check_link(report: Report, row: Row, before: Row | None) -> None:
    place: dict[str, Any] = {"event": row["id"], "subject": row["subject"]}
    seq, digest = (before["subject_seq"], _octets(before["hash"])) if before else (0, GENESIS)
    if row["subject_seq"] <= seq:
        report.add("repeated", _("第 %(id)s 号记录与 %(subject)s 的另一条记录序号重复。") % row, **place)
    elif row["subject_seq"] != seq + 1:
        report.add("missing", _missing(row["subject"], seq + 1, row["subject_seq"] - 1), **place)
    elif _octets(row["prev"]) != digest:
        report.add("prev", _("第 %(id)s 号记录接不上 %(subject)s 的前一条记录。") % row, **place)
    if row["id"] <= (before["id"] if before else 0):
        report.add("id", _("第 %(id)s 号记录的编号被改过：与 %(subject)s 的先后不符。") % row, **place)
    # Nothing can be said while one of the two waits for its place.
    if before and None not in (row["position"], before["position"]) and row["position"] <= before["position"]:
        report.add("order", _("第 %(id)s 号记录排在了 %(subject)s 的前一条记录之前。") % row, **place)


def _missing(subject: str, first: int, last: int) -> str:
    names = {"subject": subject, "first": first, "last": last}
    if first == last:
        return _("%(subject)s 的第 %(first)s 条记录不见了。") % names
    return _("%(subject)s 的第 %(first)s 至 %(last)s 条记录不见了。") % names


def _by_subject(tell: Callable[[int], None]) -> Iterator[Row]:
    events = Event.objects.order_by("subject", "subject_seq")
    columns = ("id", "subject", "subject_seq", "prev", "hash", "position")
    after = Q()
    while rows := _read(events.filter(after), columns):
        yield from rows
        subject, seq = rows[-1]["subject"], rows[-1]["subject_seq"]
        # `>=` gives the index its starting point; the rest only leaves out what was read.
        after = Q(subject__gte=subject) & (Q(subject__gt=subject) | Q(subject_seq__gt=seq))
        tell(len(rows))


def _check_waiting(report: Report) -> None:
    """What the events that wait for their place say; those in order were read with it."""
    events = Event.objects.filter(position__isnull=True).order_by("id")
    columns = ("id", *CONTENT_COLUMNS, "private", "hash", "mac")
    last = 0
    while rows := _read(events.filter(id__gt=last), columns):
        for row in rows:
            _check_event(report, row)
        last = rows[-1]["id"]


# ── The head, its copy, the triggers, and what other rooms know ──────────────────────────────────────────


def _check_head(report: Report) -> int:
    """The head row against the end of the order, read in one statement; returns where the order ends."""
    end = Event.objects.filter(position__isnull=False).order_by("-position")
    top = end.values_list("position", flat=True).first() or 0
    seen = (
        LedgerHead.objects.filter(pk=ROW)
        .annotate(top=Subquery(end.values("position")[:1]), end=Subquery(end.values("running")[:1]))
        .first()
    )
    if seen is None:
        if top:
            report.add("head", _("账本的头不见了，而账本里有 %(count)s 条已排序的记录。") % {"count": top})
        return top
    head = Head(count=seen.count, running=bytes(seen.running), at=seen.at, mac=bytes(seen.mac))
    if not head.genuine:
        report.add("head", _("账本的头被改过：验证码不符。"))
    top = seen.top or 0
    if head.count > top:
        report.add("tail", _("账本的头记着 %(count)s 条，末尾 %(lost)s 条不见了。") % _lost(head.count, top))
    elif head.count < top or head.running != _octets(seen.end or GENESIS):
        names = {"count": head.count, "top": top}
        report.add("head", _("账本的头（%(count)s 条）与最后一条记录（第 %(top)s 位）不符。") % names)
    return top


def _check_head_file(report: Report) -> None:
    """The copy beside the database: it may lag, but must be a true beginning of the ledger."""
    try:
        copy = read_head_file()
    except HeadUnreadable:
        report.add("head file", _("库外的账本头 ledger-head.json 读不懂：可能被改过。"))
        return
    head = stored_head()
    count = head.count if head else 0
    if copy is None:
        if count:
            report.notes.append(
                _("库外没有账本头 ledger-head.json，无法据它核对末尾。下一条记录排序后会重新写出。")
            )
    elif not copy.genuine:
        report.add("head file", _("库外的账本头 ledger-head.json 被改过：验证码不符。"))
    elif copy.count > count:
        names = _lost(copy.count, count)
        report.add("tail", _("库外的账本头记着 %(count)s 条，库里少了末尾 %(lost)s 条。") % names)
    elif not is_true_beginning(copy):
        names = {"count": copy.count}
        report.add("head file", _("账本的前 %(count)s 条与库外的账本头不符：历史被改写过。") % names)


def _lost(count: int, top: int) -> dict[str, int]:
    return {"count": count, "lost": count - top}


def _check_guards(report: Report) -> None:
    for name in guards.missing(connection):
        report.add("guard", _("数据库里防止改动记录的触发器 %(name)s 不见了。") % {"name": name})


def _check_counts(report: Report, expected: Counted) -> None:
    """Subjects that have fewer or more events than the room above counts."""
    pairs = iter(expected.counts(None))
    while batch := dict(islice(pairs, FEW)):
        for subject, (count, found) in _disagreeing(expected, batch).items():
            names = {"subject": subject, "count": count, "found": found}
            if found < count:
                sentence = _("%(subject)s 应有 %(count)s 条记录，只找到 %(found)s 条。") % names
                report.add("missing", sentence, subject=subject)
            else:
                sentence = _("%(subject)s 应有 %(count)s 条记录，却找到 %(found)s 条。") % names
                report.add("uncounted", sentence, subject=subject)


def _disagreeing(expected: Counted, counted: dict[str, int]) -> dict[str, tuple[int, int]]:
    """The subjects with their counts above and here, where the two differ and no writer is the reason.

    Both are changed in one transaction but read in two statements. Events are only ever added, so if their
    number is the same before and after the room above was asked, that room must have said the same.
    """
    found = _event_counts(counted)
    doubtful = {subject for subject, count in counted.items() if found[subject] != count}
    wrong: dict[str, tuple[int, int]] = {}
    for _look in range(LOOKS):
        if not doubtful:
            break
        before, above, after = (
            _event_counts(doubtful),
            dict(expected.counts(doubtful)),
            _event_counts(doubtful),
        )
        still = {subject for subject in doubtful if before[subject] == after[subject]}
        wrong |= {
            subject: (above[subject], after[subject])
            for subject in sorted(still & above.keys())
            if above[subject] != after[subject]
        }
        doubtful -= still
    return wrong


def _event_counts(subjects: Collection[str]) -> Counter[str]:
    rows = Event.objects.filter(subject__in=subjects).values("subject").annotate(count=Count("id"))
    return Counter(dict(rows.values_list("subject", "count")))


def _check_orphans(report: Report, expected: Counted) -> None:
    """Subjects that have events, and that the room above does not know."""
    # A subject without its first event is met in its chain.
    firsts = Event.objects.filter(subject_seq=1, subject__startswith=expected.prefix).order_by("id")
    last = 0
    while rows := _read(firsts.filter(id__gt=last), ("id", "subject")):
        for start in range(0, len(rows), FEW):
            batch = rows[start : start + FEW]
            known = {subject for subject, _count in expected.counts({row["subject"] for row in batch})}
            for row in batch:
                if row["subject"] not in known:
                    sentence = _("账本里有 %(subject)s 的记录，库里却没有它了。") % row
                    report.add("orphan", sentence, event=row["id"], subject=row["subject"])
        last = rows[-1]["id"]
