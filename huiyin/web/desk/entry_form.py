"""The form of whoever writes a matter down for somebody at the phone, at the counter or on a walk."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.accounts.roles import Role
from huiyin.cases import choices
from huiyin.cases.words import clean
from huiyin.channels.clerk import taking_down
from huiyin.channels.clerk.taking_down import Statement
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.directory import indented, places_within
from huiyin.people.acts import phone_of
from huiyin.web.acts.form import words
from huiyin.web.forms import PlainForm

LONGEST = 20_000
DIGITS = 11  # of a moment in seconds
UNKEPT = {"data-no-draft": ""}  # office computers are shared: who it is stays in no browser
OFTEN = {Role.REPRESENTATIVE: "representative", Role.HANDLER: "visit", Role.UNIT_LEADER: "visit"}


def unkept(label: Any, *, most: int, hint: Any = "", **attributes: Any) -> forms.CharField:
    """A line about a person; no browser proposes or keeps it."""
    widget = forms.TextInput(attrs={"autocomplete": "off", **UNKEPT, **attributes})
    return forms.CharField(label=label, required=False, max_length=most, widget=widget, help_text=hint)


class EntryForm(PlainForm):
    """What was said, who said it, and what was answered."""

    channel = forms.ChoiceField(label=gettext_lazy("从哪里来"), initial="phone")
    text = words(
        gettext_lazy("说了什么"),
        rows=7,
        most=LONGEST,
        hint=gettext_lazy("时间、经过、希望怎么办。不用写姓名和电话，另有地方填。"),
    )
    title = forms.CharField(
        label=gettext_lazy("标题"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("不写就取第一句话。"),
    )
    door = forms.ChoiceField(label=gettext_lazy("窗口"), required=False)
    nature = forms.ChoiceField(label=gettext_lazy("性质"), initial="appeal")
    urgency = forms.ChoiceField(label=gettext_lazy("紧急程度"), initial="normal")
    region = forms.ChoiceField(label=gettext_lazy("在哪个地方"), required=False)
    place = forms.CharField(
        label=gettext_lazy("具体地点"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("路名、小区、门牌，或者附近的标志。"),
    )
    points = words(
        gettext_lazy("诉求点"),
        required=False,
        rows=3,
        most=LONGEST,
        hint=gettext_lazy("一次说了几件事，一行写一件，可以分给不同单位。只有一件就不写。"),
    )
    track = forms.ChoiceField(label=gettext_lazy("按什么期限办"), required=False)

    name = unkept(gettext_lazy("姓名"), most=60, hint=gettext_lazy("不愿说的可以不填。"))
    phone = unkept(gettext_lazy("电话"), most=30, inputmode="tel")
    address = unkept(gettext_lazy("住址"), most=200)
    confidentiality = forms.ChoiceField(label=gettext_lazy("身份让谁知道"), initial="sealed")
    reply_required = forms.BooleanField(label=gettext_lazy("要答复本人"), required=False, initial=True)
    headcount = forms.IntegerField(
        label=gettext_lazy("人次"),
        required=False,
        initial=1,
        min_value=1,
        max_value=100_000,
        help_text=gettext_lazy("多少人一起来说的。"),
    )
    members = forms.CharField(
        label=gettext_lazy("还有谁"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", **UNKEPT}),
        help_text=gettext_lazy("一行写一个人：姓名 电话。每个人都有自己的查询码。"),
    )
    accused_units = forms.MultipleChoiceField(
        label=gettext_lazy("被举报的单位"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("选中的单位和它的人看不到、查不到、也派不到这件举报。"),
    )
    accused = unkept(gettext_lazy("被举报的人"), most=300, hint=gettext_lazy("姓名、职务。"))
    answer = words(
        gettext_lazy("当场怎么答的"),
        required=False,
        rows=5,
        most=LONGEST,
        hint=gettext_lazy("已经在电话里或当面答清楚的写在这里；没有答的不写，登记后转去甄别。"),
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("办理结果"),
        required=False,
        help_text=gettext_lazy("采纳建议的，先登记，再到这件诉求的页面上写答复和承诺。"),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    began = forms.IntegerField(widget=forms.HiddenInput, required=False)  # when the page was opened: the call

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        self.by = by
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4().hex)
        self.initial.setdefault("began", str(int(clock.now().timestamp())))
        self.initial.setdefault("channel", OFTEN.get(Role(by.role), "phone"))
        self._offer()
        if by.role not in taking_down.ANSWERERS:
            del self.fields["answer"], self.fields["outcome"]

    def _offer(self) -> None:
        root = organisation.root().path
        outcomes = dict(
            pair for nature, _label in choices.NATURES for pair in choices.outcomes_at_once(nature)
        )
        offered: dict[str, Sequence[tuple[str, Any]]] = {
            "channel": taking_down.channels(),
            "door": [("", _("不分窗口")), *taking_down.doors_offered()],
            "nature": choices.NATURES,
            "urgency": choices.URGENCIES,
            "confidentiality": choices.CONFIDENTIALITIES,
            "region": [("", _("说不清")), *indented(places_within(root))],
            "track": [("", _("按渠道和紧急程度")), *choices.TRACKS],
            "outcome": [("", "—"), *outcomes.items()],
            "accused_units": [(unit.code, str(unit)) for unit in taking_down.complained_of()],
        }
        for name, pairs in offered.items():
            self.fields[name].choices = pairs
        if len(offered["door"]) == 1:
            del self.fields["door"]

    def clean_phone(self) -> str:
        """A number that can be called; in any spelling."""
        return self._read("phone", phone_of)

    def clean_members(self) -> list[taking_down.Member]:
        """The people, line by line."""
        return self._read("members", taking_down.members_of)

    def clean_points(self) -> list[str]:
        """The points, line by line."""
        return self._read("points", taking_down.points_of)

    def _read(self, name: str, reader: Any) -> Any:
        try:
            return reader(self.cleaned_data[name])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        """An answer needs an outcome that fits the nature; a report needs somebody whom it is about."""
        told = self.cleaned_data
        fitting = dict(choices.outcomes_at_once(told.get("nature", "")))
        if clean(told.get("answer", "")) and told.get("outcome", "") not in fitting:
            self.add_error(
                "outcome",
                _("当场答复要选办理结果。这类诉求可以选：%(outcomes)s。")
                % {"outcomes": "、".join(str(label) for label in fitting.values())},
            )
        if told.get("outcome") and "outcome" not in self.errors and not clean(told.get("answer", "")):
            self.add_error("answer", _("选了办理结果，请写下当场怎么答的；没有当场答复就不要选结果。"))
        return told

    def elapsed(self) -> int:
        """Seconds since the page was opened first, however often it has come back."""
        told = str(self["began"].value() or "")
        return _since(int(told)) if told.isascii() and told.isdecimal() and len(told) <= DIGITS else 0

    def statement(self) -> Statement:
        """What was written down."""
        told = dict(self.cleaned_data)
        began = told.pop("began", None)
        return Statement(**{**told, "headcount": told["headcount"] or 1, "seconds": _since(began)})


def _since(began: int | None) -> int:
    """Seconds since then; 0 for a time that is none."""
    return max(0, int(clock.now().timestamp()) - began) if began else 0
