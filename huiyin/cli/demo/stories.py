"""The stories: each walks one case (or two that become one) as far as its day has come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from huiyin.accounts.roles import Role
from huiyin.cases import actions
from huiyin.cases.models import Case, Contact, Party, Point, Reason
from huiyin.cli.demo import side_stories as side
from huiyin.cli.demo.book import dealt
from huiyin.cli.demo.tale import Tale
from huiyin.evaluation import actions as evaluation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit


@dataclass(frozen=True)
class Story:
    """How a case goes, how often in a deck, and how many days ago it began (at least, at most)."""

    walk: Callable[[Tale], None]
    times: int
    least: float
    most: float
    of: str = "matters"


# -- through to the end --------------------------------------------------------------------------------------
def solved(tale: Tale) -> None:
    """Answered, told, rated solved; every third one is published."""
    _to_told(tale)
    tale.rates("yes", 4, 5, 5)
    side.looked_at(tale)
    if tale.chance.random() < 0.5:
        tale.is_published()


def silent(tale: Tale) -> None:
    """Answered and told; nobody rates."""
    _to_told(tale)
    tale.falls_silent()


def late(tale: Tale) -> None:
    """Answered long after the limit; a good word was asked for."""
    tale.channel = "web"
    tale.is_sent()
    tale.signs()
    tale.answers(9, 16)
    tale.approves()
    tale.tells()
    tale.rates("yes", 2, 3)
    tale.says_pressed()


def unsolved_then_solved(tale: Tale) -> None:
    """Told but not solved: a second round does it."""
    _to_told(tale, text=tale.say("weak_answers"), outcome=Point.Outcome.EXPLAINED)
    tale.rates("no", 1, 2)
    tale.calls_back("no")
    tale.redoes("unsolved")
    tale.signs()
    tale.answers()
    tale.approves()
    tale.tells()
    tale.rates("yes", 4)
    side.looked_at(tale)
    tale.is_published()


def unsolved(tale: Tale) -> None:
    """Rated unsolved; the reviewer has to decide, and the petitioner wants somebody else to look."""
    _to_told(tale)
    tale.rates("partly", 2, 3)
    tale.hurry(1, 20)
    evaluation.ask_second_opinion(tale.case, by=tale.citizen(), why="还有一半没有做完，请别人再看。")


def explained(tale: Tale) -> None:
    """All that the law allows was done: closed with an explanation."""
    _to_told(tale, outcome=Point.Outcome.EXPLAINED)
    tale.rates("no", 1)
    tale.calls_back("no", reached=False)
    reason = tale.chance.choice(tale.stage.reasons[Reason.For.EXPLAIN])
    by = tale.desk(Role.REVIEWER)
    actions.explain_and_close(tale.case, by=by, reason=reason, explanation=tale.say("explain"))
    tale.tells()


def sent_back(tale: Tale) -> None:
    """The reviewer finds the answer too thin."""
    tale.is_sent()
    tale.signs()
    tale.answers(0.3, 1, text=tale.say("weak_answers"), outcome=Point.Outcome.EXPLAINED)
    tale.redoes("redo")
    tale.signs()
    tale.answers(0.5, 2)
    tale.approves()
    tale.tells()
    tale.rates("yes", 3, 4)


def at_once(tale: Tale) -> None:
    """A question on the telephone, answered on the telephone."""
    tale.wait(0, 0.1)
    tale.answers_at_once(parties=[actions.PartyIn()], confidentiality=Case.Confidentiality.NONE)
    tale.falls_silent()


def praised(tale: Tale) -> None:
    """Somebody says thank you."""
    tale.wait(0, 0.1)
    tale.answers_at_once()
    tale.falls_silent()


def archived(tale: Tale) -> None:
    """Closed and put away."""
    _to_told(tale)
    tale.rates("yes", 5)
    tale.wait(8, 10)
    actions.archive(tale.case, by=tale.clerk())


def reopened(tale: Tale) -> None:
    """Closed, and the trouble is back."""
    _to_told(tale)
    tale.rates("yes", 4)
    tale.wait(10, 14)
    actions.reopen(tale.case, by=tale.citizen(), reason=tale.say("reopen"))
    tale.wait(0.05, 0.4)
    tale.accepts()


# -- side roads ----------------------------------------------------------------------------------------------
def redispatched(tale: Tale) -> None:
    """Sent to the wrong unit, which objects; the right one answers."""
    objection = tale.is_sent_amiss()
    tale.wait(0.1, 0.8)
    tale.is_sent_on(objection)
    _answered_and_rated(tale)


def kept(tale: Tale) -> None:
    """The objection is rejected; the unit answers after all."""
    tale.is_sent()
    objection = tale.objects()
    tale.wait(0.1, 0.8)
    actions.reject_objection(objection, by=tale.desk(Role.DISPATCHER), reason=tale.say("reject"))
    tale.answers()
    tale.approves()
    tale.tells()
    tale.rates("yes", 3, 4)


def designated(tale: Tale) -> None:
    """Two units object; the desk designates one with binding force."""
    objection = tale.is_sent_amiss()
    tale.wait(0.1, 0.5)
    right = tale.is_sent_on(objection)
    second = tale.objects()
    tale.wait(0.1, 0.5)
    by = tale.desk(Role.DISPATCHER)
    tale.order = actions.designate(second, by=by, unit=right, reason=tale.say("designate"))
    tale.answers()
    tale.approves()
    tale.tells()
    tale.rates("yes", 3)


def disputed(tale: Tale) -> None:
    """The unit has objected; nobody has decided yet."""
    tale.is_sent_amiss()


def extended(tale: Tale) -> None:
    """The unit asks for more time and gets it."""
    tale.is_sent()
    tale.signs()
    extension = tale.asks_for_time()
    tale.wait(0.1, 0.5)
    actions.grant_extension(extension, by=tale.desk(Role.DISPATCHER))
    tale.tells()
    tale.answers(3, 6)
    tale.approves()
    tale.tells()
    tale.rates("yes", 4)


def asking(tale: Tale) -> None:
    """The unit has asked for more time; meanwhile others find the title and join."""
    tale.is_sent()
    tale.signs()
    if tale.matter.nature != Case.Nature.REPORT:
        actions.release_title(tale.case, by=tale.clerk(), title=tale.case.title)
        tale.hurry(1, 6)
        for n in range(2):
            newcomer = Actor.citizen().claiming(tale.at)
            who = tale.person(Party.Role.JOINED)
            actions.join(tale.case, by=newcomer, member=who, key=f"{tale.key}:joined:{n}")
    tale.asks_for_time()


def declined(tale: Tale) -> None:
    """Not for this office: the ground, the basis and the right way are told."""
    _declined(tale)


def contested(tale: Tale) -> None:
    """Declined, contested, and taken on by another clerk."""
    _declined(tale)
    tale.hurry(8, 40)
    actions.contest(tale.case, by=tale.citizen(), why=tale.say("contest"))
    tale.wait(0.1, 0.5)
    tale.accepts(place=1)


def merged(tale: Tale) -> None:
    """Two people about the same matter: the second is joined to the first, and both are told."""
    tale.is_sent()
    tale.signs()
    first = tale.case
    tale.hurry(1, 6)
    tale.registers(idempotency_key=f"{tale.key}:second")
    second, tale.case = tale.case, first
    tale.wait(0.05, 0.3)
    actions.merge(second, into=first, by=tale.clerk())
    tale.tells(second)
    tale.answers()
    tale.approves()
    tale.tells()
    tale.tells(second)
    tale.rates("yes", 4)


def withdrawn(tale: Tale) -> None:
    """The petitioner takes it back."""
    tale.is_sent()
    tale.hurry(2, 12)
    actions.withdraw(tale.case, by=tale.citizen(), why=tale.say("withdrawn"))


def brought(tale: Tale) -> None:
    """A representative brings it in, is told too, and rates too."""
    post = tale.stage.representative
    if post is None:
        return solved(tale)
    tale.channel = "representative"
    parties = [tale.person(), actions.PartyIn(role=Party.Role.BRINGER, post=post)]
    intake = tale.intake(parties=parties, track="hotline", confidentiality=Case.Confidentiality.OPEN)
    tale.case = actions.register(intake, by=Actor.of(post).claiming(tale.at)).case
    tale.wait(0.05, 0.4)
    tale.accepts()
    tale.wait(0.05, 0.3)
    tale.dispatches()
    _answered_and_rated(tale)
    evaluation.rate_bringer(tale.case, by=tale.citizen(), satisfied=tale.chance.choice((3, 4, 5, 5)))


def assisted(tale: Tale) -> None:
    """One unit leads, another assists."""
    tale.comes_in()
    tale.wait(0.05, 0.3)
    helper = tale.stage.stranger(tale.matter.category, tale.region, tale.chance)
    tale.dispatches(assisting=(helper,))
    _answered_and_rated(tale)


def urgent(tale: Tale) -> None:
    """Danger: hours count, by day and night."""
    tale.channel = "phone"
    tale.registers(track="urgent", urgency=Case.Urgency.IMMEDIATE)
    tale.hurry(0.1, 0.3)
    tale.accepts()
    tale.hurry(0.1, 0.3)
    tale.dispatches()
    tale.hurry(0.2, 1)
    actions.sign(tale.order, by=tale.unit_of(tale.order))
    tale.hurry(2, 8)
    outcome = tale.matter.outcome
    by = tale.unit_of(tale.order)
    actions.answer(tale.order, by=by, text=tale.matter.answer, outcome=outcome, pledge=tale.pledge(outcome))
    tale.approves()
    tale.tells()
    tale.rates("yes", 5)


def reported(tale: Tale) -> None:
    """A report: the unit complained of never learns that it exists."""
    accused = tale.chance.choice([u for u in tale.stage.bodies if u.kind == Unit.Kind.DEPARTMENT])
    tale.takes(tale.matter, unit=str(accused))
    tale.channel = "web"
    tale.comes_in(accused_units=[accused], confidentiality=Case.Confidentiality.SEALED)


# -- under way -----------------------------------------------------------------------------------------------
def just_in(tale: Tale) -> None:
    """Nobody has looked at it yet."""
    tale.registers()


def waiting(tale: Tale) -> None:
    """Taken on, not dispatched."""
    tale.comes_in()


def unsigned(tale: Tale) -> None:
    """Dispatched, not signed for."""
    tale.is_sent()


def in_hand(tale: Tale) -> None:
    """The unit is at it, in time."""
    tale.is_sent()
    tale.signs()
    if tale.chance.random() < 0.5:
        actions.note(tale.case, by=tale.clerk(), text=tale.say("notes"))


def overdue(tale: Tale) -> None:
    """The unit signed, and nothing came."""
    tale.is_sent()
    tale.signs()


def in_review(tale: Tale) -> None:
    """Answered; the reviewer reads it."""
    tale.is_sent()
    tale.signs()
    tale.answers(0.3, 1)


def to_be_told(tale: Tale) -> None:
    """Approved; nobody has picked up the telephone."""
    in_review(tale)
    tale.approves()
    tale.wait(0.05, 0.2)
    actions.contact(tale.case, by=tale.desk(Role.CALLER), how=Contact.How.PHONE, outcome="missed")


def told(tale: Tale) -> None:
    """Told; the rating is awaited."""
    in_review(tale)
    tale.approves()
    tale.tells()


def _to_told(tale: Tale, *, text: str = "", outcome: str = "") -> None:
    tale.is_sent()
    tale.signs()
    tale.answers(text=text, outcome=outcome)
    tale.approves()
    tale.tells()


def _answered_and_rated(tale: Tale) -> None:
    tale.signs()
    tale.answers()
    tale.approves()
    tale.tells()
    tale.rates("yes", 4, 5)


def _declined(tale: Tale) -> None:
    tale.registers()
    tale.wait(0.02, 0.2)
    coded = {reason.code: reason for reason in tale.stage.reasons[Reason.For.DECLINE]}
    reason = coded.get(tale.matter.reason) or next(iter(coded.values()))
    actions.decline(tale.case, by=tale.clerk(), reason=reason, words_to_citizen=tale.matter.words)
    tale.tells()


# What a deck of sixty cases holds. Days ago are such that a story of today's deck has come as far as it says.
STORIES: Sequence[Story] = (
    Story(solved, 4, 20, 88),
    Story(silent, 3, 30, 88),
    Story(late, 1, 32, 80),
    Story(unsolved_then_solved, 2, 32, 80),
    Story(unsolved, 1, 11, 15),
    Story(side.rated_wrongly, 1, 16, 24),
    Story(explained, 1, 25, 70),
    Story(sent_back, 2, 18, 60),
    Story(at_once, 2, 25, 85, "inquiries"),
    Story(at_once, 1, 1, 8, "inquiries"),
    Story(praised, 1, 25, 80, "praises"),
    Story(archived, 1, 45, 88),
    Story(reopened, 1, 33, 40),
    Story(redispatched, 1, 20, 70),
    Story(kept, 1, 20, 50),
    Story(designated, 1, 22, 60),
    Story(disputed, 1, 1.5, 2.5),
    Story(extended, 1, 25, 60),
    Story(asking, 1, 3, 4),
    Story(declined, 1, 2, 60, "declined"),
    Story(contested, 1, 5, 8, "declined"),
    Story(merged, 1, 20, 40),
    Story(withdrawn, 1, 5, 50),
    Story(side.in_a_group, 1, 45, 60),
    Story(brought, 1, 18, 60),
    Story(assisted, 1, 18, 60),
    Story(urgent, 1, 8, 60),
    Story(reported, 1, 3, 10, "reports"),
    Story(just_in, 2, 0.02, 0.6),
    Story(waiting, 2, 0.6, 1.5),
    Story(unsigned, 1, 0.8, 1.6),
    Story(in_hand, 2, 1.5, 4),
    Story(overdue, 1, 12, 30),
    Story(side.reminded, 1, 9.6, 14),
    Story(side.supervised, 1, 11.5, 16),
    Story(side.instructed, 1, 7, 9),
    Story(side.listed, 1, 10, 14),
    Story(side.called_in, 1, 11.5, 16),
    Story(in_review, 2, 3, 6),
    Story(to_be_told, 2, 4, 7),
    Story(told, 2, 5, 9),
    Story(side.advised, 1, 3, 40),
    Story(side.forwarded, 1, 4, 7),
    Story(side.referred, 1, 3, 6),
    Story(side.suspended, 1, 5, 9),
    Story(side.handed_over, 1, 3, 40),
    Story(side.terminated, 1, 5, 40),
    Story(side.appealed, 1, 16, 25),
    Story(side.settled_after_all, 1, 20, 28),
    Story(side.explained_in_public, 1, 2, 4),
)


def deck(seed: int) -> list[Story]:
    """Every story as often as it comes, in an order that the seed decides."""
    cards = [story for story in STORIES for _each in range(story.times)]
    Random(f"{seed}:deck").shuffle(cards)  # noqa: S311 (invented cases, not secrets)
    return cards


def begin(story: Story, tale: Tale, *, turn: int, seed: int) -> None:
    """Choose the matter of the turn and the day on which it comes in."""
    tale.takes(dealt(getattr(tale.book, story.of), turn, seed=seed))
    tale.begins(story.least, story.most)
