"""Short roads to a told case, for tests of the rooms above cases."""

from datetime import UTC, datetime, timedelta
from typing import Any

from huiyin.cases import actions
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.models import Case, Notice, Party, Point
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor

MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, a plain working week ahead
NEIGHBOUR = PartyIn(name="赵钱孙", phone="13800000001", address="听风县石桥街道石桥路 1 号 2 栋 301 室")


def registered(cast: Any, **more: Any) -> Case:
    """A registered matter of one petitioner, unless `parties` says otherwise."""
    more.setdefault("parties", [NEIGHBOUR])
    intake = Intake(text="楼下烧烤店每晚吵到两点。", title="夜间噪声", **more)
    return actions.register(intake, by=cast.citizen).case


def answered(cast: Any, **more: Any) -> Case:
    """Accepted, dispatched to the city management and answered, waiting for the reviewer."""
    case = registered(cast, **more)
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="店主已加装隔音。", outcome=Point.Outcome.SOLVED)
    case.refresh_from_db()
    return case


def told(cast: Any, **more: Any) -> Case:
    """Answered on Monday, told to every party on Tuesday."""
    with clock.frozen(MONDAY):
        case = answered(cast, **more)
    with clock.frozen(MONDAY + timedelta(days=1)):
        tell(case, cast)
    return case


def tell(case: Case, cast: Any) -> None:
    """Approve the answer, and have every party read it."""
    actions.approve(case, by=cast.reviewer)
    for notice in Notice.objects.filter(case=case, told_at=None):
        actions.record_told(notice, by=Actor.citizen(notice.party_id), how=Notice.How.DELIVERED)
    case.refresh_from_db()


def petitioner(case: Case) -> Actor:
    """The case's first party, by number and code."""
    return Actor.citizen(Party.objects.filter(case=case).order_by("pk").first().pk)


def brought(cast: Any) -> Case:
    """A told matter that the representative brought in for its petitioner."""
    return told(cast, parties=[NEIGHBOUR, PartyIn(role=Party.Role.BRINGER, post=cast.representative.post)])
