"""Every act tried on a case as it stands: the one list that reports, properties and races share."""

from collections.abc import Callable
from typing import Any

from huiyin.cases import actions
from huiyin.cases.actions.attach import StoredFile
from huiyin.cases.actions.redact import Redaction
from huiyin.cases.models import Case, Extension, Notice, Objection, Order, Point
from huiyin.organisation.actors import Actor
from tests.cast import Cast

FILE = StoredFile("夜市.jpg", "jpg", 3, "0" * 64, "00/00/" + "0" * 64)
READABLE = Redaction(title="夜间噪声", text="烧烤店每晚到两点。")


class Attempt:
    """What an attempt works with: the case, who tries, and a way to choose among rows and units."""

    def __init__(self, cast: Cast, case: Case, by: Actor, choose: Callable[[list], Any]) -> None:
        self.cast, self.case, self.by, self.choose = cast, case, by, choose

    def row(self, model: type, **where: Any) -> Any:
        """One of the case's rows, none if there is none."""
        path = "order__case" if model in (Objection, Extension) else "case"
        found = list(model._default_manager.filter(**{path: self.case}, **where).order_by("pk"))
        return self.choose(found) if found else None

    def unit(self) -> Any:
        """A unit that may or may not be able to take the work."""
        cast = self.cast
        return self.choose([cast.chengguan, cast.squad, cast.weijian, cast.zhujian, cast.community])

    def other(self) -> Any:
        """Another case."""
        found = list(Case.objects.exclude(pk=self.case.pk).order_by("pk"))
        return self.choose(found) if found else None

    def own_order(self) -> Any:
        """An order of the actor's unit, for a unit; none for everybody else."""
        return self.row(Order, unit=self.by.unit) if self.by.role in ("handler", "unit_leader") else None


def _with(pick: Callable[[Attempt], Any], act: Callable[[Attempt, Any], Any]) -> Callable[[Attempt], bool]:
    """Try the act on a row; False when there is no such row to try it on."""

    def attempt(at: Attempt) -> bool:
        row = pick(at)
        if row is None:
            return False
        act(at, row)
        return True

    return attempt


def _on_case(act: Callable[[Attempt], Any]) -> Callable[[Attempt], bool]:
    return _with(lambda at: at, lambda at, _same: act(at))


def _order(at: Attempt) -> Any:
    return at.row(Order)


def _objection(at: Attempt) -> Any:
    return at.row(Objection)


def _extension(at: Attempt) -> Any:
    return at.row(Extension)


def _points(at: Attempt) -> list[Point]:
    return [at.row(Point)]


ATTEMPTS: dict[str, Callable[[Attempt], bool]] = {
    "accept": _on_case(lambda at: actions.accept(at.case, by=at.by, category=at.cast.night_noise)),
    "answer_at_once": _on_case(lambda at: actions.answer_at_once(at.case, by=at.by, text="已电话说明")),
    "decline": _on_case(lambda at: actions.decline(at.case, by=at.by, reason=at.cast.no_duty)),
    "contest": _on_case(lambda at: actions.contest(at.case, by=at.by, why="这正是你们管的")),
    "merge": _with(lambda at: at.other(), lambda at, into: actions.merge(at.case, into=into, by=at.by)),
    "accuse": _on_case(lambda at: actions.accuse(at.case, by=at.by, unit=at.unit())),
    "unmerge": _on_case(lambda at: actions.unmerge(at.case, by=at.by)),
    "dispatch": _on_case(lambda at: actions.dispatch(at.case, by=at.by, lead=at.unit())),
    "dispatch one point": _on_case(
        lambda at: actions.dispatch(at.case, by=at.by, lead=at.unit(), points=_points(at))
    ),
    "dispatch with help": _on_case(
        lambda at: actions.dispatch(at.case, by=at.by, lead=at.cast.chengguan, assisting=[at.cast.zhujian])
    ),
    "sign": _with(_order, lambda at, row: actions.sign(row, by=at.by)),
    "accept_silently": _with(_order, lambda at, row: actions.accept_silently(row, by=at.by)),
    "object": _with(
        _order,
        lambda at, row: actions.object_to(row, by=at.by, reason=at.cast.not_ours, explanation="不归我们"),
    ),
    "reject_objection": _with(
        _objection, lambda at, row: actions.reject_objection(row, by=at.by, reason="归你们")
    ),
    "redispatch": _with(
        _objection, lambda at, row: actions.redispatch(row, by=at.by, unit=at.unit(), reason="归它")
    ),
    "designate": _with(
        _objection, lambda at, row: actions.designate(row, by=at.by, unit=at.unit(), reason="会商")
    ),
    "contact": _on_case(
        lambda at: actions.contact(
            at.case, by=at.by, how="phone", outcome=at.choose(["reached", "missed"]), order=at.own_order()
        )
    ),
    "ask_extension": _with(
        _order, lambda at, row: actions.ask_extension(row, by=at.by, days=3, reason="等检测报告")
    ),
    "grant_extension": _with(_extension, lambda at, row: actions.grant_extension(row, by=at.by)),
    "refuse_extension": _with(
        _extension, lambda at, row: actions.refuse_extension(row, by=at.by, reason="不必等")
    ),
    "answer": _with(
        _order, lambda at, row: actions.answer(row, by=at.by, text="已约谈店主", outcome="solved")
    ),
    "approve": _on_case(lambda at: actions.approve(at.case, by=at.by)),
    "redo": _on_case(lambda at: actions.redo(at.case, by=at.by, reason="没有写明期限")),
    "record_told": _with(
        lambda at: at.row(Notice),
        lambda at, row: actions.record_told(
            row, by=at.by, how=at.choose(["delivered", "spoken"]), said="电话告知", order=at.own_order()
        ),
    ),
    "close": _on_case(lambda at: actions.close(at.case, by=at.by)),
    "explain_and_close": _on_case(
        lambda at: actions.explain_and_close(
            at.case, by=at.by, reason=at.cast.lawful_end, explanation="依法只能到这一步"
        )
    ),
    "reopen": _on_case(lambda at: actions.reopen(at.case, by=at.by, reason="又开始了")),
    "withdraw": _on_case(lambda at: actions.withdraw(at.case, by=at.by)),
    "note": _on_case(lambda at: actions.note(at.case, by=at.by, text="记一笔")),
    "attach": _on_case(lambda at: actions.attach(at.case, by=at.by, stored=FILE)),
    "redact": _on_case(lambda at: actions.redact(at.case, by=at.by, redaction=READABLE)),
    "open_original": _on_case(
        lambda at: actions.open_original(at.case, by=at.by, reason="核对门牌号", order=at.own_order())
    ),
    "archive": _on_case(lambda at: actions.archive(at.case, by=at.by)),
}
