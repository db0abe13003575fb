"""A family's land compensation, told through the pages: the opinion, a choice of whom to ask, second thoughts, a decision."""

import pytest

from huiyin.accounts.models import User
from huiyin.accounts.roles import Role
from huiyin.cases.models import Case, Review
from huiyin.cases.tests import petitions
from huiyin.kernel import identifiers
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Region, Unit
from tests.journeys.pages import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def superior_of(town) -> Actor:
    """The head of the city's bureau, which stands over the county's."""
    region = Region.objects.create(code="shi", name="回音市", level="city", path="/shi/")
    unit = Unit.objects.create(code="shi-cg", name="回音市城市管理局", kind="department", region=region, path="/shi-cg/")  # fmt: skip
    user = User.objects.create(username="shi-ju", name="易上级")
    post = Post.objects.create(code="shi-ju", user=user, unit=unit, role=Role.UNIT_LEADER)
    Unit.objects.filter(pk=town.chengguan.pk).update(superior=unit)
    remembering.clear()
    return Actor.of(post)


def follows(screen, number, code):
    return screen.open("/follow/").write("编号", number).write("查询码", code).press("查看")


def test_the_family_chooses_whom_to_ask_thinks_again_and_gets_a_decision(town, sit, later):
    above = superior_of(town)
    case = petitions.told(town)
    code = identifiers.query_code()
    case.parties.update(code_hash=identifiers.code_hash(code))
    citizen, leader = sit("citizen"), sit("superior", above, size=DESK)
    later(days=2)

    follows(citizen, case.number, code).press("申请复查").tick("向哪个机关申请", "回音市城市管理局")
    citizen.write("理由", "没有实地量")
    citizen.press("申请复查").tells("由回音市城市管理局决定")
    leader.open("/work/unit/").tells("复查复核待决定")
    citizen.press("撤回复查复核申请").press("撤回申请").tells("回到申请以前的样子")
    assert Case.objects.get(pk=case.pk).state == "told"

    later(days=1)
    follows(citizen, case.number, code).press("申请复查").tick("向哪个机关申请", "回音市城市管理局")
    citizen.write("理由", "还是要实地量").press("申请复查")
    leader.open("/work/unit/").press("征地补偿").press("作出复查决定").tick("决定", "变更")
    leader.pick("变更后的结论", "予以支持").write("文号", "市城管复〔2026〕1号")
    leader.write("决定的内容和理由", "经实地量，多一分地，按实补偿。").press("作出决定").tells(
        "复查决定已作出"
    )
    citizen.open(f"/follow/{case.number}/").tells("多一分地", "回音市城市管理局")
    assert Review.objects.filter(case=case).count() == 2
