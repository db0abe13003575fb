"""Cutting texts and questions, and marking what was found: pure, and unharmed by anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.search import marking, words
from huiyin.search.index import MARK, Terms

HAN = st.text(alphabet="路灯不亮晟泰花园的了是在，。 ａA1", max_size=40)
SAFE = st.text(max_size=300)


@given(SAFE)
def test_terms_are_letters_and_digits_whatever_comes_in(text):
    found = {*words.of_text(text), *words.of_question(text).words, *words.of_question(text).more}
    assert all(
        word.isalnum() and MARK not in word and word == word.lower() for word in found if word.isascii()
    )
    assert not any(letter in word for word in found for letter in " '\"&|!()*:^\\\x00" + MARK)


@given(HAN, HAN, HAN)
def test_a_question_that_is_part_of_a_text_finds_it(before, asked, after):
    """The stretch between spaces as it stands in the text: every term of the question is a term of the text."""
    stretch = asked.strip()
    sought = words.of_question(stretch).words
    text = f"{before} {stretch} {after}"
    assert set(sought) <= words.of_text(text), (stretch, set(sought) - words.of_text(text))


@pytest.mark.parametrize(
    ("typed", "sought"),
    [
        ("路灯坏了", {"路灯"}),
        ("晟泰花园", {"晟泰", "花园"}),
        ("ＬＥＤ 灯", {"led"}),
        ("吵", {"吵"}),
        ("不亮", {"不亮"}),
        ("的", set()),
        ("？！", set()),
        ("路灯\ud800噪声", {"路灯", "噪声"}),
        ("연길시", {"연길", "길시"}),
    ],
)
def test_a_question_gives_few_words(typed, sought):
    assert set(words.of_question(typed).words) == sought


def test_a_long_question_is_looked_at_so_far():
    asked = words.of_question("噪声油烟路灯" * 2000)
    assert len(asked.words) <= words.MOST_WORDS and len(asked.more) <= 2 * words.MOST_WORDS


def test_marks_stand_where_the_words_are_whatever_their_width_and_case():
    pieces = marking.marked("ＬＥＤ路灯led", ["led"])
    assert [(piece.text, piece.marked) for piece in pieces] == [
        ("ＬＥＤ", True),
        ("路灯", False),
        ("led", True),
    ]


@given(SAFE, st.lists(st.text(min_size=1, max_size=4), max_size=5))
def test_marking_loses_no_letter(text, sought):
    assert "".join(piece.text for piece in marking.marked(text, sought)) == text


def test_an_extract_shows_where_most_of_the_words_are():
    text = "一" * 300 + "路灯" + "二" * 300 + "路灯和噪声" + "三" * 300
    pieces = marking.extract(text, ["路灯", "噪声"])
    assert pieces[0].text == pieces[-1].text == marking.GAP
    assert [piece.text for piece in pieces if piece.marked] == ["路灯", "噪声"]
    assert sum(len(piece.text) for piece in pieces) <= marking.LONGEST + 2


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 120)), min_size=1, max_size=30))
def test_an_extract_begins_where_most_marked_letters_stand(lengths):
    """As reckoned plainly, place by place: what somebody writes must not make the search of others slow."""
    text, spans = "", []
    for gap, length in lengths:
        text += "空" * gap
        spans.append((len(text), len(text) + length))
        text += "灯" * length
    reach = marking.LONGEST - marking.BEFORE
    weights = {s: sum(e - b for b, e in spans if s <= b and e <= s + reach) for s, _end in spans}
    best = max(weights, key=lambda start: (weights[start], -start))
    begins = max(0, min(best - marking.BEFORE, len(text) - marking.LONGEST))
    assert marking._fullest(text, spans, marking.LONGEST) == begins


def test_overlapping_words_are_one_mark():
    assert [
        piece.text for piece in marking.marked("城市管理局", ["城市", "市管", "管理局"]) if piece.marked
    ] == ["城市管理局"]


def test_terms_are_spelled_for_each_engine():
    terms = Terms(every=("a", "b"), some=("c", "d"), but=("e",))
    assert (
        terms.spelled(both=" & ", either=" | ", neither=" & !", quote="'")
        == "'a' & 'b' & ('c' | 'd') & !('e')"
    )
