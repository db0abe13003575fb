"""Bad input on every form: a sentence beside the field, and nothing that was typed is lost.

docs/bad-input.md lists every kind of it, what becomes of it, and the test that proves it.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case, Notice, Party
from huiyin.cases.tests import petitions, roads
from huiyin.evaluation.actions import ask_second_opinion, contest_rating
from huiyin.evaluation.models import Rating
from huiyin.evaluation.rules import Ground
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.actors import Actor
from huiyin.publication.actions import publish
from huiyin.supervision.entries.actions import submit_entry
from huiyin.supervision.entries.rules import AcceptanceRule
from huiyin.supervision.recurrence.actions import ask_recurrence
from huiyin.supervision.recurrence.models import Draw
from huiyin.supervision.recurrence.rules import RecheckRule
from huiyin.web.acts.registry import FORMS
from huiyin.web.citizen.acts import FORMS as OWN_FORMS
from huiyin.web.tests.citizens import Visitor, answered, hand_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Road = Callable[[Cast], Any]


def published(cast: Cast) -> Case:
    """A case that anybody may read."""
    case = roads.told(cast)
    publish(case, by=cast.reviewer, title="夜间噪声", text="夜里太吵", answer="十点后不再外摆")
    return case


def helping(cast: Cast) -> Any:
    """The signed order of a co-handling unit."""
    lead = roads.signed(cast, assisting=[cast.zhujian])
    order = lead.case.orders.get(part="assist")
    actions.sign(order, by=cast.zhujian_handler)
    return order


def dissolved(cast: Cast) -> Any:
    """An order of a unit that is no more."""
    order = roads.signed(cast)
    cast.chengguan.valid_to = date(2026, 11, 1)
    cast.chengguan.save()
    return order


def instructed(cast: Cast) -> Any:
    """What a leader has told the desk."""
    case = roads.accepted(cast)
    return actions.instruct(case, by=cast.leader, unit=cast.centre, text="三天内查明", days=3)


def reported(cast: Cast) -> Any:
    """An instruction on which the desk has reported."""
    told = instructed(cast)
    actions.report_on(told, by=cast.dispatcher, text="已查明")
    return told


def order_of(case: Case) -> Any:
    """The lead order of a case."""
    return case.orders.get(part="lead")


def handed_in(cast: Cast) -> Case:
    """A matter whose unit has handed its ledger's entry in."""
    case = roads.told(cast)
    submit_entry(order_of(case), by=cast.handler)
    return case


def drawn(cast: Cast) -> Case:
    """A closed matter whose petitioner is asked whether it came back."""
    case = roads.closed(cast)
    ask(case)
    return case


def ask(case: Case) -> None:
    """As the worker asks, when the case has been drawn."""
    day = clock.local_date(clock.now())
    drawn_before = {"share": 100, "least": 1, "population": 1, "drawn_at": clock.now()}
    draw, _new = Draw.objects.get_or_create(days=30, day=day, defaults=drawn_before)
    ask_recurrence(case, by=Actor.system("worker"), draw=draw, rule=RecheckRule(30, 100))


def struck(cast: Cast) -> Case:
    """The same, reopened since: it is not the unit's any more."""
    case = handed_in(cast)
    actions.close(case, by=cast.caller)
    actions.reopen(case, by=cast.reviewer, reason="又吵了")
    return case


def brought(cast: Cast) -> Case:
    """A told matter that a representative brought in, and rates too."""
    bringer = PartyIn(role=Party.Role.BRINGER, post=cast.representative.post)
    return roads.told(cast, parties=[PartyIn(name="赵钱孙", phone="13800000001"), bringer])


GROUND = Ground("not_party", "接电话的不是诉求人", "《某规定》第七条", "person")


def rated(cast: Cast) -> Case:
    """A told matter that its petitioner has rated on the telephone."""
    case = roads.told(cast)
    party = Party.objects.get(case=case)
    Rating.objects.create(
        case=case, party=party, round=1, contacted=True, solved="no", satisfied=2, how="call_back",
        at=clock.now(), on=clock.local_date(clock.now()), unit=cast.chengguan,
    )  # fmt: skip
    return case


def contested(cast: Cast) -> Case:
    """The same, and its unit says that somebody else was on the telephone."""
    case = rated(cast)
    contest_rating(case, by=cast.handler, ground=GROUND.code, why="号码已经停用")
    return case


def asked_again(cast: Cast) -> Case:
    """A told case at which somebody else is to look once more."""
    case = roads.told(cast)
    ask_second_opinion(case, by=cast.caller, why="诉求人说没有解决")
    return case


# Every act of the office that asks for something: who does it, and the road to a case where it is possible.
OFFICE: dict[str, tuple[str, Road]] = {
    **dict.fromkeys(("accept", "redact", "decline", "answer_at_once", "merge"), ("clerk", roads.registered)),
    **dict.fromkeys(("withdraw", "note", "attach"), ("clerk", roads.registered)),
    "coordinate": ("dispatcher", lambda cast: roads.signed(cast, assisting=[cast.zhujian])),
    "make_statement": (
        "reviewer",
        lambda cast: actions.owe_statement(roads.registered(cast), by=cast.dispatcher),
    ),
    **dict.fromkeys(("correct_statement", "take_statement_back"), ("reviewer", roads.explained_in_public)),
    "split": ("clerk", lambda cast: roads.registered(cast, points=["限时营业", "清运垃圾"])),
    "contest": ("clerk", roads.declined),
    "accuse": ("clerk", lambda cast: roads.registered(cast, nature=Case.Nature.REPORT)),
    "dispatch": ("dispatcher", roads.accepted),
    **dict.fromkeys(("reject_objection", "redispatch", "designate"), ("dispatcher", roads.objected)),
    **dict.fromkeys(("grant_extension", "refuse_extension"), ("dispatcher", roads.extension_asked)),
    "object": ("outsider", lambda cast: roads.dispatched(cast, lead=cast.weijian)),
    **dict.fromkeys(("contact", "ask_extension", "answer"), ("handler", roads.signed)),
    "delegate": ("handler", roads.signed),
    "contribute": ("zhujian_handler", helping),
    "escalate": ("dispatcher", lambda cast: roads.dispatched(cast, lead=cast.squad)),
    "take_down": ("dispatcher", roads.signed),
    "take_over": ("dispatcher", dissolved),
    "instruct": ("leader", roads.accepted),
    **dict.fromkeys(("remind", "comment"), ("supervisor", roads.accepted)),
    "submit_entry": ("handler", lambda cast: order_of(roads.told(cast))),
    **dict.fromkeys(("accept_entry", "refuse_entry"), ("supervisor", handed_in)),
    "strike_entry": ("supervisor", struck),
    "tell_recurrence": ("caller", drawn),
    "send_feedback": ("supervisor", roads.accepted),
    **dict.fromkeys(("progress_on", "report_on"), ("dispatcher", instructed)),
    "ask_again": ("leader", reported),
    **dict.fromkeys(("ask_petitioner", "propose_suspension"), ("handler", roads.signed)),
    "supply": ("caller", roads.asked_petitioner),
    "ask_upward": ("unit_leader", roads.signed),
    "answer_upward": ("leader", roads.asked_upward),
    "whistle": ("community_handler", lambda cast: roads.called(cast).order),
    "report_in": ("handler", roads.called),
    "judge_whistle": ("community_handler", roads.called),
    "refuse_suspension": ("reviewer", roads.suspension_proposed),
    **dict.fromkeys(
        ("advise_route", "forward", "hand_over", "hand_over_and_end"), ("clerk", roads.registered)
    ),
    **dict.fromkeys(("chase", "record_receipt", "record_outcome", "take_back"), ("clerk", roads.forwarded)),
    "refer_elsewhere": ("clerk", roads.accepted),
    **dict.fromkeys(("resume_from", "settled_elsewhere"), ("clerk", roads.referred)),
    "counsel": ("caller", roads.told),
    "record_counselling": ("caller", roads.counselled),
    "propose_termination": ("dispatcher", roads.accepted),
    **dict.fromkeys(("confirm_termination", "refuse_termination"), ("reviewer", roads.to_terminate)),
    "redo": ("reviewer", roads.answered),
    "record_told": ("caller", lambda cast: roads.owed(roads.approved(cast))),
    "rate": ("representative", brought),
    "ask_second_opinion": ("reviewer", roads.told),
    "ask_peer": ("reviewer", roads.told),
    "weigh_view": ("reviewer", roads.peer_answered),
    "contest_rating": ("handler", rated),
    **dict.fromkeys(("uphold_contest", "refuse_contest"), ("supervisor", contested)),
    "give_second_opinion": ("supervisor", asked_again),
    **dict.fromkeys(("explain_and_close", "publish"), ("reviewer", roads.told)),
    "unpublish": ("reviewer", published),
    "release_title": ("clerk", roads.registered),
    "take_title_back": (
        "clerk",
        lambda cast: actions.release_title(roads.registered(cast), by=cast.clerk, title="夜间噪声"),
    ),
    "reopen": ("reviewer", roads.closed),
    "declare_incident": ("dispatcher", roads.registered),
    **dict.fromkeys(("end_incident", "explain_to_all"), ("dispatcher", roads.incident)),
    **dict.fromkeys(("fulfil_promise", "change_promise"), ("handler", roads.promised)),
    "answer_privately": ("handler", roads.grouped_signed),
    "give_opinion": ("handler", petitions.signed),
    "confer_and_designate": ("supervisor", lambda cast: roads.accepted(cast, **petitions.PETITION)),
    "record_prior_step": ("clerk", roads.registered),
    "ask_review": ("clerk", petitions.told),
    "ask_rereview": ("clerk", petitions.reviewed),
    "take_review_back": ("clerk", petitions.asked),
    **dict.fromkeys(("hold_hearing", "decide_review"), ("supervisor", petitions.asked)),
    "decide_rereview": ("leader", petitions.asked_again),
    **dict.fromkeys(
        ("add_party", "leave", "appoint_spokespersons", "appoint_agent", "end_agency", "tell_privately"),
        ("clerk", roads.grouped),
    ),
}
ASK_NOTHING = {
    "take_peer_back", "owe_statement", "recall_order",
    "take_question_back", "approve_suspension", "end_suspension", "settle_instruction", "sign", "approve", "unmerge", "close", "archive", "end_hearing", "finalise"}  # fmt: skip
NOTHING_NEEDED = (
    "office:grant_extension",
    "office:submit_entry",
    "office:take_review_back",
    "citizen:withdraw",
    "citizen:leave",
)
ABOUT_CASE = {"redo", "coordinate"}  # the road leads to an order, the act is about its case
CITIZEN = ("new", "follow", *(name for name, form in OWN_FORMS.items() if form.base_fields))
OTHERS = ("entry", "original", "private", "view")


@pytest.fixture(autouse=True)
def _in_spring(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every deadline, also the sixty days of a petition, ends in a year whose calendar is known."""
    monkeypatch.setattr("huiyin.supervision.entries.rules.acceptance_rules", lambda: [AcceptanceRule()])
    monkeypatch.setattr("huiyin.evaluation.contests.grounds", lambda _on: [GROUND])
    with clock.frozen(petitions.SPRING):
        yield


# -- where the forms are -------------------------------------------------------------------------------------
@pytest.fixture
def page(cast: Cast, sign_in: Any, request: pytest.FixtureRequest) -> tuple[Client, str]:
    """A browser before the form that the test is about, and the form's address."""
    cache.clear()
    audience, name = request.param.split(":")
    if audience == "citizen":
        return own_form(cast, name)
    if name == "entry":
        return sign_in(cast.clerk), reverse("desk:entry")
    if name == "original":
        return sign_in(cast.clerk), reverse("cases:original", args=[roads.registered(cast).number])
    if name == "view":
        view = roads.peer_asked(cast)
        return sign_in(cast.zhujian_leader), reverse("unit:peer", args=[view.pk])
    if name == "private":
        return sign_in(cast.clerk), reverse("cases:private", args=[roads.grouped(cast).number])
    who, road = OFFICE[name]
    target = road(cast)
    case = target if isinstance(target, Case) else getattr(target, "case", None) or target.order.case
    about = [] if target is case or name in ABOUT_CASE else [target.pk]
    return sign_in(getattr(cast, who)), reverse("cases:act", args=[case.number, name, *about])


def own_form(cast: Cast, name: str) -> tuple[Client, str]:
    """A citizen's browser before one of their forms, and its address."""
    if name in ("new", "follow"):
        return Client(), reverse(f"citizen:{name}")
    visitor = hand_in(key=uuid.uuid4().hex)
    if name in ("private", "leave"):
        _make_a_group(cast, visitor)
    if name == "contest":
        actions.decline(visitor.case, by=cast.clerk, reason=cast.no_duty)
    if name == "supply":
        actions.ask_petitioner(visitor.case, by=cast.clerk, said="请写明地点")
    if name in ("rate", "reopen", "recurrence"):
        answered(cast, visitor.case)
        visitor.client.get(visitor.page)  # reading it is being told
    if name in ("reopen", "recurrence"):
        actions.close(visitor.case, by=cast.caller)
    if name == "recurrence":
        ask(visitor.case)
    return visitor.client, reverse("citizen:act", args=[visitor.number, name])


def _make_a_group(cast: Cast, visitor: Visitor) -> None:
    """Somebody else joins, and takes the place of the petitioner, who may now go."""
    other = actions.add_party(visitor.case, by=cast.clerk, member=PartyIn(role="member", name="乙")).party
    Party.objects.filter(pk=other.pk).update(role="petitioner")


def everywhere(*without: str) -> Any:
    """Every form of citizen, entry and acts, but for those."""
    names = [f"citizen:{name}" for name in CITIZEN] + [f"office:{name}" for name in (*OFFICE, *OTHERS)]
    left = [name for name in names if name not in without]
    return pytest.mark.parametrize("page", left, indirect=True, ids=left)


def test_every_form_is_walked():
    assert set(FORMS) == set(OFFICE) | ASK_NOTHING
    for name in ASK_NOTHING:
        assert not FORMS[name].base_fields, name


# -- empty, and far too long ---------------------------------------------------------------------------------
@everywhere(*NOTHING_NEEDED)  # of these, nothing has to be said
def test_an_empty_form_says_beside_each_field_what_is_missing(page):
    client, address = page
    assert client.get(address).status_code == 200
    answer = client.post(address, {"csrfmiddlewaretoken": "every browser sends one"})
    assert answer.status_code == 422
    form, told = answer.context["form"], answer.content.decode()
    assert form.errors
    for name, field in form.fields.items():
        if field.required and not isinstance(field.widget, forms.HiddenInput):
            assert _said_beside(form, name, told), name
    assert "这个字段" not in told and "This field" not in told
    assert 'class="errors"' in told and "您填写的内容都还在" in told


@everywhere(
    "office:attach",
    "office:accuse",
    "office:delegate",
    "office:take_over",
    "office:coordinate",
    "office:end_agency",
    "office:uphold_contest",
    "citizen:rate:",
    "office:rate:",
)
def test_words_that_are_too_long_are_counted_and_kept(page):
    client, address = page
    form = client.get(address).context["form"]
    sent = dict(_filled(form))
    long = [name for name, field in form.fields.items() if _most(field)]
    assert long, "a form of words has at least one field for them"
    answer = client.post(address, sent)
    assert answer.status_code == 422
    form, told = answer.context["form"], answer.content.decode()
    for name in long:
        assert _said_beside(form, name, told), name
        assert f"最多 {_most(form.fields[name])} 个字" in " ".join(form.errors[name]), name
        assert sent[name] in told, f"{name} was lost"
    for name, value in sent.items():
        assert form[name].value() == value, f"{name} was lost"


@everywhere("office:attach", *NOTHING_NEEDED)
def test_a_second_try_needs_only_what_was_missing(page):
    """Whatever else was typed comes back with the form, so that mending one field is enough."""
    client, address = page
    form = client.get(address).context["form"]
    sent = {name: value[:20] if _most(form.fields[name]) else value for name, value in _filled(form)}
    needed = [name for name in sent if form.fields[name].required]
    if needed:
        sent[needed[0]] = [] if isinstance(sent[needed[0]], list) else ""
    else:
        sent = dict.fromkeys(sent, "")
    answer = client.post(address, sent)
    assert answer.status_code == 422
    for name, value in sent.items():
        assert answer.context["form"][name].value() == value, f"{name} was lost"


def _filled(form: Any) -> Iterator[tuple[str, Any]]:
    """A value for every field: words one letter too long, and the first of every choice."""
    for name, field in form.fields.items():
        if isinstance(field.widget, forms.HiddenInput):
            yield name, form[name].value()
        elif isinstance(field, forms.MultipleChoiceField):
            yield name, [next(_values(field))]
        elif isinstance(field, forms.ChoiceField):
            yield name, next(_values(field))
        elif isinstance(field, forms.IntegerField):
            yield name, "3"
        elif _most(field):
            yield name, "长" * (_most(field) + 1)


def _values(field: forms.ChoiceField) -> Iterator[str]:
    """The values of a choice, out of their groups."""
    for value, label in field.choices:
        grouped = isinstance(label, (list, tuple))
        yield from (str(inner) for inner, _words in label) if grouped else [str(value)] if value else []


def _most(field: forms.Field) -> int:
    """How many letters a field for words takes; 0 when it is none, or hidden."""
    words = isinstance(field, forms.CharField) and not isinstance(field.widget, forms.HiddenInput)
    return field.max_length or 0 if words else 0


def _said_beside(form: Any, name: str, told: str) -> bool:
    """Whether an error of the field stands beside it, tied to it for those who listen."""
    place = f"{form[name].auto_id}_error"
    return bool(form.errors.get(name)) and f'id="{place}"' in told and told.count(place) > 1


def test_nobody_is_owed_anything_by_a_bad_form(cast, sign_in):
    notice: Notice = roads.owed(roads.approved(cast))
    where = reverse("cases:act", args=[notice.case.number, "record_told", notice.pk])
    assert sign_in(cast.caller).post(where, {"how": "spoken", "said": ""}).status_code == 422
    assert roads.fresh(notice).told_at is None


@pytest.mark.parametrize("day", ["9999-12-31", "2200-01-01"])
def test_a_day_at_the_end_of_time_is_a_slip_of_the_hand(cast, sign_in, day):
    case = roads.told(cast)
    sent = {"to": "县心理协会", "until": day, "said": "失眠半年"}
    answer = sign_in(cast.clerk).post(reverse("cases:act", args=[case.number, "counsel"]), sent)
    assert answer.status_code == 422 and "年份太远了" in answer.content.decode()


# -- odd words, in the citizen's form and in the desk's entry ------------------------------------------------
BOTH = pytest.mark.parametrize("page", ["citizen:new", "office:entry"], indirect=True)
TOLD = {
    "nature": "appeal",
    "confidentiality": "sealed",
    "headcount": "1",
    "channel": "visit",
    "urgency": "normal",
}


def filled(text: str, **more: str) -> dict[str, str]:
    """As much as either form needs."""
    return {**TOLD, "text": text, "key": uuid.uuid4().hex, **more}


def urlencoded(values: dict[str, str]) -> str:
    """As a browser sends a form; a lone surrogate goes as the three octets that no text may hold."""
    return urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in values.items()})


ODD = {
    "emoji": ("灯不亮😀👨‍👩‍👧", "灯不亮😀👨‍👩‍👧"),
    "control characters": ("灯\x00不\x08亮\x1b[31m\x7f", "灯不亮[31m"),
    "ends of lines": ("灯不亮\r\n三天了\r四天了", "灯不亮\n三天了\n四天了"),
    "a lone surrogate": ("灯不亮\ud83d三天", "灯不亮\N{REPLACEMENT CHARACTER}三天"),
    "right-to-left marks": ("灯\u202e不亮\u202c\u2066三天\u2069", "灯不亮三天"),
    "markup": ("<script>alert(1)</script><b>灯</b>", "<script>alert(1)</script><b>灯</b>"),
    "statements": ("灯'; DROP TABLE cases_case; -- \" OR 1=1", "灯'; DROP TABLE cases_case; -- \" OR 1=1"),
    "a template": ("灯{{ 7|add:7 }}{% now %}", "灯{{ 7|add:7 }}{% now %}"),
}


@BOTH
@pytest.mark.parametrize("odd", ODD)
def test_odd_words_are_words(page, odd):
    client, address = page
    typed, kept = ODD[odd]
    answer = client.post(address, urlencoded(filled(typed)), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 302, re.findall(r"field__error[^>]*>[^<]*", answer.content.decode())
    stored = Case.objects.get().original_text.open(Permit(holder="test", purpose=Purpose.OWN))
    assert [re.sub("\N{REPLACEMENT CHARACTER}+", "\N{REPLACEMENT CHARACTER}", stored)] == [kept]
    shown = client.get(answer["Location"]).content.decode()
    assert "<script>alert" not in shown and "14" not in re.findall("灯(.*?)<", shown)


@BOTH
def test_a_hundred_thousand_letters_are_counted_and_come_back_to_the_last(page):
    client, address = page
    long = "好" * 99_999 + "尾"
    answer = client.post(address, filled(long, place="石桥路八号"))
    told = answer.content.decode()
    assert answer.status_code == 422 and "最多 20000 个字，现在有 100000 个" in told
    assert long in told and "石桥路八号" in told and not Case.objects.exists()


@BOTH
def test_a_browser_cuts_nothing_off_that_is_pasted(page):
    client, address = page
    told = client.get(address).content.decode()
    assert 'name="text"' in told and not re.search(
        r"<textarea[^>]*maxlength|<input[^>]*maxlength[^>]*name=.(place|name)", told
    )


@BOTH
def test_a_line_with_a_letter_that_nobody_sees_is_named(page):
    client, address = page
    answer = client.post(address, filled("灯不亮", place="石桥\x00路"))
    assert answer.status_code == 422 and "具体地点里有看不见的字符" in answer.content.decode()


@BOTH
@pytest.mark.parametrize("phone", ["+852 2123 4567", "0044 20 7946 0958", "+1 (650) 253-0000"])
def test_a_telephone_from_elsewhere_is_as_good(page, phone):
    client, address = page
    assert client.post(address, filled("灯不亮", phone=phone)).status_code == 302


@BOTH
def test_pressed_twice_it_is_one_case(page):
    client, address = page
    sent = filled("灯不亮")
    first, second = client.post(address, sent), client.post(address, sent)
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize("began", ["99999999999", "4102444800", "-5", "gestern", "1e9", ""])
def test_a_call_that_began_in_the_future_is_a_call_all_the_same(cast, sign_in, began):
    sent = filled("灯不亮", channel="phone", began=began)
    answer = sign_in(cast.clerk).post(reverse("desk:entry"), sent)
    assert answer.status_code in (302, 422)
    assert answer.status_code == 302 or "灯不亮" in answer.content.decode()


# -- signed out, and without cookies -------------------------------------------------------------------------
def test_whoever_is_signed_out_while_writing_gets_the_words_back_and_the_way_in(cast):
    case = roads.registered(cast)
    for where, sent in (
        (reverse("desk:entry"), filled("夜里灯不亮", title="路灯", points="修灯", phone="13800000001")),
        (reverse("cases:act", args=[case.number, "note"]), {"text": "打过三次电话"}),
        (reverse("cases:act", args=[case.number, "redact"]), {"readable_text": "遮住了名字的话"}),
    ):
        answer = Client().post(where, sent)
        told = answer.content.decode()
        assert answer.status_code == 403 and f"next={where}" in told and "登录已经过期" in told
        for name in ("text", "title", "points", "readable_text"):
            assert sent.get(name, "") in told, name
        assert "13800000001" not in told and answer["Cache-Control"] == "private, no-store"
    assert Client().get(reverse("desk:entry")).status_code == 302
    assert (
        Client().post(reverse("desk:alike"), {"text": "灯"}, headers={"HX-Request": "true"}).status_code
        == 302
    )


def test_a_browser_that_keeps_no_cookies_is_told_at_the_sign_in(cast):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/accounts/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403 and "没有带来 Cookie" in answer.content.decode()
