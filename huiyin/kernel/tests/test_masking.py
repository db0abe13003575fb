"""Masking by rule. Every person and number here is invented."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.kernel.identifiers import case_number
from huiyin.kernel.masking import MARKS, Confidence, Kind, Span, mask, propose
from huiyin.kernel.masking_names import announced_names

FOUND = [
    # phones
    ("请打13800001234谢谢", "请打〔电话〕谢谢"),
    ("请打１３８００００１２３４谢谢", "请打〔电话〕谢谢"),
    ("手机138-0000-1234。", "手机〔电话〕。"),
    ("手机138 0000 1234。", "手机〔电话〕。"),
    ("手机138—0000—1234。", "手机〔电话〕。"),
    ("手机138 000 01234。", "手机〔电话〕。"),
    ("+86 138 0000 1234", "〔电话〕"),
    ("008613800001234", "〔电话〕"),
    ("13800001234/13900001234", "〔电话〕/〔电话〕"),
    ("13800001234，13900001234", "〔电话〕，〔电话〕"),
    ("一三八零零零零一二三四", "〔电话〕"),
    ("一三八〇〇〇〇1234", "〔电话〕"),
    ("座机0571-88880000", "座机〔电话〕"),
    ("（0571）88880000转12", "〔电话〕"),
    ("０１０－８８８８００００", "〔电话〕"),
    ("物业电话：88880000。", "物业电话：〔电话〕。"),
    ("电话是8888000", "电话是〔电话〕"),
    # identity numbers
    ("身份证号330106199001011239", "身份证号〔身份证号〕"),
    ("身份证：11010519491231002x。", "身份证：〔身份证号〕。"),
    ("１１０１０５１９４９１２３１００２Ｘ", "〔身份证号〕"),
    ("110105 19491231 002X", "〔身份证号〕"),
    ("身份证号码为330106900101123", "身份证号码为〔身份证号〕"),
    # bank cards
    ("卡号6222021234567890128", "卡号〔银行卡号〕"),
    ("6222 0212 3456 7890 128", "〔银行卡号〕"),
    ("退到账号123456789012", "退到账号〔银行卡号〕"),
    # mail, accounts, plates
    ("发到zhang.san+a@example.com.cn。", "发到〔邮箱〕。"),
    ("邮箱ｚｓ＠ｅｘａｍｐｌｅ．ｃｏｍ", "邮箱〔邮箱〕"),
    ("QQ：12345678", "QQ：〔账号〕"),
    ("扣扣号是 12345678", "扣扣号是 〔账号〕"),
    ("微信号zhangsan_01", "微信号〔账号〕"),
    ("加我vx: zhangsan01", "加我vx: 〔账号〕"),
    ("车牌浙A12345违停", "车牌〔车牌号〕违停"),
    ("车牌粤Ｂ·Ｄ１２３４５", "车牌〔车牌号〕"),
    ("浙AD12345、浙a1234学", "〔车牌号〕、〔车牌号〕"),
    # names that the text announces
    ("我叫张三丰，住在", "我叫〔姓名〕，住在"),
    ("我叫李四住在盐田", "我叫〔姓名〕住在盐田"),
    ("本人王五，男，", "本人〔姓名〕，男，"),
    ("姓名：欧阳锋", "姓名：〔姓名〕"),
    ("姓名:欧阳不悔\n电话", "姓名:〔姓名〕\n电话"),
    ("联系人：赵六，13800001234", "联系人：〔姓名〕，〔电话〕"),
    ("联系人赵六13800001234", "联系人〔姓名〕〔电话〕"),
    ("户主：钱七", "户主：〔姓名〕"),
    ("户主孙悟空，", "户主〔姓名〕，"),
    ("姓名：阿凡提·纳斯尔丁。", "姓名：〔姓名〕。"),
    ("本人于洋，男", "本人〔姓名〕，男"),
    ("户主方便，13800001234", "户主方便，〔电话〕"),
]
LEFT = [
    "编号2648-3917-5062，请查。",
    "2024年10月12日13:45",
    "2024-10-12 13:45:09",
    "20241012134509",
    "2018/12/31 9:32:09",
    "根据《民法典》第1076条第2款",
    "国办发〔2024〕12号",
    "赔偿12345678901元",
    "面积13812345678平方米，13800001234万元",
    "合同金额1234567.89元",
    "工单号：6222021234567890128",
    "订单号6222021234567890128",
    "统一社会信用代码91330106MA2AXXXX1X",
    "共4444户，5555人",
    "拨打12345、110、120热线",
    "第3幢2单元1001室",
    "邮编310000",
    "本人申请低保，本人陈述如下",
    "本人于昨天，曾多次，向社区反映",
    "本人毕业，本人许多次，本人家住盐田",
    "联系人方便时请来电",
    "我叫保安来，叫了三次",
    "户主不在家，联系人没有",
    "本人谢谢你，祝好",
    "微信公众号，微信支付500元",
    "新ABCDEF路，川A座12345",
    "一二三四五六七八九十",
    "K12345次列车，G1234",
]


@pytest.mark.parametrize(("text", "masked"), FOUND)
def test_what_identifies_a_person_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize("text", LEFT)
def test_what_the_office_needs_is_left_alone(text):
    assert mask(text) == text


def test_no_case_number_is_ever_masked():
    text = "，".join(case_number(year) for year in range(2020, 2099) for _number in range(20))
    assert mask(text) == text


def test_a_proposal_says_where_what_and_how_sure():
    assert propose("身份证11010519491231002X，330106199001011234") == [
        Span(3, 21, Kind.IDENTITY, Confidence.CERTAIN),
        Span(22, 40, Kind.IDENTITY, Confidence.PROBABLE),
    ]
    assert [span.confidence for span in propose("一三八零零零零一二三四，13800001234")] == [
        "probable",
        "certain",
    ]


def test_places_are_those_of_the_text_as_written():
    text = "　𠮷，电话１３８００００１２３４！"
    (span,) = propose(text)
    assert text[span.start : span.end] == "１３８００００１２３４"


def test_a_person_can_choose_among_the_proposals():
    text = "13800001234和0571-88880000"
    first, _second = propose(text)
    assert mask(text, [first]) == "〔电话〕和0571-88880000"
    assert mask(text, []) == text


def test_every_kind_has_a_mark():
    assert set(MARKS) == set(Kind)


pieces = st.sampled_from(
    [text for text, _masked in FOUND] + LEFT + ["，", " ", "1", "a", "张", "\n", "号", "-"]
)
free = st.text(st.sampled_from("0123456789Xx浙A张三·：:@.-— QQ微信号我叫本人０１（）\n"), max_size=80)


@given(st.lists(pieces, max_size=8).map("".join) | free | st.text(max_size=80))
def test_proposals_are_in_order_apart_and_within_the_text(text):
    last = 0
    for span in propose(text):
        assert last <= span.start < span.end <= len(text)
        last = span.end


@given(st.lists(pieces, max_size=8).map("，".join))
def test_masking_what_is_masked_changes_nothing(text):
    assert mask(mask(text)) == mask(text)


def test_a_name_is_announced_or_is_none():
    assert list(announced_names("张三丰和李四说")) == []


ROWS = [
    "1",
    "1 ",
    "a",
    "a@",
    "a.",
    "a@b.",
    "本人",
    "张",
    "姓名:",
    "·张",
    "138-",
    "0571-",
    "一",
    " ",
    "浙A",
    "6222 ",
    "qq",
    "微信",
    "+86",
    "(",
]


@pytest.mark.parametrize("piece", ROWS)
def test_time_grows_no_faster_than_the_text(piece):
    """Twelve times the text may take forty times as long at most; a pattern that backtracks takes hundreds."""
    short, long = (piece * (size // len(piece)) for size in (8_000, 96_000))
    propose(short)
    assert _quickest(long) < 40 * max(_quickest(short), 0.004)


def _quickest(text):
    """Seconds of computing, at best of three: a collection of garbage in between is no fault of the patterns."""
    spent = []
    for _try in range(3):
        start = time.process_time()
        propose(text)
        spent.append(time.process_time() - start)
    return min(spent)
