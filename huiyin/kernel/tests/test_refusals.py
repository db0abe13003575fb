"""Refusals and permits."""

import dataclasses

import pytest
from django.utils.translation import gettext_lazy, override

from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused


def test_a_refusal_is_its_sentence_and_says_what_to_do_instead():
    refusal = Refused("已经办结。", code="closed", instead="可以申请重办。")
    assert (str(refusal), refusal.code, refusal.instead) == ("已经办结。", "closed", "可以申请重办。")
    assert (Refused("x").code, Refused("x").instead) == ("refused", "")


def test_a_lazy_sentence_is_put_into_the_language_of_its_reader():
    refusal = Refused(gettext_lazy("Yes"))
    with override("zh-hans"):
        assert str(refusal) == "是"
    with override("en"):
        assert str(refusal) == "Yes"


def test_a_permit_names_its_holder_and_a_known_purpose():
    assert Permit(holder="post:desk-1", purpose="contact") == Permit("post:desk-1", Purpose.CONTACT)
    with pytest.raises(ValueError, match="holder"):
        Permit(holder="", purpose="contact")
    with pytest.raises(ValueError, match="curiosity"):
        Permit(holder="post:desk-1", purpose="curiosity")


def test_a_permit_cannot_be_changed_after_it_was_given():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Permit(holder="a", purpose="own").holder = "b"
