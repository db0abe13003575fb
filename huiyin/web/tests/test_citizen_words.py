"""What a citizen reads of their case is said in plain words, in both languages, whatever happens to it."""

import pytest
from django.utils.translation import override

from huiyin.cases.models import Case, Notice
from huiyin.web.citizen import standing, story

JARGON = (
    "挂账",
    "另循程序",
    "甄别",
    "派单",
    "裁定",
    "并案",
    "分案",
    "承办单位",
    "工单",
    "提级",
    "销号",
    "办件",
)
OFFICIALESE = ("triage", "adjudicat", "dispatch", "work order", "suspended case", "escalat")


def said(language: str) -> list[str]:
    """Every sentence of timeline, state and next step."""
    with override(language):
        acts = [
            text
            for text, _tone in (*story.SENTENCES.values(), *story.CONTACTS.values(), *story.REDONE.values())
        ]
        people = [text for pair in story.OWN.values() for text in pair]
        tables = (story.ABOUT, story.TOLD, standing.STANDS, standing.NEXT, standing.OVER, standing.WORKING)
        rest = [text for table in tables for text in table.values()]
        return [str(text) for text in (*acts, *people, *rest, *standing.AWAITED.values())]


@pytest.mark.parametrize(("language", "words"), [("zh-hans", JARGON), ("en", OFFICIALESE)])
def test_no_word_of_the_office_reaches_a_citizen(language, words):
    found = [text for text in said(language) if any(word in text.lower() for word in words)]
    assert found == []


def test_everything_that_one_is_told_has_plain_words():
    assert set(story.ABOUT) >= {str(about) for about in Notice.About if about != "review"}


def test_every_open_state_has_a_short_name_and_says_what_comes_next():
    for state in (str(state) for state in Case.State):
        assert standing.in_short(state), state
    waiting = set(standing.AWAITED) - {"telling"}
    assert waiting <= set(standing.NEXT)
