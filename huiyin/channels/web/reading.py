"""What a party reads of their own case: the door by number and code, and everything that is theirs to know."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache

from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.cases import access, groups, measures, pens, petitions, queries, released, states
from huiyin.cases.kin import told_among_kin
from huiyin.cases.models import Answer, Attachment, Case, Notice, Party, Promise, ReleasedTitle, Round
from huiyin.channels.web import apart, explained, outside, reviews, waiting
from huiyin.channels.web.explained import NoteRead
from huiyin.deadlines.models import Pause
from huiyin.kernel import identifiers
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import Sealed
from huiyin.ledger import queries as ledger
from huiyin.ledger import writing
from huiyin.ledger.models import Event
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit
from huiyin.people import identity
from huiyin.people import queries as people
from huiyin.people.models import ContactMeasure

Others = Callable[[], Sequence[identity.Particulars]]
THEIRS = (
    "supply", "contest", "reopen", "withdraw", "note", "attach", "rate", "say_pressed", "rate_bringer",
    "ask_second_opinion", "tell_privately", "leave", "end_agency",
    "ask_review", "ask_rereview", "take_review_back", "tell_recurrence",
)  # fmt: skip


def find_by_code(number: str, code: str) -> int | None:
    """The id of the party whose number and code these are; None when no case and code belong together.

    Raises `Refused` for a number or a code that cannot be one. The same single question is asked of the
    database whether the number exists or not, and codes are compared as keyed digests only.
    """
    spelled, hashed = identifiers.check_case_number(number), identifiers.code_hash(code)
    party = queries.by_code(spelled, hashed)
    if party is None or not access.sees(Actor.citizen(party.pk), party.case):
        return None
    return party.pk


@dataclass(frozen=True)
class AnswerRead:
    """An approved answer in the clear."""

    text: str
    unit: str
    outcome: str
    at: datetime
    round: int
    current: bool


SHOWN = ("jpg", "png", "webp")  # what every browser shows as a picture


@dataclass(frozen=True)
class FileRead:
    """A file that may be downloaded."""

    key: int
    name: str
    size: int
    at: datetime
    mine: bool
    picture: bool = False
    shows: str = ""  # "before" or "after" what was done, of a photo that goes with an answer


@dataclass(frozen=True)
class PromiseRead:
    """What was promised with an adopted suggestion, and what became of it."""

    text: str
    unit: str
    due_on: date
    state: str
    words: str
    reason: str
    fulfilment: str
    fulfilled_at: datetime | None


@dataclass(frozen=True)
class MeasureRead:
    """How the office and the reader agreed to keep in touch; `row` is for the acts on it."""

    row: ContactMeasure
    kind: str
    words: str
    until: date
    reason: str
    basis: str
    objected: bool
    answer: str


@dataclass
class OwnCase:
    """A case as one of its parties reads it: sealed texts that are theirs are opened, nobody else's are here."""

    case: Case
    by: Actor
    party: Party
    title: str
    text: str
    place: str
    round: Round
    history: list[Event]
    answers: list[AnswerRead]
    promises: list[PromiseRead]
    notes: list[NoteRead]
    files: list[FileRead]
    notices: list[Notice]
    pauses: list[Pause]
    possible: list[str]
    parties: list[Party] = field(default_factory=list)
    measures: list[MeasureRead] = field(default_factory=list)
    proved: bytes | None = None  # the telephone that the reader has proved to be theirs, by its blind index
    referrals: list[outside.ReferralRead] = field(default_factory=list)
    private_answers: list[apart.PrivateAnswerRead] = field(default_factory=list)
    ending: str = ""  # what was said when the handling was terminated
    question: waiting.QuestionRead | None = None
    suspension: waiting.SuspensionRead | None = None
    units: dict[str, str] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)

    def unit_of(self, event: Event) -> str:
        """The unit in whose name an event happened; "" for the parties and the program."""
        kind, _colon, code = event.actor.partition(":")
        return self.posts.get(code, "") if kind == "post" else ""

    def reason_of(self, event: Event) -> str:
        """The reason that the office gave for an event and that the party may read; "" if it was erased."""
        private = writing.private_facts(event, _permit(self.by))
        return str(private.get("reason", "")) if private else ""

    @property
    def joined(self) -> bool:
        """Whether the reader only joined by the title, and reads nothing of what others wrote."""
        return self.party.role == Party.Role.JOINED

    @property
    def private(self) -> str:
        """What only this party and the desk read; "" when they told nothing apart."""
        return _open(self.party.private, self.by)

    @property
    def people(self) -> int:
        """How many are named in whose name the matter is brought now."""
        return len(groups.present(self.parties))

    @property
    def own_agents(self) -> list[Party]:
        """The agencies that this party may end: of who acts for them, or their own."""
        if self.party.role == Party.Role.AGENT:
            return [self.party]
        return groups.agents(self.parties, self.party)

    @property
    def end(self) -> str:
        """How the matter ended, which putting it away does not change; "" while it is open."""
        if self.case.state in states.Case.OPEN:
            return ""
        return self.round.end_state if self.case.state == states.Case.ARCHIVED else self.case.state

    @property
    def owed(self) -> list[Notice]:
        """What this party still has to be told; whoever reads the page has been told it."""
        return [notice for notice in self.notices if notice.told_at is None]


def own_case(by: Actor, number: str, *, proved: bytes | None = None) -> OwnCase:
    """The party's own case, in a number of queries that does not grow with its history.

    `proved` is the blind index of the telephone that the reader has proved to be theirs by a code sent to it: what
    is agreed about talking to its owner is read by nobody else. Raises `access.NotFound` for a case that is not
    theirs (any more).
    """
    case = access.find(by, number)
    parties = list(
        Party.objects.filter(case=case).select_related("person", "acts_for", "post").order_by("pk")
    )
    party = next(each for each in parties if each.pk == by.party_id)
    rounds = Round.objects.select_related("clock__policy")
    title, text, place = _words(case, party, by)
    joined = party.role == Party.Role.JOINED
    found = OwnCase(
        case=case,
        by=by,
        party=party,
        title=title,
        text=text,
        place=place,
        round=rounds.get(case=case, number=case.round),
        history=list(ledger.history(pens.subject_of(case))),
        answers=[],
        promises=[],
        notes=[],
        files=[_file(row, by) for row in access.attachments(by, case)],
        notices=list(Notice.objects.filter(case=case, party=party).order_by("pk")),
        pauses=[],
        possible=[],
        parties=parties,
    )
    past = _left_behind(found)
    others = cache(lambda: others_of(found))
    found.answers = _answers(found, past, others)
    if any(event.kind == apart.BORN for event in found.history):
        found.private_answers = apart.private_answers(party, by, others, running=case.round)
    found.promises = _promises(case, others)
    found.notes = [*_notes(found, others), *_explanations(found, others)]
    found.referrals = outside.referrals(case, by, {event.kind for event in found.history}, others)
    found.ending = outside.termination_words(case, found.end, by, others)
    if not joined:  # what is asked of the petitioner is between them and the office
        found.question = waiting.question(case, by, {event.kind for event in found.history}, others)
    found.suspension = waiting.suspension(case, by, others)
    found.pauses = list(Pause.objects.filter(clock=found.round.clock_id).order_by("pk"))
    found.proved = proved
    found.measures = [_measure(row, by) for row in measures.told_to(party, proved)]
    found.possible = _possible(found)
    _name_units(found)
    return found


def attachment(by: Actor, number: str, key: int) -> Attachment | None:
    """A file of the case that the party may read; None for any other, and for none."""
    return access.attachments(by, access.find(by, number)).select_related("case").filter(pk=key).first()


def _permit(by: Actor) -> Permit:
    return Permit(holder=by.name, purpose=Purpose.OWN)


def _open(sealed: Sealed | None, by: Actor) -> str:
    return sealed.open(_permit(by)) if sealed else ""


def _words(case: Case, party: Party, by: Actor) -> tuple[str, str, str]:
    """Title, text and place: as written, for whoever wrote them; redacted, for the others.

    Whoever joined by the title reads the title, while it is out.
    """
    if party.role == Party.Role.JOINED:
        out = released.title_of(ReleasedTitle.objects.filter(case=case))
        return out or _("您加入的诉求"), "", ""
    if groups.speaks_as(party) != Party.Role.PETITIONER:
        return case.title, case.text, case.place
    return _open(case.original_title, by), _open(case.original_text, by), _open(case.original_place, by)


def _answers(found: OwnCase, past: Collection[tuple[str, int]], others: Others) -> list[AnswerRead]:
    """The approved answers of every round; of a merged matter also its parent's, once they are owed.

    A matter that has left its parent keeps the answers that it was given there, as those of an earlier round.
    """
    case, by = found.case, found.by
    approved = Answer.objects.filter(state=Answer.State.APPROVED).select_related("unit").order_by("pk")
    rows = list(approved.filter(case=case))
    if case.parent_id and any(notice.about == Notice.About.ANSWER for notice in found.notices):
        rows += list(approved.filter(case=case.parent_id))
    if past:
        rows += [
            row for row in approved.filter(_of_rounds(past)) if row.case_id not in (case.pk, case.parent_id)
        ]
    strangers = others() if rows else []
    latest: dict[int, int] = {}
    for row in rows:
        latest[row.case_id] = max(row.round, latest.get(row.case_id, 0))
    answers = [
        AnswerRead(
            text=_answer_text(row, case, by, strangers, joined=found.joined),
            unit=str(row.unit),
            outcome=row.get_outcome_display(),
            at=row.given_at,
            round=row.round,
            current=row.round == latest[row.case_id] and row.case_id in (case.pk, case.parent_id),
        )
        for row in rows
    ]
    return sorted(answers, key=lambda answer: not answer.current)


def _left_behind(found: OwnCase) -> set[tuple[str, int]]:
    """The (number, round) of every answer that was shared with the matter while it was merged elsewhere."""
    shared: set[tuple[str, int]] = set()
    if not any(event.kind == "reopen" and "parent" in event.facts for event in found.history):
        return shared
    for event in found.history:
        if event.facts.get("answer_round") and event.facts.get("parent"):
            shared.add((event.facts["parent"], event.facts["answer_round"]))
    return shared


def _of_rounds(shared: Iterable[tuple[str, int]]) -> Q:
    wanted = Q(pk__in=[])
    for number, round_number in shared:
        wanted |= Q(case__number=number, round=round_number)
    return wanted


def _promises(case: Case, others: Others) -> list[PromiseRead]:
    """What was promised with the answers that have been let out; only suggestions have any."""
    if case.nature != Case.Nature.SUGGESTION:
        return []
    out = (Promise.State.MADE, Promise.State.FULFILLED, Promise.State.CHANGED)
    rows = Promise.objects.filter(case=case, state__in=out).select_related("unit").order_by("-pk")
    return [
        PromiseRead(
            text=identity.without(row.text, others()),
            unit=str(row.unit),
            due_on=row.due_on,
            state=row.state,
            words=row.get_state_display(),
            reason=identity.without(row.reason, others()),
            fulfilment=identity.without(row.fulfilment, others()),
            fulfilled_at=row.fulfilled_at,
        )
        for row in rows
    ]


def _notes(found: OwnCase, others: Others) -> list[NoteRead]:
    """The notes of the case that the party may read; the office's without what belongs to other people."""
    reads = explained.read(access.notes(found.by, found.case).select_related("by__unit"), found.by, _open)
    return [
        each if each.mine else replace(each, text=identity.without(each.text, others())) for each in reads
    ]


def _explanations(found: OwnCase, others: Others) -> list[NoteRead]:
    """The words that were said to everybody (`explained`), without what belongs to others."""
    notes = explained.shared_notes(found.case, found.history, found.notices)
    reads = explained.read(notes, found.by, _open)
    return [replace(read, text=identity.masked(identity.without(read.text, others()))) for read in reads]


def others_of(found: OwnCase) -> list[identity.Particulars]:
    """The particulars of everybody else whom a text about the case may speak of, opened only to take them out."""
    party, permit = found.party, Permit(holder=found.by.name, purpose=Purpose.MATCH)
    kin = told_among_kin(found.case).exclude(pk=party.pk)
    known = [people.particulars(each.person, permit) for each in kin if each.person]
    if party.person is None:
        return list(known)
    return identity.others_only(known, people.particulars(party.person, permit))


def _answer_text(
    row: Answer, case: Case, by: Actor, others: Sequence[identity.Particulars], *, joined: bool
) -> str:
    """An answer without what belongs to other parties; one given to others first also masked by rule."""
    text = identity.without(_open(row.text, by), others)
    own = row.case_id == case.pk and not joined
    return text if own else identity.masked(text)


def _file(row: Attachment, by: Actor) -> FileRead:
    mine, picture = row.party_id == by.party_id, row.kind in SHOWN
    return FileRead(row.pk, _open(row.name, by), row.size, row.at, mine, picture, row.shows)


def _possible(found: OwnCase) -> list[str]:
    """The acts that the state table and the party's part allow now."""
    lawful = states.acts_from(states.CASE_TABLE, found.case.state)
    acts = [act for act in THEIRS if act in lawful]
    if any(not measure.objected for measure in found.measures):
        acts.append("object_measure")
    barred = {act for act, open_to in OPEN_TO.items() if not open_to(found)}
    return [
        act for act in acts if act not in barred and (act in BESIDE or access.may(found.by, act, found.case))
    ]


BESIDE = ("object_measure",)  # not about this case, but about its reader


# Acts that are lawful but not this party's: whether each is, as the case lies.
OPEN_TO: dict[str, Callable[[OwnCase], bool]] = {
    "supply": lambda found: found.question is not None,
    "withdraw": lambda found: groups.speaks_as(found.party) == Party.Role.PETITIONER,
    "rate_bringer": lambda found: (
        found.round.told_at is not None and any(map(groups.is_representative, found.parties))
    ),
    "say_pressed": lambda found: found.round.told_at is not None and not found.joined,
    "reopen": lambda found: found.case.state != Case.State.MERGED or found.round.told_at is not None,
    "leave": lambda found: groups.may_leave(found.party, found.parties),
    "tell_privately": lambda found: len(groups.present(found.parties)) > 1,
    "end_agency": lambda found: bool(found.own_agents),
    "ask_review": lambda found: petitions.fits("ask_review", found.case),
    "ask_rereview": lambda found: petitions.fits("ask_rereview", found.case),
    "take_review_back": lambda found: reviews.own_request(found.case, found.party, found.parties) is not None,
}


def _measure(row: ContactMeasure, by: Actor) -> MeasureRead:
    return MeasureRead(
        row=row,
        kind=row.get_kind_display(),
        words=_open(row.words, by),
        until=row.until,
        reason=row.reason,
        basis=row.basis,
        objected=row.objected(),
        answer=_open(row.review, by),
    )


def _name_units(found: OwnCase) -> None:
    """Read the names of every unit and post that the history speaks of, in two queries."""
    posts, units = set(), set()
    for event in found.history:
        kind, _colon, code = event.actor.partition(":")
        if kind == "post":
            posts.add(code)
        units |= set(unit_codes(event))
    rows = Post.objects.filter(code__in=posts).select_related("unit")
    found.posts = {row.code: str(row.unit) for row in rows}
    found.units = {unit.code: str(unit) for unit in Unit.objects.filter(code__in=units)}


def unit_codes(event: Event) -> Sequence[str]:
    """The codes of the units that an event speaks of, the first the one that it is about."""
    facts = event.facts
    named = [facts.get("unit"), facts.get("lead"), *facts.get("units", ()), *facts.get("assisting", ())]
    return [code for code in named if code]
