"""Whose column is it: by header, by content, or by what the operator wrote down."""

from pathlib import Path

import pytest

from huiyin.channels.bulk.columns import guess
from huiyin.channels.bulk.mapping import Mapping, mapping_from, read_mapping
from huiyin.channels.bulk.reading import Layout, RawRow
from huiyin.channels.bulk.vocabulary import nature_of
from huiyin.kernel.refusals import Refused

LONG = "小区门口的路灯坏了一个多星期，晚上老人出门看不见路，请派人来看看。"


def table(*rows: tuple[str, ...]) -> list[RawRow]:
    return [RawRow(at, at, row) for at, row in enumerate(rows, 2)]


def test_the_layouts_of_public_message_boards_are_known() -> None:
    header = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
    sample = table(("1", "U0001", "路灯", "2019/4/25 9:32:09", LONG, "已修好。", "2019/5/1"))
    assert guess(header, sample).columns == {
        "number": "留言编号",
        "petitioner": "留言用户",
        "title": "留言主题",
        "text": "留言详情",
        "received_at": "留言时间",
        "reply": "答复意见",
        "replied_at": "答复时间",
    }


def test_english_camel_case_headers_are_known() -> None:
    header = (
        "id",
        "date",
        "district",
        "title",
        "content",
        "domain",
        "type",
        "replyOrg",
        "replyContent",
        "likes",
    )
    sample = table(("7", "2024-09-01", "西区", "路灯", LONG, "城建", "投诉/求助", "", "", "3"))
    columns = guess(header, sample).columns
    assert columns["received_at"] == "date"
    assert columns["nature"] == "type"
    assert (columns["unit"], columns["reply"], columns["category"]) == ("replyOrg", "replyContent", "domain")


def test_width_case_spaces_and_brackets_of_a_header_do_not_matter() -> None:
    header = (" 工单 编号", "诉求内容（必填）", "创建时间(年月日)", "ＲＥＰＬＹ＿ＯＲＧ")
    columns = guess(header, table(("1", LONG, "2019-04-25", "城管局"))).columns
    assert columns == {
        "number": " 工单 编号",
        "text": "诉求内容（必填）",
        "received_at": "创建时间(年月日)",
        "unit": "ＲＥＰＬＹ＿ＯＲＧ",
    }


def test_headers_that_no_list_foresaw_are_known_by_their_parts() -> None:
    header = (
        "市民来信流水编号",
        "市民来信登记的时间",
        "网民诉求的正文",
        "承办的责任单位",
        "单位给出的答复内容",
        "给出答复的时间",
    )
    sample = table(("1", "2019-04-25", LONG, "城管局", "已经修好了，谢谢您的来信。", "2019-05-01"))
    assert list(guess(header, sample).columns) == [
        "number",
        "text",
        "received_at",
        "reply",
        "replied_at",
        "unit",
    ]


def test_what_stands_below_decides_where_the_header_says_little() -> None:
    header = ("甲", "乙", "丙", "丁")
    sample = table(*[(str(n), f"1380000{n:04d}", "2019-04-25 10:00", LONG) for n in range(9)])
    mapping = guess(header, sample)
    assert mapping.columns == {"phone": "乙", "text": "丁", "received_at": "丙"}
    assert all(choice.confidence < 0.6 for choice in mapping.choices)
    assert mapping.unused == ("甲",)


def test_a_column_of_kinds_is_a_nature_only_if_it_holds_natures() -> None:
    header = ("编号", "内容", "时间", "类型")
    natures = guess(header, table(*[("1", LONG, "2019-04-25", word) for word in ("咨询", "投诉", "建言")]))
    topics = guess(header, table(*[("1", LONG, "2019-04-25", word) for word in ("路灯", "噪音", "供水")]))
    assert natures.columns["nature"] == "类型"
    assert "nature" not in topics.columns
    assert topics.columns["category"] == "类型"


def test_a_result_column_that_only_says_done_is_no_reply() -> None:
    header = ("编号", "内容", "时间", "处理结果")
    done = table(*[(str(n), LONG, "2019-04-25", "已办结") for n in range(9)])
    said = table(*[(str(n), LONG, "2019-04-25", f"第{n}盏路灯已经修好，请您放心。") for n in range(9)])
    assert "reply" not in guess(header, done).columns
    assert guess(header, said).columns["reply"] == "处理结果"


def test_the_clearer_of_two_times_is_taken() -> None:
    header = ("编号", "内容", "受理时间", "来信时间", "打印时间")
    mapping = guess(header, table(("1", LONG, "2019-04-26", "2019-04-25", "2019-05-05")))
    assert mapping.columns["received_at"] == "来信时间"
    assert mapping.unused == ("受理时间", "打印时间")


def test_a_serial_number_of_the_list_is_not_the_message_s_own() -> None:
    mapping = guess(("序号", "内容", "时间"), table(("1", LONG, "2019-04-25")))
    assert "number" not in mapping.columns
    assert any("编号" in remark for remark in mapping.remarks)


def test_a_table_without_text_or_time_is_refused_with_the_headers_seen() -> None:
    for header, sample in ((("甲", "时间"), ("1", "2019-04-25")), (("内容", "甲"), (LONG, "1"))):
        with pytest.raises(Refused, match="甲") as caught:
            guess(header, table(sample))
        assert "--mapping" in caught.value.instead


def test_the_columns_of_a_rejects_file_are_passed_over() -> None:
    header = ("行号", "列", "原因", "编号", "内容", "时间")
    mapping = guess(header, table(("4", "时间", LONG, "1", LONG, "2019-04-25")))
    assert list(mapping.columns.values()) == ["编号", "内容", "时间"]
    assert mapping.unused == ()


def test_what_was_given_stands_and_the_rest_is_guessed() -> None:
    given = Mapping(columns={"text": "附言", "title": ""}, defaults={"unit": "城管局"})
    mapping = guess(
        ("编号", "标题", "内容", "附言", "时间"), table(("1", "t", LONG, LONG, "2019-04-25")), given=given
    )
    assert mapping.columns == {"number": "编号", "text": "附言", "received_at": "时间"}
    assert mapping.defaults == {"unit": "城管局"}


def test_a_given_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="附言"):
        guess(("内容", "时间"), table((LONG, "2019-04-25")), given=Mapping(columns={"text": "附言"}))


def test_natures_that_nobody_knows_are_told_before_anything_is_done() -> None:
    sample = table(*[("1", LONG, "2019-04-25", word) for word in ("咨询", "投诉", "建议", "随手拍")])
    header = ("编号", "内容", "时间", "类型")
    assert any("随手拍" in remark for remark in guess(header, sample).remarks)
    given = mapping_from({"values": {"nature": {"随手拍": "appeal"}}})
    assert not guess(header, sample, given=given).remarks


@pytest.mark.parametrize(
    ("word", "nature"),
    [
        ("投诉/求助", "appeal"),
        ("建言", "suggestion"),
        ("政策咨询", "inquiry"),
        ("投诉举报", "report"),
        ("信访举报", "report"),
        ("Complaint", "complaint"),
        ("感谢信", "praise"),
        ("随手拍", None),
        ("", None),
    ],
)
def test_words_for_natures(word: str, nature: str | None) -> None:
    assert nature_of(word) == nature


def test_a_mapping_survives_its_file(tmp_path: Path) -> None:
    mapping = Mapping(
        columns={"text": '内容 "原文"\n第二行', "title": ""},
        defaults={"unit": "城管局", "nature": "inquiry", "track": "mailbox"},
        values={"nature": {"随手拍": "appeal"}, "unit": {"市 住建局\\": "住房和城乡建设局"}},
        layout=Layout(delimiter="\t", header_row=3, date_order="dmy"),
    )
    path = tmp_path / "m.toml"
    path.write_text(mapping.to_toml(), encoding="utf-8")
    assert read_mapping(path) == mapping


@pytest.mark.parametrize(
    "text",
    [
        "[columns]\ncolour = '红'",
        "[colums]\ntext = '内容'",
        "[values.nature]\n'随手拍' = '不知道'",
        "[defaults]\nnature = '随便'",
        "[defaults]\ntext = 'x'",
        "[file]\ndate_order = 'ymd'",
        "[file]\ndelimiter = ',,'",
        "columns = 'x'",
        "values = 3",
        "not toml",
    ],
)
def test_a_mapping_with_a_meaningless_word_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused):
        read_mapping(path)


def test_a_mapping_may_be_given_in_chinese_words() -> None:
    mapping = mapping_from({"defaults": {"nature": "咨询"}, "values": {"nature": {"热线": "求助"}}})
    assert mapping.defaults["nature"] == "inquiry"
    assert mapping.translations["nature"] == {"热线": "appeal"}
