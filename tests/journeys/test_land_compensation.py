"""Thirty families dispute what they were paid for their land: from the counter through 复查 to 复核 and the end."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.models import Answer, Case, Notice, Order, Party, Review, Round
from huiyin.cases.tests.petitions import SPRING
from huiyin.kernel import clock
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
NAMES = [f"李{first}{second}" for first in "伯仲季" for second in "甲乙丙丁戊己庚辛壬癸"]
FAMILIES = len(NAMES)
OPINION = {
    "reference": "城管信〔2026〕3号",
    "conclusion": "reject",
    "request": "按实测面积补偿三十户的土地。",
    "facts": "登记面积六十亩，村里自测六十三亩。",
    "opinion": "按登记面积补偿。",
    "basis": "《土地管理法》第四十八条",
}


class Counter:
    """The people of the office at their pages, each in a browser of their own."""

    def __init__(self, cast, sign_in, number=""):
        self.cast, self.sign_in, self.number = cast, sign_in, number

    @property
    def case(self):
        return Case.objects.get(number=self.number)

    def page(self, who):
        answer = self.sign_in(getattr(self.cast, who)).get(reverse("cases:case", args=[self.number]))
        assert answer.status_code == 200
        return answer.content.decode()

    def do(self, who, act, target=None, **fields):
        """Open the form from its address, send it, and land on the case again."""
        where = reverse("cases:act", args=[self.number, act, *([target.pk] if target else [])])
        browser = self.sign_in(getattr(self.cast, who))
        form = browser.get(where)
        assert form.status_code == 200, act
        assert where in self.page(who), f"{act} is not offered to {who}"
        shown = form.context["form"]
        first = {name: shown[name].value() for name in shown.fields if shown[name].value()}
        answer = browser.post(where, {**first, **fields})
        told = answer.context and (act, answer.context["form"].errors, answer.context["refusal"])
        assert answer.status_code == 302, told


def family(counter, code):
    """One family's own browser, before its own case."""
    browser = Client()
    door = browser.post(reverse("citizen:follow"), {"number": counter.number, "code": code})
    assert door.status_code == 302
    return browser


def reads(counter, code, browser=None):
    """What a family reads on its page; reading it is being told."""
    browser = browser or family(counter, code)
    return browser.get(reverse("citizen:case", args=[counter.number])).content.decode()


def everybody_reads(counter, codes):
    """Three families read it on their pages, one is told by telephone, and the others read it at home."""
    pages = [reads(counter, code) for code in codes[:3]]
    rest = Notice.objects.filter(case=counter.case, told_at=None, about__in=("answer", "review")).order_by(
        "pk"
    )
    counter.do("caller", "record_told", rest[0], how="spoken", said="电话告知本户户主")
    for notice in rest:
        actions.record_told(notice, by=Actor.citizen(notice.party_id), how="delivered")
    return pages


def test_the_families_go_through_every_instance(cast, sign_in):
    cache.clear()
    with clock.frozen(SPRING) as _at:
        counter, codes = register(cast, sign_in)
        handled(counter)
    with clock.frozen(SPRING + timedelta(days=40)):
        page = everybody_reads(counter, codes)[0]
        assert "申请复查" in page and "城管信〔2026〕3号" in page and "30 日内向督办室" in page
    first = Round.objects.get(case=counter.case, number=1)
    with clock.frozen(SPRING + timedelta(days=50)):
        appealed(counter, codes[0], "review", "没有实地量过")
    with clock.frozen(SPRING + timedelta(days=60)):
        heard_and_decided(counter)
        page = everybody_reads(counter, codes)[1]
        assert "复查意见书" in page and "申请复核" in page
    with clock.frozen(SPRING + timedelta(days=70)):
        appealed(counter, codes[1], "rereview", "复查也没有量")
        review = Review.objects.get(case=counter.case, level=2)
        decision = {"decision": "change", "conclusion": "support", "reference": "县复核〔2026〕1号"}
        counter.do("leader", "decide_rereview", review, **decision, text="按实测六十三亩补偿。")
        page = everybody_reads(counter, codes)[2]
        assert "按实测六十三亩补偿" in page and "不再受理" in page
        the_end(counter, codes)
    untouched = Round.objects.get(pk=first.pk)
    assert (untouched.told_at, untouched.answered_at, untouched.clock.late) == (
        first.told_at, first.answered_at, False,
    )  # fmt: skip
    assert sequence() > 2 and verify().sound


def register(cast, sign_in):
    """Five of them come to the counter; the clerk writes every family down, and what was done before."""
    lines = [f"{name} 138000001{n:02d}" for n, name in enumerate(NAMES[1:], start=2)]
    entry = {
        "channel": "visit",
        "text": "村东六十亩地去年被征，三十户的补偿按登记面积算，少了三亩。",
        "title": "征地补偿面积",
        "nature": "appeal",
        "urgency": "normal",
        "track": "petition",
        "region": "shiqiao",
        "name": NAMES[0],
        "phone": "13800000101",
        "confidentiality": "open",
        "reply_required": "on",
        "headcount": "87",
        "members": "\n".join(lines),
        "key": "f" * 32,
    }
    browser = sign_in(cast.clerk)
    sent = browser.post(reverse("desk:entry"), entry)
    assert sent.status_code == 302, (sent.context["form"].errors, sent.context["refusal"])
    case = Case.objects.get()
    receipt = browser.get(sent["Location"]).content.decode()
    codes = list(dict.fromkeys(re.findall(r"(?<![\w-])[A-Z0-9]{4}-[A-Z0-9]{4}(?![\w-])", receipt)))
    counter = Counter(cast, sign_in, case.number)
    assert (case.track, case.headcount, Party.objects.filter(case=case).count()) == ("petition", 87, FAMILIES)
    prior = {
        "kind_of": "handling",
        "body": "石桥街道办事处",
        "reference": "石信〔2025〕11号",
        "on": "2025-09-01",
    }
    counter.do("clerk", "record_prior_step", **prior, result="答复：按登记面积")
    return counter, codes


def handled(counter):
    """Accepted with a receipt for every family, sent out, answered in an opinion, approved."""
    cast = counter.cast
    counter.do("clerk", "accept", category=str(cast.night_noise.pk))
    assert Notice.objects.filter(case=counter.case, about="receipt").count() == FAMILIES
    counter.do("dispatcher", "dispatch", lead=str(cast.chengguan.pk))
    order = Order.objects.get(case=counter.case)
    counter.do("handler", "sign", order)
    assert "石信〔2025〕11号" in counter.page("handler")
    with clock.frozen(SPRING + timedelta(days=30)):
        counter.do("handler", "give_opinion", order, **OPINION)
        counter.do("reviewer", "approve")
    paper = reverse("cases:paper", args=[counter.number, "opinion"])
    assert "《土地管理法》第四十八条" in counter.sign_in(cast.reviewer).get(paper).content.decode()


def appealed(counter, code, act, why):
    """One family asks the body above, on its own page."""
    browser = family(counter, code)
    assert f"/{counter.number}/{act}/" in reads(counter, code, browser)
    sent = browser.post(reverse("citizen:act", args=[counter.number, act]), {"why": why})
    assert sent.status_code == 302, sent.content.decode()[:3000]
    assert counter.case.state == "in_review"


def heard_and_decided(counter):
    """The supervising office hears them, which costs no time, and upholds the opinion."""
    review = Review.objects.get(case=counter.case)
    due = counter.case.due_at
    counter.do("supervisor", "hold_hearing", review, until="2026-05-20", said="在石桥街道，三名代表参加")
    assert counter.case.due_at != due
    counter.do("supervisor", "end_hearing", review)
    decision = {"decision": "uphold", "reference": "督复〔2026〕2号", "text": "登记面积有据。"}
    counter.do("supervisor", "decide_review", review, **decision)
    assert counter.case.state == "telling"


def the_end(counter, codes):
    """The matter is closed and final; every family can print the last opinion with its own name on it."""
    counter.do("reviewer", "finalise")
    counter.do("caller", "close")
    assert counter.case.state == "closed" and counter.case.finalised_at is not None
    assert "已终结" in counter.page("clerk")
    browser = family(counter, codes[0])
    paper = browser.get(reverse("citizen:paper", args=[counter.number, "rereview"])).content.decode()
    assert NAMES[0] in paper and "县复核〔2026〕1号" in paper
    assert f"/{counter.number}/review/" not in reads(counter, codes[0], browser)
    outcomes = Answer.objects.filter(case=counter.case).order_by("round").values_list("outcome", flat=True)
    assert list(outcomes) == ["refused", "refused", "solved"]
    assert Order.objects.filter(case=counter.case).count() == 1
