"""Roads to every state of a case, through the acts themselves, and checks that hold for every act."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection

from huiyin.cases import actions
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.actions.attach import StoredFile
from huiyin.cases.models import (
    Case,
    Extension,
    Notice,
    Objection,
    Order,
    Party,
    PeerView,
    Point,
    Promise,
    Question,
    Referral,
    Statement,
    Suspension,
    Termination,
    Whistle,
)
from huiyin.cases.pens import subject_of
from huiyin.cases.promising import Pledge
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.kernel.sealing import Sealed
from huiyin.ledger.models import Event
from huiyin.ledger.queries import history
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit
from tests.cast import Cast

FACT = re.compile(r"[a-z][a-z0-9_]*")
CODE, LATIN = re.compile(r"[a-z]+(?:[_-][a-z]+)*"), re.compile(r"^[A-Za-z]|[A-Za-z]$")
MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, a plain working week ahead
DAY = timedelta(days=1)

TOLD_APART = "我家两亩三分地，要补三万六千元"
TWO = (
    PartyIn(name="甲", phone="13800000001"),
    PartyIn(role=Party.Role.MEMBER, name="乙", phone="13800000002"),
)


# -- roads --------------------------------------------------------------------------------------------------
def noise(**more: Any) -> Intake:
    """A neighbour's complaint about night noise, with a name and a phone number."""
    person = PartyIn(name="赵钱孙", phone="13800000001", address="石桥街道 1 号")
    given = {"text": "楼下烧烤店每晚到两点，我电话13800000001。", "title": "夜间噪声", "parties": [person]}
    return Intake(**{**given, **more})


def registered(cast: Cast, **more: Any) -> Case:
    """A case that waits for a clerk."""
    return actions.register(noise(**more), by=cast.citizen).case


def accepted(cast: Cast, **more: Any) -> Case:
    """A case that waits for a dispatcher."""
    case = registered(cast, **more)
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    return case


def dispatched(cast: Cast, *, lead: Unit | None = None, assisting: Sequence[Unit] = (), **more: Any) -> Order:
    """An order that its unit has not signed yet."""
    case = accepted(cast, **more)
    return actions.dispatch(case, by=cast.dispatcher, lead=lead or cast.chengguan, assisting=assisting)


def signed(cast: Cast, *, assisting: Sequence[Unit] = (), **more: Any) -> Order:
    """An order in the hands of the city management bureau."""
    order = dispatched(cast, assisting=assisting, **more)
    actions.sign(order, by=cast.handler)
    return fresh(order)


def objected(cast: Cast, **more: Any) -> Objection:
    """The objection of the health bureau, which got what is not its own."""
    order = dispatched(cast, lead=cast.weijian, **more)
    return actions.object_to(order, by=cast.outsider, reason=cast.not_ours, explanation="餐饮噪声由城管局管")


def extension_asked(cast: Cast, **more: Any) -> Extension:
    """A request for three more days that nobody has decided."""
    return actions.ask_extension(signed(cast, **more), by=cast.handler, days=3, reason="要等检测报告")


def answered(cast: Cast, **more: Any) -> Order:
    """An order whose answer waits for the reviewer."""
    order = signed(cast, **more)
    actions.answer(order, by=cast.handler, text="已约谈店主，限期整改", outcome=Point.Outcome.SOLVED)
    return fresh(order)


def peer_asked(cast: Cast, **more: Any) -> PeerView:
    """What the housing bureau, which had no part in it, was asked about an answer that waits for the reviewer."""
    case = answered(cast, **more).case
    return actions.ask_peer(case, by=cast.reviewer, unit=cast.zhujian, question="还能不能再降噪")


def peer_answered(cast: Cast, *, verdict: str = PeerView.Verdict.SOLVABLE, **more: Any) -> PeerView:
    """The same, and the bureau has said what it thinks."""
    view = peer_asked(cast, **more)
    said = {"opinion": "排烟机可以换成低噪声的", "basis": "《某设计规范》第八条"}
    actions.give_view(view, by=cast.zhujian_leader, verdict=verdict, **said)
    return fresh(view)


def approved(cast: Cast, **more: Any) -> Case:
    """A case whose answer waits to be told."""
    case = answered(cast, **more).case
    actions.approve(case, by=cast.reviewer)
    return case


def told(cast: Cast, **more: Any) -> Case:
    """A case whose parties have all read the answer."""
    case = approved(cast, **more)
    for notice in Notice.objects.filter(case=case, told_at=None):
        actions.record_told(notice, by=Actor.citizen(notice.party_id), how=Notice.How.DELIVERED)
    return fresh(case)


def closed(cast: Cast, **more: Any) -> Case:
    """A closed case."""
    case = told(cast, **more)
    actions.close(case, by=cast.caller)
    return case


def explained(cast: Cast, **more: Any) -> Case:
    """A case closed with an explanation."""
    case = told(cast, **more)
    actions.explain_and_close(
        case, by=cast.reviewer, reason=cast.lawful_end, explanation="依法只能做到这一步"
    )
    return case


def declined(cast: Cast, **more: Any) -> Case:
    """A case refused at the door."""
    case = registered(cast, **more)
    actions.decline(case, by=cast.clerk, reason=cast.no_duty)
    return case


def withdrawn(cast: Cast, **more: Any) -> Case:
    """A case that its petitioner took back."""
    case = registered(cast, **more)
    actions.withdraw(case, by=party_of(case))
    return case


def archived(cast: Cast, **more: Any) -> Case:
    """A closed case that was put away."""
    case = closed(cast, **more)
    actions.archive(case, by=cast.reviewer)
    return case


def merged(cast: Cast, *, into: Case | None = None, **more: Any) -> Case:
    """A case merged into another; `case.parent` is that one, waiting for a clerk unless given."""
    parent, child = into or registered(cast), registered(cast, **more)
    actions.merge(child, into=parent, by=cast.clerk)
    return child


def asked_petitioner(cast: Cast, **more: Any) -> Question:
    """A question to the petitioner, asked by the unit at work, that nobody has answered."""
    order = signed(cast, **more)
    return actions.ask_petitioner(order.case, by=cast.handler, said="请写明是几号楼", order=order)


def asked_upward(cast: Cast, **more: Any) -> Question:
    """A question of a unit's leader that nobody above has answered."""
    order = signed(cast, **more)
    return actions.ask_upward(order.case, by=cast.unit_leader, said="能否联合执法", order=order)


def called(cast: Cast, **more: Any) -> Whistle:
    """The community's call to the city management, which has not come yet."""
    case = registered(cast, **more)
    actions.accept(case, by=cast.clerk, category=cast.stair_lights)
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.community)
    actions.sign(order, by=cast.community_handler)
    calls = actions.whistle(order, by=cast.community_handler, units=[cast.chengguan], said="三号楼下会合")
    return calls[0]


def suspension_proposed(cast: Cast, **more: Any) -> Suspension:
    """A suspension for thirty days that nobody has decided."""
    order = signed(cast, **more)
    until = clock.local_date(clock.now() + 30 * DAY)
    plan = "等老旧小区改造开工时一并更换"
    return actions.propose_suspension(order.case, by=cast.handler, plan=plan, until=until, order=order)


def suspended(cast: Cast, **more: Any) -> Suspension:
    """A suspension in force."""
    proposed = suspension_proposed(cast, **more)
    actions.approve_suspension(proposed, by=cast.reviewer)
    return fresh(proposed)


def advised(cast: Cast, **more: Any) -> Case:
    """A case whose petitioner was told of the legal route."""
    case = registered(cast, **more)
    actions.advise_route(case, by=cast.clerk, reason=cast.to_court, body="听风县人民法院")
    return case


def forwarded(cast: Cast, **more: Any) -> Referral:
    """A case that lies with another county; its receipt has not come."""
    return actions.forward(
        registered(cast, **more), by=cast.clerk, body="青山县信访局", reference="听转 3 号"
    )


def referred(cast: Cast, **more: Any) -> Referral:
    """A case in its unit's hands that rests for a week while mediators try."""
    case = signed(cast, **more).case
    day = clock.local_date(clock.now()) + 7 * DAY
    return actions.refer_elsewhere(
        case, by=cast.clerk, procedure="mediation", body="银杏社区调解委员会", until=day
    )


def counselled(cast: Cast, **more: Any) -> Referral:
    """Somebody who was brought to counselling; the desk asks in a week how it went."""
    day = clock.local_date(clock.now()) + 7 * DAY
    return actions.counsel(told(cast, **more), by=cast.clerk, body="县心理协会", until=day, said="半年睡不好")


def to_terminate(cast: Cast, **more: Any) -> Termination:
    """A case in its unit's hands whose end the dispatcher has proposed."""
    case = signed(cast, **more).case
    return actions.propose_termination(case, by=cast.dispatcher, reason=cast.dead_end, said="店已搬走")


def terminated(cast: Cast, **more: Any) -> Case:
    """A case that two people have ended."""
    row = to_terminate(cast, **more)
    actions.confirm_termination(row, by=cast.reviewer)
    return fresh(row.case)


def grouped(cast: Cast, n: int = 3, **more: Any) -> Case:
    """A case of one petitioner and n − 1 members, the first of whom has told something apart and has an agent."""
    members = [
        PartyIn(role=Party.Role.MEMBER, name=f"钱{number}户", phone=f"1390000{number:04}")
        for number in range(1, n)
    ]
    case = registered(cast, parties=[TWO[0], *members], **more)
    first = Party.objects.filter(case=case, role=Party.Role.MEMBER).order_by("pk")[0]
    actions.tell_privately(case, by=Actor.citizen(first.pk), text=TOLD_APART)
    agent = PartyIn(name="代一", phone="13700000001")
    letter = StoredFile("委托书.jpg", "jpg", 3, "0" * 64, "00/00/" + "0" * 64)
    actions.appoint_agent(case, by=cast.clerk, agent=agent, acts_for=first, authority=letter)
    return fresh(case)


def grouped_signed(cast: Cast) -> Order:
    """An order of the city management about a matter of two people."""
    return signed(cast, parties=TWO)


def explained_in_public(cast: Cast) -> Statement:
    """What the public was told about a matter."""
    owed = actions.owe_statement(registered(cast), by=cast.dispatcher)
    actions.make_statement(owed, by=cast.reviewer, text="正在抢修，今晚恢复")
    return fresh(owed)


def incident(cast: Cast, **more: Any) -> Case:
    """An incident that waits for a clerk; the public is owed a statement."""
    case = registered(cast, **more)
    actions.declare_incident(case, by=cast.dispatcher, reason="主水管爆裂")
    return fresh(case)


def merge_units(old: Unit, *, into: Unit) -> None:
    """A unit that was merged into another: yesterday was its last day."""
    old.valid_to, old.successor = clock.local_date(clock.now() - DAY), into
    old.save()
    remembering.clear()


def promised(cast: Cast, **more: Any) -> Promise:
    """A promise whose author waits to be told the answer."""
    order = signed(cast, **{"nature": Case.Nature.SUGGESTION, **more})
    pledge = Pledge("在巷口装三盏路灯", clock.local_date(clock.now() + 200 * DAY))
    actions.answer(order, by=cast.handler, text="采纳您的建议", outcome="adopted", pledge=pledge)
    actions.approve(order.case, by=cast.reviewer)
    return Promise.objects.get(case=order.case, state=Promise.State.MADE)


# -- looking ------------------------------------------------------------------------------------------------
def fresh(row: Any) -> Any:
    """The row as the database has it now."""
    return type(row)._default_manager.get(pk=row.pk)


def party_of(case: Case, role: str = Party.Role.PETITIONER) -> Actor:
    """The petitioner (or another party) acting by number and code."""
    return Actor.citizen(Party.objects.filter(case=case, role=role).order_by("pk")[0].pk)


def owed(case: Case) -> Notice:
    """The oldest notice that a party of the case still waits for."""
    return Notice.objects.filter(case=case, told_at=None).order_by("pk")[0]


def events(case: Case) -> list[str]:
    """The acts on a case, in order."""
    return [event.kind for event in history(subject_of(case))]


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows that an act may write, as the database holds them, by model: to tell whether anything was written."""
    models = [
        model for room in ("cases", "deadlines", "people") for model in apps.get_app_config(room).get_models()
    ]
    found = {}
    with connection.cursor() as cursor:
        for model in [*models, Event]:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)} ORDER BY id")
            names = [column[0] for column in cursor.description]
            found[model.__name__] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def plain(value: Any) -> Any:
    """A value that can be compared: sealed texts by their encrypted bytes."""
    return value.__reduce__()[1] if isinstance(value, Sealed) else value


# -- checks -------------------------------------------------------------------------------------------------
@contextmanager
def one_event(case: Case, kind: str, by: Actor) -> Iterator[None]:
    """The block writes exactly one event on the case, of this kind, in this actor's name."""
    before = len(events(case))
    yield
    last = history(subject_of(case)).last()
    assert last is not None and (last.kind, last.actor) == (kind, by.name)
    assert all(FACT.fullmatch(name) for name in last.facts), last.facts
    assert {"from", "round"} <= last.facts.keys() and last.facts["to"] == fresh(case).state, last.facts
    assert len(events(case)) == before + 1 == fresh(case).version


@contextmanager
def refused(*saying: str, code: str = "") -> Iterator[Any]:
    """The block is refused in a sentence with these words, and nothing at all is written."""
    with _nothing_written(), pytest.raises(Refused) as caught:
        yield caught
    sentence, own, instead = str(caught.value), caught.value.code, caught.value.instead
    assert all(word in sentence for word in saying), sentence
    assert sentence.endswith("。") and (not code or own == code)
    assert CODE.fullmatch(own) and own != "refused", f"a program cannot tell this refusal from others: {own}"
    for said in (sentence, instead):
        assert not LATIN.search(said), f"what is so, and what to do instead, is told in plain Chinese: {said}"


@contextmanager
def denied() -> Iterator[None]:
    """The block meets "not you", and nothing at all is written."""
    with _nothing_written(), pytest.raises(PermissionDenied):
        yield


@contextmanager
def _nothing_written() -> Iterator[None]:
    before = everything()
    yield
    assert everything() == before


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """The block happens at another time."""
    with clock.frozen(moment):
        yield moment
