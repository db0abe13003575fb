"""Reading the lines that somebody of the office wrote, and what becomes of a statement."""

import pytest

from huiyin.cases.models import Case
from huiyin.channels.clerk import taking_down
from huiyin.channels.clerk.taking_down import Member, Statement, members_of, points_of, take_down, track_of
from huiyin.kernel.refusals import Refused


@pytest.mark.parametrize(
    ("line", "member"),
    [
        ("猪八戒 13800000008", Member("猪八戒", "13800000008")),
        ("沙和尚，138 0000 0009", Member("沙和尚", "138 0000 0009")),
        ("红孩儿:１３８００００００１０", Member("红孩儿", "13800000010")),
        ("13800000008", Member("", "13800000008")),
        ("白龙马", Member("白龙马", "")),
        ("李 天王 0571-88880000", Member("李 天王", "0571-88880000")),
        ("  铁扇公主\t+8613800000011  ", Member("铁扇公主", "+8613800000011")),
    ],
)
def test_a_line_is_a_name_a_phone_or_both(line, member):
    assert members_of(f"\n{line}\n\n") == [member]


@pytest.mark.parametrize("text", ["好人\n坏号 12", "好人\n12345"])
def test_a_number_that_cannot_be_called_is_refused_with_its_line(text):
    with pytest.raises(Refused, match="第 2 行的电话不对"):
        members_of(text)


def test_too_many_people_and_too_long_a_name_are_refused():
    with pytest.raises(Refused, match="最多写 30 个人，现在有 31 个"):
        members_of("\n".join("人" for _n in range(31)))
    with pytest.raises(Refused, match="第 1 行的姓名太长"):
        members_of("长" * 61)


def test_points_are_lines_and_at_most_twenty():
    assert points_of(" 修灯 \n\n换门") == ["修灯", "换门"]
    with pytest.raises(Refused, match="最多分成 20 个"):
        points_of("\n".join("一" for _n in range(21)))


@pytest.mark.parametrize(
    ("channel", "urgency", "track"),
    [
        ("phone", "normal", "hotline"),
        ("mailbox", "pressing", "mailbox"),
        ("mailbox", "immediate", "urgent"),
        ("letter", "normal", "hotline"),
    ],
)
def test_the_track_follows_from_urgency_and_channel(channel, urgency, track):
    assert track_of(channel, urgency) == track


def test_a_statement_names_its_writer_in_the_ledger_and_no_person_in_the_text(cast):
    taken = take_down(
        Statement(text="我是孙悟空，电话13800000007，灯坏了", key="k", name="孙悟空", phone="13800000007"),
        by=cast.clerk,
    )
    case = Case.objects.get(number=taken.number)
    assert "13800000007" not in case.text and not taken.changed and not taken.answered
    assert len(taken.codes) == 1


def test_an_unknown_place_or_unit_is_refused(cast):
    with pytest.raises(Refused, match="没有这个地方"):
        take_down(Statement(text="灯坏了", key="k", region="atlantis"), by=cast.clerk)
    with pytest.raises(Refused, match="没有这个单位"):
        take_down(Statement(text="收钱", key="k", nature="report", accused_units=["x"]), by=cast.clerk)
    assert not Case.objects.exists()


def test_every_channel_of_the_clerk_has_words():
    assert [label for _channel, label in taking_down.channels()][:2] == ["电话", "来访"]
