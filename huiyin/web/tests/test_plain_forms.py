"""The form that every page's form grows from: what is shared is not changed, and what it finds is what Django finds."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.forms import BaseForm
from django.utils.datastructures import MultiValueDict

from huiyin.web.citizen.forms import NewForm
from huiyin.web.forms import PlainForm

GOOD = {"text": "路灯不亮", "nature": "appeal", "confidentiality": "sealed", "phone": "13800000001"}


class Asking(PlainForm):
    """A form that is changed as it is made, as many are."""

    field_order = ("second", "nowhere")
    first = forms.ChoiceField(choices=[("a", "A")])
    second = forms.CharField(required=False, disabled=True, initial="fixed")
    third = forms.FileField(required=False)

    def __init__(self, *args, letter: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if letter:
            self.fields["first"].choices = [(letter, letter)]
            self.fields["second"].widget.attrs["rows"] = letter


def test_what_one_form_changes_no_other_has():
    changed, other = Asking({"first": "b"}, letter="b"), Asking({"first": "b"})
    assert changed.is_valid() and not other.is_valid()
    assert "rows" in changed.fields["second"].widget.attrs
    assert "rows" not in other.fields["second"].widget.attrs
    assert "rows" not in Asking().fields["second"].widget.attrs


def test_fields_come_in_their_order_and_can_be_taken_out_and_put_in():
    form = Asking()
    assert list(form.fields) == [each.name for each in form] == ["second", "first", "third"]
    del form.fields["first"]
    form.fields["fourth"] = forms.CharField()
    assert list(form.fields) == ["second", "third", "fourth"] and "first" not in form.fields
    assert list(Asking().fields) == ["second", "first", "third"]


def test_a_disabled_field_keeps_its_value_and_a_file_is_the_forms_own():
    sent = MultiValueDict({"third": [SimpleUploadedFile("a.txt", b"a")]})
    form = Asking({"first": "a", "second": "forged"}, sent)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["second"] == "fixed" and form.cleaned_data["third"].name == "a.txt"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"text": ""},
        {"text": "x" * 20_001},
        {"nature": "other"},
        {"headcount": "many"},
        {"headcount": "0"},
        {"phone": "12"},
        {"email": "@"},
        {"region": "nowhere"},
        {"key": "no key"},
        {"confidentiality": ""},
    ],
)
def test_it_finds_what_django_finds(cast, wrong):
    ours, djangos = NewForm({**GOOD, **wrong}), NewForm({**GOOD, **wrong})
    djangos._clean_fields = lambda: BaseForm._clean_fields(djangos)
    assert ours.errors == djangos.errors
    assert bool(wrong) == bool(ours.errors) or "key" in wrong
    keyless = [{**form.cleaned_data, "key": ""} for form in (ours, djangos)]
    assert keyless[0] == keyless[1]
