"""One case on its way: each step waits a while and does one act, as the post that does it in earnest."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from huiyin.accounts.roles import Role
from huiyin.cases import actions
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.actions.redact import Redaction
from huiyin.cases.models import (
    Case,
    Contact,
    Extension,
    Notice,
    Objection,
    Order,
    Party,
    Point,
    Reason,
    Round,
)
from huiyin.cases.promising import ADOPTED, Pledge
from huiyin.cli.demo.book import Book, Matter, filled
from huiyin.cli.demo.stage import Stage
from huiyin.evaluation import actions as evaluation
from huiyin.evaluation import calling, contests
from huiyin.evaluation.models import COUNTS, CallBack, Rating
from huiyin.evaluation.queries import still_to_rate
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Region, Unit
from huiyin.organisation.place import doors
from huiyin.publication import actions as publication

CHANNELS = {"web": 5, "phone": 4, "mailbox": 2, "visit": 1, "letter": 1}
SELF_SERVED = ("web", "mailbox")


class NotYet(Exception):
    """The next step lies after today: the case rests where it is."""


class Tale:
    """The walk of one case. `at` is the claimed time of the latest step, `order` the lead order in hand."""

    def __init__(self, stage: Stage, book: Book, chance: Random, *, key: str) -> None:
        self.stage, self.book, self.chance, self.key = stage, book, chance, key
        self.at = stage.now
        self.case: Case
        self.order: Order
        self.matter: Matter
        self.channel = "web"

    # -- time and people -------------------------------------------------------------------------------------
    def begins(self, least: float, most: float) -> None:
        """Start so many days ago, at an hour when people are awake."""
        ago = self.chance.uniform(least, most)
        self.at = self.stage.now - timedelta(days=ago)
        local = self.at.astimezone(self.stage.office_hour(self.at, self.chance).tzinfo)
        if ago > 1:
            self.at = local.replace(hour=self.chance.randint(7, 21), minute=self.chance.randint(0, 59))

    def wait(self, least: float, most: float) -> None:
        """Let so many days pass, up to an hour at which the office works. Raises NotYet beyond today."""
        self.comes_to(
            self.stage.office_hour(self.at + timedelta(days=self.chance.uniform(least, most)), self.chance)
        )

    def hurry(self, least: float, most: float) -> None:
        """Let so many hours pass, by day and night."""
        self.comes_to(self.at + timedelta(hours=self.chance.uniform(least, most)))

    def comes_to(self, moment: datetime) -> None:
        """Let time pass up to a moment. Raises NotYet beyond today."""
        if moment > self.stage.now:
            raise NotYet
        self.at = moment

    def desk(self, role: str) -> Actor:
        """Somebody of the desk, now."""
        return self._as(self.stage.posts[role][0])

    def clerk(self, place: int = 0) -> Actor:
        """One of the clerks, now."""
        clerks = self.stage.posts[Role.CLERK]
        return self._as(clerks[place % len(clerks)])

    def _as(self, post: Post) -> Actor:
        return Actor.of(post).claiming(self.at)

    def as_post(self, post: Post) -> Actor:
        """Somebody of no desk and no unit at work, now."""
        return self._as(post)

    def unit_of(self, order: Order) -> Actor:
        """The person to whom the order went, now."""
        return self._as(order.person)

    def citizen(self, party: Party | None = None) -> Actor:
        """The petitioner or another party, now."""
        found = party or Party.objects.filter(case=self.case).order_by("pk").first()
        return Actor.citizen(found.pk if found else None).claiming(self.at)

    def say(self, of: str) -> str:
        """A saying of the book."""
        return self.book.say(of, self.chance)

    # -- the way in ------------------------------------------------------------------------------------------
    def takes(self, matter: Matter, *, unit: str = "", among: Sequence[Region] = ()) -> None:
        """Choose place, number and channel for a matter; the place in one of these regions, if any are named."""
        places = self.book.places_of(matter)
        self.region: Region = self.chance.choice(among or self.stage.regions(list(places)))
        self.place = self.chance.choice(places[self.region.code])
        place = f"{self.region.name}{self.place}"
        self.matter = filled(matter, place=place, n=self.chance.randint(2, 9), unit=unit)
        self.channel = self.chance.choices(list(CHANNELS), weights=list(CHANNELS.values()))[0]

    def person(self, role: str = Party.Role.PETITIONER) -> PartyIn:
        """Somebody invented, who lives in the place."""
        n, m, room = (self.chance.randint(1, 9) for _each in range(3))
        return PartyIn(
            role=role,
            name=self.chance.choice(self.book.names),
            phone=f"1380000{self.chance.randint(0, 9999):04d}",
            address=f"{self.region.name}{self.place}{n} 栋 {m} 单元 {room}02 室",
        )

    def intake(self, **more: object) -> Intake:
        """The matter as it comes in; `more` overrides."""
        person = self.person()
        text = self.matter.text
        if self.chance.random() < 0.25:
            text += f"我叫{person.name}，电话 {person.phone}。"
        values: dict[str, object] = {
            "text": text,
            "title": self.matter.title,
            "nature": self.matter.nature,
            "channel": self.channel,
            "track": "mailbox" if self.channel == "mailbox" else "hotline",
            "region": self.region,
            "place": f"{self.region.name}{self.place}",
            "confidentiality": self.chance.choices(("sealed", "open", "none"), weights=(6, 3, 1))[0],
            "headcount": self.matter.headcount,
            "parties": [person],
            "door": self.chance.choice(doors()).code if self.channel == "visit" and doors() else "",
            "idempotency_key": self.key,
        }
        return Intake(**{**values, **more})  # type: ignore[arg-type]

    def registers(self, **more: object) -> None:
        """The citizen writes, or a clerk writes down what they say."""
        by = Actor.citizen().claiming(self.at) if self.channel in SELF_SERVED else self.clerk()
        self.case = actions.register(self.intake(**more), by=by).case

    def answers_at_once(self, **more: object) -> None:
        """The clerk registers and answers in one breath."""
        by = self.clerk()
        intake = self.intake(channel="phone", track="hotline", **more)
        self.case = actions.register_and_answer(intake, by=by, text=self.matter.answer).case

    def accepts(self, place: int = 0) -> None:
        """A clerk takes it on, files it and confirms the readable text."""
        category = self.stage.categories.get(self.matter.category)
        readable = Redaction(self.case.title, self.case.text, self.case.place)
        actions.accept(self.case, by=self.clerk(place), category=category, redaction=readable)

    def dispatches(self, lead: Unit | None = None, assisting: tuple[Unit, ...] = ()) -> None:
        """The dispatcher sends it to the unit whose duty it is, or to another."""
        unit = lead or self.stage.leader(self.matter.category, self.region)
        by = self.desk(Role.DISPATCHER)
        self.order = actions.dispatch(self.case, by=by, lead=unit, assisting=assisting)

    def comes_in(self, **more: object) -> None:
        """Registered and accepted within the day."""
        self.registers(**more)
        self.wait(0.02, 0.2)
        self.accepts()

    def is_sent(self, **more: object) -> None:
        """Registered, accepted and dispatched."""
        self.comes_in(**more)
        self.wait(0.02, 0.15)
        self.dispatches()

    def is_sent_amiss(self) -> Objection:
        """Dispatched to a unit that has nothing to do with it, and objects."""
        self.comes_in()
        self.wait(0.05, 0.3)
        self.dispatches(self.stage.stranger(self.matter.category, self.region, self.chance))
        return self.objects()

    def is_sent_on(self, objection: Objection) -> Unit:
        """The desk gives it to the unit whose it is."""
        right = self.stage.leader(self.matter.category, self.region)
        by, why = self.desk(Role.DISPATCHER), self.say("redispatch")
        self.order = actions.redispatch(objection, by=by, unit=right, reason=why)
        return right

    # -- the unit --------------------------------------------------------------------------------------------
    def signs(self) -> None:
        """The unit signs within some hours, and mostly calls the petitioner."""
        self.wait(0.03, 0.25)
        actions.sign(self.order, by=self.unit_of(self.order))
        if self.chance.random() < 0.6:
            self.wait(0.02, 0.15)
            self.calls(self.order)

    def calls(self, order: Order) -> None:
        """The unit talks with the petitioner."""
        reached = self.chance.random() < 0.85
        said = self.say("contacts") if reached else ""
        outcome = "reached" if reached else "missed"
        by = self.unit_of(order)
        actions.contact(self.case, by=by, order=order, how=Contact.How.PHONE, outcome=outcome, said=said)

    def objects(self) -> Objection:
        """The unit objects within a day."""
        self.wait(0.1, 0.8)
        reason = self.chance.choice(self.stage.reasons[Reason.For.OBJECTION])
        words = self.say("objections")
        return actions.object_to(self.order, by=self.unit_of(self.order), reason=reason, explanation=words)

    def asks_for_time(self) -> Extension:
        """The unit asks for five more working days."""
        self.wait(0.5, 1.5)
        return actions.ask_extension(
            self.order, by=self.unit_of(self.order), days=5, reason=self.say("extension")
        )

    def answers(self, least: float = 0.4, most: float = 2.6, *, text: str = "", outcome: str = "") -> None:
        """The unit answers after so many days; a question takes it half as long."""
        pace = 0.5 if self.matter.nature == Case.Nature.INQUIRY else 1.0
        self.wait(least * pace, most * pace)
        result = outcome or self.matter.outcome or Point.Outcome.SOLVED
        by = self.unit_of(self.order)
        said = text or self.matter.answer
        actions.answer(self.order, by=by, text=said, outcome=result, pledge=self.pledge(result))

    def pledge(self, outcome: str) -> Pledge | None:
        """What a unit promises with an adopted suggestion: within three months, as the answer says."""
        if self.matter.nature != Case.Nature.SUGGESTION or outcome not in ADOPTED:
            return None
        due_on = clock.local_date(self.at + timedelta(days=self.chance.randint(20, 90)))
        return Pledge(self.say("promises"), due_on)

    # -- the way back ----------------------------------------------------------------------------------------
    def approves(self) -> None:
        """The reviewer lets the answer out."""
        self.wait(0.03, 0.3)
        actions.approve(self.case, by=self.desk(Role.REVIEWER))

    def redoes(self, words: str) -> None:
        """The reviewer sends it back."""
        self.wait(0.1, 0.8)
        [self.order] = actions.redo(self.case, by=self.desk(Role.REVIEWER), reason=self.say(words))

    def tells(self, of: Case | None = None) -> None:
        """Everyone owed something reads it on their page, or hears it from the caller."""
        self.wait(0.03, 0.4)
        owed = Notice.objects.filter(case=of or self.case, told_at=None).order_by("pk")
        for notice in owed.select_related("case", "party", "party__person"):
            if self.channel in SELF_SERVED and notice.party.post_id is None:
                how, said, by = Notice.How.DELIVERED, "", self.citizen(notice.party)
            else:
                how, said, by = Notice.How.SPOKEN, self.say("told"), self.desk(Role.CALLER)
            actions.record_told(notice, by=by, how=how, said=said)

    def rates(self, solved: str, *grades: int) -> None:
        """Each party rates: by itself, or, whoever came by telephone or in person, when they are called back."""
        self.wait(0.3, 3)
        self.case.refresh_from_db()
        words = {"yes": "happy", "partly": "content"}.get(solved, "unhappy")
        for party in still_to_rate(self.case):
            said: dict[str, Any] = {
                "contacted": solved != "no" or self.chance.random() < 0.5,
                "solved": solved,
                "satisfied": self.chance.choice(grades),
                "words": self.say(words),
            }
            if self.channel in SELF_SERVED or party.post is not None or not _has_number(party):
                by = self.citizen(party) if party.post is None else self._as(party.post)
                evaluation.rate(self.case, by=by, **said)
            else:
                self.called(self.chosen(party), result="reached", **said)

    def calls_back(self, solved: str, *, reached: bool = True) -> None:
        """A caller asks whoever was not content, a day or so later; or nobody answers, three times."""
        waiting = CallBack.objects.filter(case=self.case, round=self.case.round, state=CallBack.State.WAITING)
        for row in waiting.select_related("case__parent", "party"):
            for _try in range(1 if reached else 3):
                self.wait(0.3, 1)
                if reached:
                    self.called(row, result="reached", contacted=True, solved=solved, satisfied=2,
                                 words=self.say("unhappy"), solvable="yes")  # fmt: skip
                else:
                    self.called(row, result="no_answer")
        self.case.refresh_from_db()

    def chosen(self, party: Party) -> CallBack:
        """The call-back of a party on whom the lot of the day fell."""
        row, _new = CallBack.objects.get_or_create(
            party=party,
            round=self.case.round,
            defaults={
                "case": self.case,
                "sampled": True,
                "state": CallBack.State.WAITING,
                "not_before": self.at,
                "until": self.at + timedelta(days=10),
            },
        )
        return row

    def called(self, row: CallBack, **said: Any) -> None:
        """The caller whose turn it is takes the number, calls, and writes down what was said."""
        for by in self._callers():
            if calling.waiting(by).filter(pk=row.pk).exists():
                CallBack.objects.filter(pk=row.pk).update(claimed_by=by.post, claimed_until=self.at)
                evaluation.dial(row, by=by)
                evaluation.call_back(row, by=by, **said)
                return

    def _callers(self) -> Iterator[Actor]:
        """Who may call: somebody of the desk, and for what the desk answered itself whoever oversees it."""
        for post in (*self.stage.posts[Role.CALLER], self.stage.supervisor):
            if post is not None:
                yield self._as(post)

    def says_pressed(self) -> None:
        """A petitioner who rated by themselves tells supervision that a good word was asked for, and rates anew."""
        own = Rating.objects.filter(COUNTS, case=self.case, round=self.case.round, how=Rating.How.SELF)
        given = own.select_related("party").filter(party__post=None).first()
        if given is None:
            return
        self.hurry(2, 30)
        evaluation.say_pressed(
            self.case,
            by=self.citizen(given.party),
            words="办事的人打了两次电话，说打低分以后的事就难办。",
            anew={"contacted": True, "solved": "partly", "satisfied": 1},
        )

    def contests_rating(self) -> None:
        """The unit says that the matter is beyond its duties; one who oversees agrees, another still has to."""
        self.hurry(3, 30)
        self.case.refresh_from_db()
        by = self.unit_of(self.order)
        if not contests.may_contest(self.case, by):
            return
        why = "职责清单里没有这一项，派单时已经书面说明，当时请示后仍由我们先办。"
        evaluation.contest_rating(self.case, by=by, ground="beyond-duty", why=why)
        self.hurry(3, 30)
        if self.stage.supervisor is not None:
            evaluation.uphold_contest(self.case, by=self.as_post(self.stage.supervisor))

    def falls_silent(self) -> None:
        """Nobody rates: the case closes when the time for it is over."""
        self.case.refresh_from_db()
        rounds = Round.objects.filter(case=self.case, number=self.case.round)
        over = rounds.values_list("rating_clock__due_at", flat=True).get()
        self.comes_to((over or self.at) + timedelta(minutes=5))
        actions.close(self.case, by=Actor.system("worker").claiming(self.at), because="rating_time_over")

    def is_published(self) -> None:
        """A clerk proposes, the reviewer confirms what is left after masking."""
        self.wait(0.5, 3)
        draft = publication.propose(self.case, by=self.clerk())
        self.wait(0.05, 1)
        by = self.desk(Role.REVIEWER)
        publication.publish(self.case, by=by, title=draft.title, text=draft.text, answer=draft.answer)


def _has_number(party: Party) -> bool:
    return party.person is not None and party.person.phone_index is not None
