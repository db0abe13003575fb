"""The frame of every step on a rung: lock, may-they, is-it-lawful; then the step; then its one event."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases import casefile
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Case
from huiyin.cases.words import digest
from huiyin.kernel import clock as wall
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.ledger import writing
from huiyin.organisation.actors import Actor
from huiyin.supervision import access, ladder
from huiyin.supervision.models import OPEN, Entry, Rung
from huiyin.supervision.wording import act_name, state_name

EVENT = "supervise"  # the one kind of event that a step leaves; its facts say on which rung, and which step


class RungFile:
    """One step on one rung; `case` is the case's file when it concerns one, whose chain then has the event."""

    def __init__(self, rung: Rung, act: str, by: Actor, case: CaseFile | None) -> None:
        self.rung, self.act, self.by, self.case = rung, act, by, case
        self.at: datetime = by.when()
        self.facts: dict[str, Any] = {}
        self.private: dict[str, str] = {}
        self._changed: set[str] = set()

    @property
    def today(self) -> date:
        """The day of the step, in the place's zone."""
        return wall.local_date(self.at)

    def set(self, **values: Any) -> None:
        """Set fields of the rung; written once, when the step ends."""
        for name, value in values.items():
            setattr(self.rung, name, value)
            self._changed.add(name)

    def move(self, state: str) -> None:
        """Take the rung to a state that the table allows for this step."""
        if state not in ladder.after(self.rung.kind, self.act, self.rung.state):
            raise ValueError(f"{self.act} may not take a {self.rung.kind} from {self.rung.state} to {state}")
        ended = state not in OPEN
        self.set(state=state, ended_at=self.at if ended else None, ended_by=self.by.post if ended else None)

    def say(self, words: str, *, verdict: str = "", day: date | None = None) -> Entry:
        """Keep what was said or seen; the event commits to the words and has the rest.

        Refuses the very same step in the very same words, when nothing came between: the form was sent twice.
        """
        self._require_news(words, verdict, day)
        self.facts |= {name: value for name, value in (("verdict", verdict), ("day", _iso(day))) if value}
        if words:
            self.private["words"] = digest(words)
        return Entry.objects.create(
            rung=self.rung,
            act=self.act,
            words=words or None,
            verdict=verdict,
            day=day,
            at=self.at,
            by=self.by.post,
        )

    def _require_news(self, words: str, verdict: str, day: date | None) -> None:
        last = Entry.objects.filter(rung=self.rung).order_by("pk").last() if words else None
        if last is None or (last.act, last.by_id, last.verdict, last.day) != (
            self.act, self.by.post.pk if self.by.post else None, verdict, day
        ):  # fmt: skip
            return
        if last.words and last.words.open(Permit(holder=self.by.name, purpose=Purpose.WORK)) == words:
            raise Refused(_("这一条已经存下了，没有再存一次。要补充的请写新的内容。"), code="twice")

    def require_lawful(self) -> None:
        """Refuse a step that the table does not know from here, saying how it stands."""
        if not ladder.after(self.rung.kind, self.act, self.rung.state):
            raise Refused(
                _("这份%(kind)s现在是“%(state)s”，不能再%(act)s。%(latest)s")
                % {
                    "latest": latest_step(self.rung),
                    "kind": self.rung.get_kind_display(),
                    "state": state_name(self.rung.kind, self.rung.state),
                    "act": act_name(self.rung.kind, self.act),
                },
                code="state",
            )

    def close(self) -> None:
        """Write the rung and its event; the last thing that a step does."""
        rung = self.rung
        if self._changed:
            rung.save(update_fields=sorted(self._changed))
        told = {"rung": rung.kind, "step": self.act, "number": rung.number, "stands": rung.state}
        if rung.unit is not None:
            told["unit"] = rung.unit.code
        facts = {**told, **self.facts}
        if self.case is not None:
            self.case.move(self.case.case.state)
            self.case.facts |= facts
            self.case.private = self.private
            return
        writing.record(
            subject_of(rung),
            EVENT,
            actor=self.by.name,
            occurred_at=self.at,
            facts=facts,
            private=self.private or None,
            first=self.act == "issue",
        )


@contextmanager
def opened(rung: Rung, act: str, *, by: Actor) -> Iterator[RungFile]:
    """Open a rung for one step. Raises `PermissionDenied` (not you) or `Refused` (not now); nothing is written then."""
    with beside(rung.case, by=by) as case:
        now = (
            Rung.objects.select_for_update(of=("self",))
            .select_related("unit", "post", "issued_by__user")
            .get(pk=rung.pk)
        )
        file = RungFile(now, act, by, case)
        access.require(by, act, now)
        file.require_lawful()
        yield file
        file.close()
    casefile.refresh(rung, now)


@contextmanager
def beside(case: Case | None, *, by: Actor) -> Iterator[CaseFile | None]:
    """One transaction; with a case, that case locked and its event in the making."""
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        yield stack.enter_context(casefile.opened(case, EVENT, by=by)) if case is not None else None


def subject_of(rung: Rung) -> str:
    """The name by which the ledger knows a rung that concerns no single case."""
    return f"rung:{rung.number}"


def latest_step(rung: Rung) -> str:
    """“最近一步：…”: who did what on a rung last, for somebody who comes too late; "" while nobody did anything."""
    entry = Entry.objects.filter(rung=rung).select_related("by__unit", "by__user").order_by("-pk").first()
    if entry is None or entry.by is None:
        return ""
    moment = entry.at.astimezone(wall.zone())
    return _("最近一步：%(who)s 于 %(when)s %(act)s。") % {
        "who": f"{entry.by.unit} {entry.by.user.name}",
        "when": moment.strftime("%m-%d %H:%M"),
        "act": act_name(rung.kind, entry.act),
    }


def require_verdict(verdict: str, among: Collection[str]) -> None:
    """Refuse what is not among the words to choose from."""
    if verdict not in among:
        raise Refused(_("请从列出的里面选一个。"), code="verdict")


def require_past(file: RungFile, day: date) -> None:
    """Refuse a day on which something cannot have happened yet."""
    if day > file.today:
        raise Refused(_("这一天还没有到，请填实际的日期。"), code="future")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
