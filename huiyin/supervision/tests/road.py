"""Roads to rungs of every kind, through the acts themselves."""

from datetime import date
from typing import Any

import pytest

from huiyin.cases.models import Case
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import DAY, MONDAY, at
from huiyin.organisation.actors import Actor
from huiyin.supervision import actions
from huiyin.supervision.actions import RungIn
from huiyin.supervision.models import Rung
from tests.cast import Cast

TUESDAY = date(2026, 11, 3)
FRIDAY = date(2026, 11, 6)
PROFILE = """
[[rung]]
kind = "order"
days = 3
most = 10
basis = "《某办法》第九条"

[[fault]]
code = "rude"
text = "态度生硬，推诿群众"
basis = "《某条例》第三十五条"

[[fault]]
code = "old"
text = "旧规定"
basis = "《旧办法》第一条"
until = 2020-01-01

[[proposal]]
kind = "order"
mark = "late"
words = "已经过了答复期限。"
"""


@pytest.fixture
def rules(tmp_path: Any, settings: Any) -> Any:
    """A place with rules of its own."""
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "profile.toml").write_text(PROFILE, encoding="utf-8")
    settings.HUIYIN_PROFILES, settings.HUIYIN_PROFILE = tmp_path, "town"
    return tmp_path / "town" / "profile.toml"


def intake(cast: Cast, kind: str = "order", **more: Any) -> RungIn:
    """What the supervisor signs to the city management bureau, by Friday."""
    given: dict[str, Any] = {
        "kind": kind,
        "words": "超期未办，请说明原因。",
        "unit": cast.chengguan,
        "due_on": FRIDAY,
    }
    if kind in ("order", "talk"):
        given["post"] = cast.unit_leader.post
    if kind == "fault":
        given |= {"clause": "rude", "post": cast.handler.post}
    if kind == "charge":
        given |= {"unit": None, "post": cast.leader.post}
    if kind == "circular":
        given |= {
            "unit": None,
            "due_on": None,
            "title": "三季度办理情况",
            "units": (cast.chengguan, cast.weijian),
        }
    return RungIn(**{**given, **more})


def issued(
    cast: Cast, kind: str = "order", *, case: Case | None = None, by: Actor | None = None, **more: Any
) -> Rung:
    """A rung signed on Monday; about a case that the bureau works on where the kind asks for one."""
    with at(MONDAY):
        if case is None and kind in ("order", "listing", "charge"):
            case = roads.signed(cast).case
        signer = by or (cast.leader if kind == "charge" else cast.supervisor)
        return actions.issue(intake(cast, kind, **more), by=signer, case=case)


def appealed(cast: Cast) -> Rung:
    """A fault that the person concerned contests."""
    rung = issued(cast, "fault")
    with at(MONDAY + DAY):
        actions.appeal(rung, by=cast.handler, text="当天有录音，没有推诿")
    return rung


def fresh(rung: Rung) -> Rung:
    """The rung as the database has it."""
    return Rung.objects.get(pk=rung.pk)
