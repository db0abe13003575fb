"""举报: for whoever is complained of, every page of the town is the same whether the report exists or not.

Every page is asked with every tab and filter that it reads, before there is a report, while it is worked on, and
when it is closed.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.test import Client
from python_calamine import CalamineWorkbook

from huiyin.analytics import snapshot
from huiyin.assessment.tests import town as assessment
from huiyin.cases import actions, exporting
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case, Export, Notice, Order, Party
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.ledger.sequencer import sequence
from huiyin.organisation.actors import Actor
from huiyin.publication.shelf import keep_up as keep_up_public
from huiyin.search.tasks import keep_up
from huiyin.supervision import actions as supervision
from huiyin.supervision.actions import RungIn
from huiyin.supervision.models import Proposal
from huiyin.web.exports.views import LISTS as EXPORTED
from huiyin.web.tests.walk import Said, answers, narrowed, of_number, patterns, without_tokens
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ABSENT, PHONE = "2648-3917-5062", "13800000001"
# Of the accused unit, of a unit below it, an accused person at the desk, and a colleague at their other post.
ACCUSED = ("handler", "squad_handler", "two_hats", "outsider")
READ_NO_REPORTS = ("caller", "leader")
# What has to differ, and why; each shows nothing but a fingerprint of everything there is.
LEDGER = ("keeping:ledger",)


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    cache.clear()
    with clock.frozen(roads.MONDAY):
        yield


# -- the town ------------------------------------------------------------------------------------------------
def ordinary(cast: Cast) -> Case:
    """A matter that the accused unit works on, brought by somebody who will also report it; units are judged."""
    assessment.rule()
    return roads.signed(cast).case


def reported(cast: Cast) -> Case:
    """A report by the same telephone number against the unit and against a person who serves in two others."""
    intake = roads.noise(
        text="执法队员收受礼品。",
        title="收受礼品",
        nature=Case.Nature.REPORT,
        accused_units=[cast.chengguan],
        accused_posts=[cast.two_hats_at_weijian.post],
        parties=[
            PartyIn(name="赵钱孙", phone=PHONE),
            PartyIn(role=Party.Role.RESPONDENT, unit=cast.chengguan),
        ],
    )
    return actions.register(intake, by=cast.citizen).case


def worked_on(cast: Cast, case: Case) -> None:
    """Accepted, and in the hands of a unit that is not complained of."""
    actions.accept(case, by=cast.clerk, category=cast.property)
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.zhujian)
    actions.sign(order, by=cast.zhujian_handler)
    actions.note(case, by=cast.clerk, text="已调取录像", readers="office")
    supervised(cast, case)


def supervised(cast: Cast, case: Case) -> None:
    """The rules propose, a supervisor signs an order to that unit's leader, lists the matter, and is answered."""
    Proposal.objects.create(case=case, round=1, kind="talk", rule="late", proposed_at=clock.now())
    due = clock.local_date(clock.now()) + roads.DAY
    told = RungIn("order", "请核实举报", unit=cast.zhujian, post=cast.zhujian_leader.post, due_on=due)
    order = supervision.issue(told, by=cast.supervisor, case=case)
    listing = RungIn("listing", "请核实举报", unit=cast.zhujian, due_on=due, title="收受礼品")
    supervision.issue(listing, by=cast.supervisor, case=case)
    supervision.reply(order, by=cast.zhujian_leader, text="正在核实")


def finished(cast: Cast, case: Case) -> None:
    """Answered, looked at by a unit without a part in it, told and closed."""
    order = Order.objects.get(case=case)
    actions.answer(order, by=cast.zhujian_handler, text="已核查", outcome="explained")
    view = actions.ask_peer(case, by=cast.reviewer, unit=cast.community, question="还能怎么查")
    actions.give_view(view, by=cast.community_handler, verdict="unsure", opinion="说不准")
    actions.approve(case, by=cast.reviewer)
    notice = Notice.objects.get(case=case, told_at=None)
    actions.record_told(notice, by=cast.reviewer, how="spoken", said="电话告知本人")
    actions.close(case, by=cast.reviewer)


# -- the walk ------------------------------------------------------------------------------------------------
def seen(client: Client, cast: Cast) -> dict[str, Said]:
    """Every page that has no case in its address, with every filter; and what the finders find."""
    cache.clear()  # figures that are kept for a minute would hide what they count
    entry = {"channel": "phone", "text": "路灯坏了", "nature": "appeal", "urgency": "normal", "phone": PHONE,
             "confidentiality": "sealed", "headcount": "1", "key": "a" * 32}  # fmt: skip
    # First, because it is one more matter, which every walk must find there.
    found = {"entry": without_tokens(client.post("/work/desk/entry/", {**entry, "step": ""}))}
    sequence()
    keep_up()
    keep_up_public()
    snapshot.brought_up_to_date()  # pages count over the last copy, as old as it may be
    for name, route in patterns():
        if "<" in route or "(?P" in route or name in LEDGER or name.startswith(("mfa_", "account_")):
            continue
        found |= answers(client, f"/{route}", narrowed(cast))
    for asked in (PHONE, "收受礼品", ABSENT):
        found[f"find {asked}"] = without_tokens(client.post("/work/desk/find/", {"q": asked}))
    return {**found, **taken_out(client)}


def taken_out(client: Client) -> dict[str, Said]:
    """Every list that the office can take as a file, and what stands in the files."""
    found = {}
    for which in EXPORTED:
        answer = client.post(f"/work/exports/new/{which}/?tab=all", {"kind": "csv"})
        found[f"export {which}"] = (answer.status_code, "", "")
        exporting.write_waiting()
        for row in Export.objects.all():
            with default_storage.open(row.stored_as) as stream:
                found[f"export {which}"] = (answer.status_code, stream.read().decode(), row.state)
            default_storage.delete(row.stored_as)
        Export.objects.all().delete()
    found |= filled_in(client)
    client.get(
        "/work/exports/"
    )  # nothing is waited for any more, so that the next walk begins like the first
    return found


def filled_in(client: Client) -> dict[str, tuple[int, str, str]]:
    """The workbooks of the program, with every figure and every row that stands in them."""
    found = {}
    for which in ("unit", "monthly"):
        told = {"which": which, "period": f"{clock.local_date(clock.now()):%Y-%m}"}
        answer = client.post("/work/workbooks/", told)
        found[f"workbook {which}"] = (answer.status_code, "", "")
        exporting.write_waiting()
        for row in Export.objects.all():
            with default_storage.open(row.stored_as) as stream:
                book = CalamineWorkbook.from_filelike(stream)
                cells = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
            found[f"workbook {which}"] = (answer.status_code, cells, row.state)
            default_storage.delete(row.stored_as)
        Export.objects.all().delete()
    return found


def require_same(before: dict[str, Any], after: dict[str, Any]) -> None:
    different = [each for each in {**before, **after} if before.get(each) != after.get(each)]
    assert not different, different


# -- the proof -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", [*ACCUSED, *READ_NO_REPORTS])
def test_every_page_is_the_same_with_the_report_and_without(cast, sign_in, who):
    client: Client = sign_in(getattr(cast, who))
    ordinary(cast)
    before = seen(client, cast)
    sees_matters = who in ("handler", "two_hats", "caller", "leader")
    shown = {
        address: body for address, (_code, body, _to) in before.items() if "q=" not in address
    }  # no echo
    assert any("夜间噪声" in body for body in shown.values()) == sees_matters
    case = reported(cast)
    worked_on(cast, case)
    require_same(before, seen(client, cast))
    finished(cast, case)
    require_same(before, seen(client, cast))


@pytest.mark.parametrize("who", [*ACCUSED, "caller"])
def test_its_number_opens_what_a_number_opens_that_does_not_exist(cast, sign_in, who):
    client: Client = sign_in(getattr(cast, who))
    case = reported(cast)
    worked_on(cast, case)
    require_same(of_number(client, ABSENT), of_number(client, case.number))


def test_the_public_and_other_citizens_never_see_it(cast):
    ordinary(cast)
    other = roads.registered(cast)
    client = Client()
    before = seen(client, cast)
    case = reported(cast)
    worked_on(cast, case)
    finished(cast, case)
    require_same(before, seen(client, cast))
    require_same(of_number(client, ABSENT), of_number(client, case.number))
    assert not Notice.objects.filter(case=case, party=Party.objects.filter(case=other)[0]).exists()
    assert Actor.citizen(Party.objects.filter(case=other)[0].pk).party_id is not None


def test_those_who_work_on_it_do_see_it(cast, sign_in):
    """The walk would prove nothing if it opened no page on which the report can stand."""
    ordinary(cast)
    for who, address in (
        ("clerk", "/work/desk/?tab=registered"),
        ("supervisor", "/work/supervision/matters/?tab=all"),
    ):
        client = sign_in(getattr(cast, who))
        without = seen(client, cast)
        assert address in without and "收受礼品" not in without[address][1]
    case = reported(cast)
    for who in ("clerk", "supervisor"):
        pages = seen(sign_in(getattr(cast, who)), cast)
        assert any(case.number in body for _code, body, _to in pages.values()), who
