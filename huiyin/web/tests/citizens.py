"""What tests of the citizen's pages share: a filled form, a matter handed in, a road to the told answer."""

import re
from dataclasses import dataclass

from django.test import Client

from huiyin.cases import actions
from huiyin.cases.models import Case, Party, Point
from huiyin.channels.models import SignInCode
from huiyin.channels.web import signing_in

WORDS = "楼下烧烤店每晚到两点，油烟和划拳声吵得孩子睡不着。"
FILLED = {
    "text": WORDS,
    "nature": "complaint",
    "region": "shiqiao",
    "place": "石桥路 8 号",
    "confidentiality": "sealed",
    "name": "张三丰",
    "phone": "13800000001",
    "reply_required": "on",
    "headcount": "3",
    "key": "6d7a4a2e-3c1b-4c39-9e1c-1f0a2b3c4d5e",
}


@dataclass
class Visitor:
    """A browser that has handed a matter in and holds its receipt."""

    client: Client
    case: Case
    code: str

    @property
    def number(self) -> str:
        return self.case.number

    @property
    def party(self) -> Party:
        return Party.objects.filter(case=self.case).order_by("pk")[0]

    @property
    def page(self) -> str:
        return f"/follow/{self.number}/"


def hand_in(client: Client | None = None, **changed) -> Visitor:
    """Fill in the form, send it, and read the code from the receipt."""
    client = client or Client()
    answer = client.post("/new/", {**FILLED, **changed}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    code = re.search(r"receipt__code\">([A-Z0-9-]{9})<", answer.content.decode())[1]
    number = answer.redirect_chain[-1][0].strip("/").split("/")[-1]
    return Visitor(client, Case.objects.get(number=number), code)


def proves_telephone(client: Client, phone: str = FILLED["phone"]) -> None:
    """They ask for a code by telephone and type it in; the installation must have a way to send one."""
    client.post("/mine/", {"phone": phone})
    code = SignInCode.objects.latest("pk").code.open(signing_in.PERMIT)
    assert client.post("/mine/code/", {"code": code}).status_code == 302


def to_unit(cast, case: Case):
    """Accepted, dispatched to the city management and signed; the order."""
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    actions.sign(order, by=cast.handler)
    return order


def answered(cast, case: Case, text: str = "店主已加装隔音，十点后不再外摆。"):
    """Answered and approved: the answer is owed to the parties."""
    order = to_unit(cast, case)
    actions.answer(order, by=cast.handler, text=text, outcome=Point.Outcome.SOLVED)
    actions.approve(case, by=cast.reviewer)
    return order
