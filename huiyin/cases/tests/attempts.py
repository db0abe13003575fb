"""Every act tried on a case as it stands: the one list that reports, properties and races share."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from huiyin.cases import actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.actions.attach import StoredFile
from huiyin.cases.actions.redact import Redaction
from huiyin.cases.models import (
    Case,
    Extension,
    Instruction,
    Notice,
    Objection,
    Order,
    Party,
    PeerView,
    Point,
    Promise,
    Question,
    Referral,
    ReleasedTitle,
    Review,
    Statement,
    Suspension,
    Termination,
    Whistle,
)
from huiyin.cases.promising import Pledge
from huiyin.cases.tests.petitions import opinion_in
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
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

    def colleague(self, order: Order | PeerView) -> Post:
        """Somebody who may or may not be able to have what a unit was given in hand."""
        return self.choose(list(Post.objects.filter(unit=order.unit_id).order_by("pk")))

    def day(self, ahead: int) -> date:
        """A day that lies so many days ahead."""
        return clock.local_date(clock.now() + timedelta(days=ahead))

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


def _somebody(at: Attempt) -> Any:
    return at.row(Party)


def later(*, days: int) -> date:
    """A day ahead."""
    return clock.local_date(clock.now()) + timedelta(days=days)


def _instruction(at: Attempt) -> Any:
    return at.row(Instruction)


def _outside(at: Attempt) -> Any:
    return at.row(Referral, kind=Referral.Kind.OUTSIDE)


def _elsewhere(at: Attempt) -> Any:
    return at.row(Referral, kind=Referral.Kind.ELSEWHERE)


def _termination(at: Attempt) -> Any:
    return at.row(Termination)


def _review(at: Attempt) -> Any:
    return at.row(Review)


CONCLUSIONS = ["support", "explain", "reject"]


def _decision(at: Attempt) -> dict[str, str]:
    decision = at.choose(["uphold", "change", "revoke"])
    return {"decision": decision, "reference": "复〔2026〕1号", "text": "经查", "conclusion": "support"}


def _view(at: Attempt) -> Any:
    return at.row(PeerView)


def _question(at: Attempt) -> Any:
    return at.row(Question)


def _whistle(at: Attempt) -> Any:
    return at.row(Whistle)


def _suspension(at: Attempt) -> Any:
    return at.row(Suspension)


def _points(at: Attempt) -> list[Point]:
    return [at.row(Point)]


ATTEMPTS: dict[str, Callable[[Attempt], bool]] = {
    "accept": _on_case(lambda at: actions.accept(at.case, by=at.by, category=at.cast.night_noise)),
    "answer_at_once": _on_case(lambda at: actions.answer_at_once(at.case, by=at.by, text="已电话说明")),
    "decline": _on_case(lambda at: actions.decline(at.case, by=at.by, reason=at.cast.no_duty)),
    "contest": _on_case(lambda at: actions.contest(at.case, by=at.by, why="这正是你们管的")),
    "merge": _with(lambda at: at.other(), lambda at, into: actions.merge(at.case, into=into, by=at.by)),
    "coordinate": _on_case(
        lambda at: actions.coordinate(
            at.case, by=at.by, leader=at.choose([at.cast.leader.post, at.cast.supervisor.post])
        )
    ),
    "owe_statement": _on_case(lambda at: actions.owe_statement(at.case, by=at.by)),
    "make_statement": _with(
        lambda at: at.row(Statement),
        lambda at, row: actions.make_statement(row, by=at.by, text="正在抢修，今晚恢复"),
    ),
    "correct_statement": _with(
        lambda at: at.row(Statement),
        lambda at, row: actions.correct_statement(row, by=at.by, text="明早恢复", reason="抢修延长"),
    ),
    "take_statement_back": _with(
        lambda at: at.row(Statement),
        lambda at, row: actions.take_statement_back(row, by=at.by, reason="不是这条路"),
    ),
    "split": _on_case(
        lambda at: actions.split(
            at.case, by=at.by, title="另一件", text="垃圾没人清", points=at.choose([(), _points(at)])
        )
    ),
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
    "delegate": _with(_order, lambda at, row: actions.delegate(row, by=at.by, person=at.colleague(row))),
    "contribute": _with(_order, lambda at, row: actions.contribute(row, by=at.by, text="已协查")),
    "escalate": _with(
        _order, lambda at, row: actions.escalate(row, by=at.by, unit=at.unit(), reason="本级解决不了")
    ),
    "take_down": _with(
        _order, lambda at, row: actions.take_down(row, by=at.by, unit=at.unit(), reason="社区能办")
    ),
    "recall_order": _with(_order, lambda at, row: actions.recall_order(row, by=at.by)),
    "take_over": _with(_order, lambda at, row: actions.take_over(row, by=at.by, unit=at.unit())),
    "instruct": _on_case(
        lambda at: actions.instruct(
            at.case, by=at.by, unit=at.choose([at.case.desk, at.cast.chengguan]), text="限期查明", days=2
        )
    ),
    "progress_on": _with(_instruction, lambda at, row: actions.progress_on(row, by=at.by, text="已到现场")),
    "report_on": _with(_instruction, lambda at, row: actions.report_on(row, by=at.by, text="已查明")),
    "settle_instruction": _with(_instruction, lambda at, row: actions.settle_instruction(row, by=at.by)),
    "ask_again": _with(_instruction, lambda at, row: actions.ask_again(row, by=at.by, text="再查", days=1)),
    "remind": _on_case(
        lambda at: actions.remind(
            at.case,
            by=at.by,
            unit=at.choose([at.case.desk, at.cast.chengguan]),
            text="请尽快",
            act_by=at.day(1),
        )
    ),
    "comment": _on_case(lambda at: actions.comment(at.case, by=at.by, text="请核对依据")),
    "ask_petitioner": _on_case(
        lambda at: actions.ask_petitioner(at.case, by=at.by, said="请写明楼号", order=at.own_order())
    ),
    "supply": _with(_question, lambda at, row: actions.supply(row, by=at.by, text="三号楼")),
    "supplement_lapsed": _with(_question, lambda at, row: actions.supplement_lapsed(row, by=at.by)),
    "ask_upward": _on_case(
        lambda at: actions.ask_upward(at.case, by=at.by, said="能否联合执法", order=at.own_order())
    ),
    "answer_upward": _with(
        _question, lambda at, row: actions.answer_upward(row, by=at.by, text="可以", act_by=at.day(10))
    ),
    "take_question_back": _with(_question, lambda at, row: actions.take_question_back(row, by=at.by)),
    "whistle": _with(
        _order, lambda at, row: actions.whistle(row, by=at.by, units=[at.unit()], said="三号楼下会合")
    ),
    "report_in": _with(_whistle, lambda at, row: actions.report_in(row, by=at.by, said="两人到场")),
    "judge_whistle": _with(
        _whistle,
        lambda at, row: actions.judge_whistle(
            row, by=at.by, came=at.choose(["came", "late", "absent"]), said="如此"
        ),
    ),
    "propose_suspension": _on_case(
        lambda at: actions.propose_suspension(
            at.case, by=at.by, plan="等改造开工", until=at.day(30), order=at.own_order()
        )
    ),
    "approve_suspension": _with(_suspension, lambda at, row: actions.approve_suspension(row, by=at.by)),
    "refuse_suspension": _with(
        _suspension, lambda at, row: actions.refuse_suspension(row, by=at.by, reason="现在就能办")
    ),
    "end_suspension": _with(_suspension, lambda at, row: actions.end_suspension(row, by=at.by)),
    "suspension_due": _with(_suspension, lambda at, row: actions.suspension_due(row, by=at.by)),
    "answer": _with(
        _order, lambda at, row: actions.answer(row, by=at.by, text="已约谈店主", outcome="solved")
    ),
    "give_opinion": _with(
        _order,
        lambda at, row: actions.give_opinion(row, by=at.by, written=opinion_in(at.choose(CONCLUSIONS))),
    ),
    "confer_and_designate": _on_case(
        lambda at: actions.confer_and_designate(at.case, by=at.by, unit=at.unit(), minutes="会上商定")
    ),
    "record_prior_step": _on_case(
        lambda at: actions.record_prior_step(
            at.case, by=at.by, kind="handling", body="某市住建局", result="不支持"
        )
    ),
    "ask_review": _with(
        _somebody, lambda at, row: actions.ask_review(at.case, by=at.by, reason="没有查清面积", party=row)
    ),
    "ask_rereview": _with(
        _somebody, lambda at, row: actions.ask_rereview(at.case, by=at.by, reason="还是没有查", party=row)
    ),
    "take_review_back": _with(_review, lambda at, row: actions.take_review_back(row, by=at.by)),
    "hold_hearing": _with(
        _review,
        lambda at, row: actions.hold_hearing(
            row, by=at.by, until=clock.now() + timedelta(days=10), words_of="在街道会议室"
        ),
    ),
    "end_hearing": _with(_review, lambda at, row: actions.end_hearing(row, by=at.by)),
    "decide_review": _with(_review, lambda at, row: actions.decide_review(row, by=at.by, **_decision(at))),
    "decide_rereview": _with(
        _review, lambda at, row: actions.decide_rereview(row, by=at.by, **_decision(at))
    ),
    "finalise": _on_case(lambda at: actions.finalise(at.case, by=at.by)),
    "ask_peer": _on_case(
        lambda at: actions.ask_peer(at.case, by=at.by, unit=at.unit(), question="能不能再降噪")
    ),
    "take_peer_back": _with(_view, lambda at, row: actions.take_peer_back(row, by=at.by)),
    "entrust_view": _with(
        _view, lambda at, row: actions.entrust_view(row, by=at.by, person=at.colleague(row))
    ),
    "give_view": _with(
        _view,
        lambda at, row: actions.give_view(
            row, by=at.by, verdict=at.choose(PeerView.Verdict.values), opinion="可以加隔音", basis="某规范"
        ),
    ),
    "weigh_view": _with(
        _view,
        lambda at, row: actions.weigh_view(
            row, by=at.by, stands=at.choose(["departed", "followed"]), reason="已检测达标"
        ),
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
    "call": _on_case(lambda at: actions.call(at.case, by=at.by, order=at.own_order())),
    "open_original": _on_case(
        lambda at: actions.open_original(at.case, by=at.by, reason="核对门牌号", order=at.own_order())
    ),
    "archive": _on_case(lambda at: actions.archive(at.case, by=at.by)),
    "declare_incident": _on_case(lambda at: actions.declare_incident(at.case, by=at.by, reason="水管爆裂")),
    "end_incident": _on_case(lambda at: actions.end_incident(at.case, by=at.by, reason="已经修好")),
    "explain_to_all": _on_case(lambda at: actions.explain_to_all(at.case, by=at.by, text="正在抢修")),
    "fulfil_promise": _with(
        lambda at: at.row(Promise), lambda at, row: actions.fulfil_promise(row, by=at.by, text="已经建好")
    ),
    "change_promise": _with(
        lambda at: at.row(Promise),
        lambda at, row: actions.change_promise(
            row, by=at.by, pledge=Pledge("改到下一年", later(days=300)), reason="要等招标"
        ),
    ),
    "answer with a promise": _with(
        _order,
        lambda at, row: actions.answer(
            row, by=at.by, text="采纳", outcome="adopted", pledge=Pledge("装路灯", later(days=90))
        ),
    ),
    "add_party": _on_case(
        lambda at: actions.add_party(
            at.case, by=at.by, member=PartyIn(role="member", name="丙", private="三万元")
        )
    ),
    "join": _on_case(
        lambda at: actions.join(at.case, by=at.by, member=PartyIn(name="丁"), key=str(at.case.version))
    ),
    "release_title": _on_case(lambda at: actions.release_title(at.case, by=at.by, title="夜间噪声")),
    "take_title_back": _with(
        lambda at: at.row(ReleasedTitle),
        lambda at, row: actions.take_title_back(row, by=at.by, reason="写错了"),
    ),
    "leave": _with(_somebody, lambda at, row: actions.leave(at.case, by=at.by, party=row)),
    "appoint_spokespersons": _with(
        _somebody,
        lambda at, row: actions.appoint_spokespersons(at.case, by=at.by, parties=[row], said="开会推选"),
    ),
    "appoint_agent": _with(
        _somebody,
        lambda at, row: actions.appoint_agent(
            at.case, by=at.by, agent=PartyIn(name="代一"), acts_for=row, authority=FILE
        ),
    ),
    "end_agency": _with(
        lambda at: at.row(Party, role="agent") or at.row(Party),
        lambda at, row: actions.end_agency(at.case, by=at.by, agent=row),
    ),
    "tell_privately": _with(
        _somebody, lambda at, row: actions.tell_privately(at.case, by=at.by, party=row, text="我家两亩")
    ),
    "open_private": _with(
        _somebody,
        lambda at, row: actions.open_private(at.case, by=at.by, party=row, reason="核对补偿金额"),
    ),
    "answer_privately": _with(
        _order,
        lambda at, row: actions.answer_privately(
            row, by=at.by, party=at.row(Party), text="您家应补三万六千元"
        ),
    ),
    "advise_route": _on_case(
        lambda at: actions.advise_route(at.case, by=at.by, reason=at.cast.to_court, body="县人民法院")
    ),
    "forward": _on_case(
        lambda at: actions.forward(at.case, by=at.by, body="青山县信访局", said="事发地在该县")
    ),
    "chase": _with(_outside, lambda at, row: actions.chase(row, by=at.by, said="电话催问，答复下周")),
    "record_receipt": _with(
        _outside, lambda at, row: actions.record_receipt(row, by=at.by, receipt="青信收 7 号")
    ),
    "record_outcome": _with(
        _outside, lambda at, row: actions.record_outcome(row, by=at.by, text="该县已修好", outcome="solved")
    ),
    "take_back": _with(_outside, lambda at, row: actions.take_back(row, by=at.by, reason="该县说不归它管")),
    "hand_over": _on_case(lambda at: actions.hand_over(at.case, by=at.by, service="119", reference="119-7")),
    "hand_over_and_end": _on_case(lambda at: actions.hand_over_and_end(at.case, by=at.by, service="110")),
    "refer_elsewhere": _on_case(
        lambda at: actions.refer_elsewhere(
            at.case,
            by=at.by,
            procedure="mediation",
            body="银杏社区调解委员会",
            until=later(days=at.choose([1, 9])),
        )
    ),
    "resume_from": _with(_elsewhere, lambda at, row: actions.resume_from(row, by=at.by, said="没有谈成")),
    "settled_elsewhere": _with(
        _elsewhere,
        lambda at, row: actions.settled_elsewhere(row, by=at.by, text="双方已签协议", outcome="solved"),
    ),
    "counsel": _on_case(
        lambda at: actions.counsel(at.case, by=at.by, body="县心理协会", until=later(days=7), said="失眠半年")
    ),
    "record_counselling": _with(
        lambda at: at.row(Referral, kind=Referral.Kind.COUNSELLING),
        lambda at, row: actions.record_counselling(row, by=at.by, said="谈过两次"),
    ),
    "propose_termination": _on_case(
        lambda at: actions.propose_termination(at.case, by=at.by, reason=at.cast.dead_end, said="店已搬走")
    ),
    "confirm_termination": _with(
        _termination, lambda at, row: actions.confirm_termination(row, by=at.by, said="属实")
    ),
    "refuse_termination": _with(
        _termination, lambda at, row: actions.refuse_termination(row, by=at.by, reason="店还在")
    ),
}
