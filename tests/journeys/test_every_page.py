"""Every page in both languages, read by axe: no rule of accessibility is broken anywhere.

The pages are found in the url conf, so that a page added tomorrow is read too: each address is opened with the
matters of a small town by the first of its people who may. An address that nobody opens by asking for it stands in
`UNREAD` with the reason. To be cheap, Django answers the browser in this process, and a page that needs no other
sheets and scripts than the one before takes its place as htmx would put it there.
"""

import logging
import mimetypes
import re
from collections.abc import Callable, Iterator
from contextvars import copy_context
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal import auth as recovery_codes
from allauth.mfa.totp.internal import auth as totp
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from huiyin.accounts.models import User
from huiyin.accounts.roles import Role
from huiyin.assessment.actions import propose_omission
from huiyin.assessment.tests import town as assessment
from huiyin.cases import actions, exporting, measures
from huiyin.cases.models import Case, Party
from huiyin.cases.queries import Wanted
from huiyin.cases.tests import petitions, roads
from huiyin.deadlines.queries import work_calendar
from huiyin.evaluation.models import CallBack, Pressure
from huiyin.kernel import batches, clock
from huiyin.ledger.sequencer import sequence
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.organisation.queries import today
from huiyin.publication.actions import publish
from huiyin.publication.bulletins import actions as bulletins
from huiyin.publication.bulletins.periods import over
from huiyin.publication.shelf import keep_up
from huiyin.supervision import actions as supervision
from huiyin.supervision.actions import RungIn
from huiyin.supervision.feedback.actions import send_feedback
from huiyin.supervision.models import Proposal
from huiyin.supervision.outside.actions import ask_unit
from huiyin.supervision.sweeps.actions import plan_sweep
from huiyin.supervision.sweeps.rules import SweepKind
from huiyin.web.acts.registry import FORMS
from huiyin.web.citizen.acts import FORMS as OWN_FORMS
from huiyin.web.desk.measures import ACTS as MEASURE_ACTS
from huiyin.web.signing import views as signing
from huiyin.web.tests.citizens import hand_in, proves_telephone
from huiyin.workbooks import actions as workbooks
from huiyin.workbooks.shipped import SHIPPED
from tests.cast import Cast
from tests.journeys.test_bad_input import ASK_NOTHING, GROUND, OFFICE, Road, handed_in, own_form, reported
from tools.browser import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SITE = "http://testserver"
SEATS = ("clerk", "dispatcher", "reviewer", "handler", "supervisor", "leader", "representative", "administrator",
         "auditor", "community_handler", "zhujian_leader")  # fmt: skip
FORM = "is sent, never asked for"
PART = "is a part of a page, and read where it stands"
FILE = "is a file, of which the town has none"
ONWARD = "only leads on to another page"
ACTS = ("cases:act", "citizen:act")
UNREAD = {
    "cases:file": FILE,
    "citizen:file": FILE,
    "exports:file": FILE,
    "bulletins:file": FILE,
    "public:bulletin_file": FILE,
    "look": FORM,
    "take_post": FORM,
    "citizen:mine_leave": FORM,
    "citizen:forget": FORM,
    "desk:keep_filter": FORM,
    "desk:drop_filter": FORM,
    "desk:many_do": FORM,
    "desk:many_undo": FORM,
    "exports:new": FORM,
    "workbooks:template_act": FORM,
    "desk:call_back_dial": "is sent, and answers with the page of the call-back, the number on it",
    "desk:call_back_take": FORM,
    "desk:call_back_let_go": FORM,
    "citizen:similar": PART,
    "desk:alike": PART,
    "exports:ended": PART,
    "work": ONWARD,
    "desk:find": ONWARD,
    "account_set_password": "is shut: nobody has to set a password that they never had",
}
SENT = [  # pages that answer what somebody has sent
    ("anybody", "/new/", {}),
    ("anybody", "/follow/", {"number": "2648-3917-5062", "code": "AAAA-AAAA"}),
    ("clerk", "/work/desk/entry/", {}),
    ("clerk", "/work/desk/find/", {"q": "13800000001"}),
    ("clerk", "/work/desk/many/", {"act": "note", "text": "已核对", "readers": "desk"}),
]
# Acts that ask for nothing: who does them, and the road to a case where they are possible.
BARE: dict[str, tuple[str, Road]] = {
    "owe_statement": ("dispatcher", roads.registered),
    "recall_order": ("dispatcher", roads.dispatched),
    "take_peer_back": ("reviewer", roads.peer_asked),
    "take_question_back": ("handler", roads.asked_petitioner),
    "approve_suspension": ("reviewer", roads.suspension_proposed),
    "end_suspension": ("handler", roads.suspended),
    "settle_instruction": ("leader", reported),
    "sign": ("handler", roads.dispatched),
    "approve": ("reviewer", roads.answered),
    "unmerge": ("clerk", roads.merged),
    "close": ("caller", roads.told),
    "archive": ("clerk", roads.closed),
    "end_hearing": ("supervisor", petitions.asked),
    "finalise": ("supervisor", petitions.told),
}
PASSWORD = "听风-tingfeng-2026"
ENTRY = {"channel": "phone", "text": "路灯坏了", "nature": "appeal", "urgency": "normal", "step": "",
         "confidentiality": "sealed", "headcount": "1", "key": "a" * 32}  # fmt: skip
# The size of targets (WCAG 2.2, 2.5.8) is a rule that axe leaves to be asked for. A language changes words and no
# colours, so the contrasts, which cost half of the time, are read in Chinese alone.
AXE = """contrast => axe.run({
    resultTypes: ["violations"], preload: false,
    rules: {"target-size": {enabled: true}, "color-contrast": {enabled: contrast}},
}).then(found => found.violations.map(
    each => `${each.id}: ${each.nodes.map(node => node.html).join(" | ")}`
))"""
SWAP = """html => {
    const next = new DOMParser().parseFromString(html, "text/html"), root = document.documentElement;
    document.title = next.title;
    for (const each of [...root.attributes]) root.removeAttribute(each.name);
    for (const each of next.documentElement.attributes) root.setAttribute(each.name, each.value);
    document.body.replaceWith(next.body);
    const detail = {elt: document.getElementById("main")};
    document.dispatchEvent(new CustomEvent("htmx:load", {detail}));
}"""
PARTS = 2  # so that two processes have their share
FILES = re.compile(r'(?:src|href)="(/static/[^"#]+\.(?:css|js))"')


class Reader:
    """Opens pages in one page of the browser and lets axe read them."""

    def __init__(self, page: Any) -> None:
        self.page, self.client, self.held = page, Client(), b""
        self.files: list[str] | None = None
        self.context = copy_context()
        self.axe = Axe().axe_script
        self.found: list[str] = []
        page.route("**/*", self._answer)

    def read_in_both(
        self, name: str, client: Client, answer: Any, told: dict[str, Any] | None = None
    ) -> None:
        """A page as somebody was given it in Chinese, and again in English; `told` is what they sent for it."""
        assert answer.status_code in (200, 422), f"{name}: {answer.status_code}"
        ask = client.get if told is None else client.post
        self.read(f"{name}, Chinese", client, answer, contrast=True)
        client.cookies["django_language"] = "en"
        self.read(f"{name}, English", client, ask(answer.request["PATH_INFO"], told), contrast=False)
        del client.cookies["django_language"]

    def read(self, name: str, client: Client, answer: Any, *, contrast: bool) -> None:
        """A page that somebody was given."""
        self.context = copy_context()  # Playwright answers a request in a context of its own
        self.client, self.held, html = client, answer.content, answer.content.decode()
        files = FILES.findall(html)
        if files == self.files:
            self.page.evaluate(SWAP, html)
        else:
            self.page.goto(f"{SITE}{answer.request['PATH_INFO']}")
            self.page.evaluate(self.axe)
            self.files = files
        self.page.wait_for_function("!document.querySelector('.htmx-request')")
        self.found += [f"{name}: {each}" for each in self.page.evaluate(AXE, contrast)]

    def _answer(self, route: Any) -> None:
        request = route.request
        path = request.url.removeprefix(SITE)
        if request.is_navigation_request():
            route.fulfill(body=self.held, content_type="text/html; charset=utf-8")
        elif path.startswith("/static/"):
            route.fulfill(path=finders.find(path[8:]), content_type=mimetypes.guess_type(path)[0])
        else:
            answer = self.context.run(self._asked, request, path)
            route.fulfill(status=answer.status_code, body=answer.content)

    def _asked(self, request: Any, path: str) -> Any:
        """What a page asks for by itself; in the context of the test, whose database and clock it sees."""
        return self.client.generic(request.method, path, request.post_data or "", headers=request.headers)


# -- a small town with something on every page --------------------------------------------------------------
class Town:
    """Who may sit where, and the numbers and keys that stand in addresses."""

    def __init__(self, cast: Cast, sign_in: Callable[..., Client]) -> None:
        self.seats = {"anybody": Client()}
        self.seats["visitor"], own = _visitor(cast)
        self.seats |= {seat: sign_in(getattr(cast, seat)) for seat in SEATS} | _at_the_door(cast)
        monitor = _monitor(cast)
        self.seats["monitor"] = sign_in(monitor)
        self.seats["asked for a code"] = Client()
        self.seats["asked for a code"].post("/mine/", {"phone": "13800000001"})
        public = _published(cast)
        order = roads.grouped_signed(cast)
        clerk = self.seats["clerk"]
        entered = clerk.post("/work/desk/entry/", ENTRY).headers["Location"].strip("/").split("/")[-1]
        joined = {"role": "member", "name": "丙丁", "phone": "13800000009"}
        clerk.post(reverse("cases:act", args=[order.case.number, "add_party"]), joined)
        others = [roads.explained_in_public(cast).case, petitions.told(cast), roads.incident(cast)]
        self.numbers = [each.number for each in (public, order.case, own, *others)] + [entered]
        self.keys = [str(key) for key in (order.pk, _measure(cast), *_assessed(cast))]
        for road in (roads.accepted, roads.objected, roads.answered, roads.promised):
            road(cast)
        self.keys.append(str(roads.peer_asked(cast).pk))
        self.keys += [*_supervised(cast), *_looked_at(cast), *_called_back(cast)]
        self.keys += _bulletins(cast)
        asked = ask_unit(order.case, by=monitor, unit=cast.chengguan, question="为什么还没有办完？")
        self.keys.append(str(asked.pk))
        template = workbooks.upload(by=cast.supervisor, name="月报", content=SHIPPED["monthly"].made())
        self.keys.append(str(template.pk))
        exporting.ask(cast.clerk, Wanted(), of="cases", kind="csv", language="zh-hans")
        _do_many(clerk, entered)
        sequence()
        keep_up()

    def addresses(self, route: str) -> Iterator[list[str]]:
        """The addresses of a route: each act that stands in it, with every number and key that it may take."""
        slots = re.findall(r"<(?:\w+:)?(\w+)>", route)
        values = {"number": self.numbers, "key": self.keys, "kind": ["opinion", "receipt"]}
        values |= {
            "unit": ["chengguan"],
            "rung": ["talk", "circular", "fault"],
            "step": ["reply", "hold", "inspect"],
            "code": ["information"],
            "deed": ["submit", "send_back"],
        }
        for act in sorted(MEASURE_ACTS) if "act" in slots else [""]:
            filled = []
            for chosen in product(*([act] if slot == "act" else values.get(slot, []) for slot in slots)):
                address = route
                for slot, value in zip(slots, chosen, strict=True):
                    address = re.sub(rf"<(?:\w+:)?{slot}>", value, address, count=1)
                filled.append(f"/{address}")
            yield filled

    def opened(self, addresses: list[str]) -> tuple[str, Any] | None:
        """Who is the first to get one of the addresses, as a whole page or as data, and what they get."""
        for (seat, client), address in product(self.seats.items(), addresses):
            answer = client.get(address)
            if answer.status_code == 200 and (is_data(answer) or is_page(answer)):
                return seat, answer
        return None


def _bulletins(cast: Cast) -> list[str]:
    """A draft, and an issue that everybody reads."""
    last = over("month", today())[0]
    ask = {"by": cast.clerk, "since": last.since, "until": last.until}
    public = bulletins.submit(bulletins.draft(**ask, code="monthly"), by=cast.clerk, version=1)
    bulletins.approve(public, by=cast.leader, version=1)
    bulletins.issue(public, by=cast.clerk)
    inside = bulletins.draft(**ask, code="information")
    return [str(public.pk), str(inside.pk)]


def is_data(answer: Any) -> bool:
    """Whether it is no page at all, but a feed or a file."""
    return not answer.headers["Content-Type"].startswith("text/html")


def is_page(answer: Any) -> bool:
    """Whether it is a whole page, not a part of one."""
    return not is_data(answer) and b"<html" in answer.content[:200]


def _at_the_door(cast: Cast) -> dict[str, Client]:
    """Somebody who has given their password and not yet the code, and the same person inside."""
    user = cast.caller.user
    user.set_password(PASSWORD)
    user.save()
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    recovery_codes.RecoveryCodes.activate(user)
    outside, inside = Client(), Client()
    for client in (outside, inside):
        client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    assert inside.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    return {"at the door": outside, "with two steps": inside}


def _visitor(cast: Cast) -> tuple[Client, Case]:
    """Somebody whose matter is accepted, has a title that others may read, and who has proved their telephone."""
    visitor = hand_in()
    actions.accept(visitor.case, by=cast.clerk, category=cast.night_noise)
    actions.release_title(visitor.case, by=cast.clerk, title="夜间噪声")
    proves_telephone(visitor.client)
    return visitor.client, visitor.case


def _supervised(cast: Cast) -> list[str]:
    """The keys of a talk that is called, a circular that went round, and a proposal of the rules."""
    case = roads.signed(cast).case
    row = Proposal.objects.create(case=case, round=1, kind="order", rule="late", proposed_at=clock.now())
    due = work_calendar().add_working_days(clock.local_date(clock.now()), 2)
    post, units = cast.unit_leader.post, (cast.chengguan, cast.weijian)
    talk = RungIn("talk", "近来超期多", unit=cast.chengguan, post=post, due_on=due)
    circular = RungIn("circular", "请对照", title="三季度", units=units)
    signed = [supervision.issue(told, by=cast.supervisor) for told in (talk, circular)]
    return [str(each.pk) for each in (row, *signed)]


def _looked_at(cast: Cast) -> list[str]:
    """The keys of a sweep with its sheet and of a feedback form; an entry waits to be accepted beside them."""
    handed_in(cast)
    today = clock.local_date(clock.now())
    kind = SweepKind("winter", "冬季", "看炉子")
    sweep = plan_sweep(
        by=cast.supervisor,
        kind=kind,
        title="冬季",
        what="看炉子",
        region=cast.town,
        since=today,
        until=today,
        every=7,
    )
    form = send_feedback(roads.signed(cast).case, by=cast.supervisor, suggestion="请三天内到场")
    return [str(key) for key in (sweep.pk, sweep.sheets.get().pk, form.pk)]


def _called_back(cast: Cast) -> list[str]:
    """The keys of somebody whom the caller has in hand, and of somebody who says that they were pressed."""
    case, now = roads.told(cast), clock.now()
    party = Party.objects.filter(case=case, person__isnull=False)[0]
    about = {"case": case, "party": party, "round": case.round}
    row = CallBack.objects.create(
        **about,
        sampled=True,
        state=CallBack.State.WAITING,
        not_before=now,
        until=now + timedelta(days=5),
        claimed_by=cast.caller.post,
        claimed_until=now + timedelta(hours=1),
    )
    return [str(row.pk), str(Pressure.objects.create(**about, at=now).pk)]


def _monitor(cast: Cast) -> Actor:
    """A deputy who reads over the county's shoulder."""
    user = User.objects.create_user(username="wei-zheng", name="魏征")
    post = cast.leader.post
    return Actor.of(
        Post.objects.create(
            code="xianwei-monitor", user=user, unit=post.unit, role=Role.MONITOR, valid_from=post.valid_from
        )
    )


def _published(cast: Cast) -> Case:
    case = roads.told(cast, title="路灯不亮" * 10)
    publish(case, by=cast.reviewer, title="路灯不亮" * 10, text="太暗了", answer="已经换好")
    return case


def _measure(cast: Cast) -> int:
    """A contact measure that somebody else must confirm."""
    given = {
        "kind": "one_contact",
        "agreed": "由一人联系",
        "why": "一天来电十二次",
        "until": date(2026, 4, 20),
    }
    return measures.propose(by=cast.clerk, phone="13800000001", reason=cast.too_often, **given).pk


def _assessed(cast: Cast) -> list[int]:
    """A rule of assessment, a draft of the next, and a matter that somebody asks to be left out."""
    rule, clause = assessment.rule(), assessment.clause()
    draft = assessment.rule(code="next", k="0.80", valid_from=None)
    case = roads.answered(cast).case
    asked = propose_omission(case, by=cast.handler, unit=cast.chengguan, clause=clause, evidence="裁定书")
    return [rule.pk, draft.pk, asked.pk]


def _do_many(client: Client, number: str) -> None:
    """A note on a matter by way of the page that does it for many."""
    preview = client.post(
        "/work/desk/many/", {"act": "note", "case": [number], "text": "已核对", "readers": "desk"}
    )
    told = {"once": preview.context["once"], "case": preview.context["good"], **dict(preview.context["sent"])}
    assert client.post("/work/desk/many/do/", told).status_code == 302


@pytest.fixture
def reader(
    browser: Any, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, caplog: Any
) -> Iterator[Reader]:
    """One page of the browser, on a plain Monday in spring, in a house with files of its own."""
    caplog.set_level(logging.CRITICAL, logger="django.request")
    settings.MEDIA_ROOT, settings.HUIYIN_HOME = str(tmp_path), tmp_path
    settings.HUIYIN_SMS = "folder"
    monkeypatch.setattr(signing, "demo_posts", lambda: list(Post.objects.select_related("user", "unit")))
    cache.clear()
    context = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai")
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    with clock.frozen(petitions.SPRING):
        yield Reader(page)
    context.close()
    assert not faults, faults


def routes(resolver: Any = None, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """The name and the route of every address of the url conf."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, route, f"{space}{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern):
            yield space + (each.name or ""), route


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_in_both_languages(cast, sign_in, reader, part):
    town, unread = Town(cast, sign_in), set()
    read = [each for each in routes() if each[0] not in ACTS and each[0] not in UNREAD]
    for name, route in read[part::PARTS]:
        pages = [town.opened(addresses) for addresses in town.addresses(route)]
        if not any(pages):
            unread.add(name)
        for seat, answer in (each for each in pages if each and is_page(each[1])):
            reader.read_in_both(f"{name} as {seat}", town.seats[seat], answer)
    for seat, address, told in SENT[part::PARTS]:
        client, told = town.seats[seat], {**told, "case": town.numbers[-1]}
        answer = client.post(address, told)
        assert is_page(answer), (address, answer)
        reader.read_in_both(f"{address} as {seat}", client, answer, told)
    assert not reader.found, "\n".join(reader.found)
    assert not unread, f"nobody opens {unread}: say in UNREAD why"
    assert set(UNREAD) <= {name for name, _route in routes()}, "UNREAD names what is no more"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_of_what_is_done_to_many_in_both_languages(cast, sign_in, reader, size, monkeypatch):
    reader.page.set_viewport_size(size)
    client, cases = sign_in(cast.dispatcher), [roads.accepted(cast), roads.registered(cast)]
    choose, do, done = "/work/desk/many/", "/work/desk/many/do/", "/work/desk/many/done/"
    told = {"act": "dispatch", "case": [case.number for case in cases]}

    def read(name: str, answer: Any, told: dict[str, Any] | None = None) -> None:
        reader.read_in_both(name, client, answer, told)

    read("the preview", preview := client.post(choose, told), told)
    read("the preview with a warning", client.post(do, told), told)
    with monkeypatch.context() as patched:
        patched.setattr("huiyin.web.desk.many._one_by_one", lambda *_told: None)
        client.post(do, {**told, "once": preview.context["once"]})
    read("at work", at_work := client.get(done))
    assert "派单 · 正在做" in at_work.content.decode()
    with clock.frozen(clock.now() + 2 * batches.LEASE):
        read("broken", broken := client.get(done))
        assert broken.context["rest"] == told["case"]
        preview = client.post(choose, told)
        client.post(do, {**told, "once": preview.context["once"]})
        read("the report", report := client.get(done))
        assert report.context["undoable"] and "派单 · 办好了 1 件" in report.content.decode()
        assert [bool(row["said"]) for row in report.context["rows"]] == [False, True]
        with monkeypatch.context() as patched:
            patched.setattr("huiyin.web.desk.many._one_by_one", lambda *_told: None)
            client.post("/work/desk/many/undo/", {"once": preview.context["once"]})
        with clock.frozen(clock.now() + 2 * batches.LEASE):
            read("taking back, broken", client.get(done))
        client.post("/work/desk/many/undo/", {"once": f"{preview.context['once']}u"})
        read("taken back", client.get(done))
    assert not reader.found, "\n".join(reader.found)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_form_of_an_act_in_both_languages(cast, sign_in, reader, part, monkeypatch):
    monkeypatch.setattr("huiyin.evaluation.contests.grounds", lambda _on: [GROUND])
    assert set(BARE) == ASK_NOTHING, "say how a case comes to where the act is possible"
    by_road: dict[Any, list[tuple[str, str]]] = {}
    for name, (seat, road) in (OFFICE | BARE).items():
        by_road.setdefault(road, []).append((name, seat))
    for road, acts in list(by_road.items())[part::PARTS]:
        target = road(cast)
        case = target if isinstance(target, Case) else getattr(target, "case", None) or target.order.case
        for name, seat in acts:
            about = [] if "case" in FORMS[name].about else [target.pk]
            client = sign_in(getattr(cast, seat))
            answer = client.get(reverse("cases:act", args=[case.number, name, *about]))
            reader.read_in_both(f"{name} as {seat}", client, answer)
    for name in list(OWN_FORMS)[part::PARTS]:
        client, address = own_form(cast, name)
        reader.read_in_both(f"{name} as visitor", client, client.get(address))
    assert not reader.found, "\n".join(reader.found)
