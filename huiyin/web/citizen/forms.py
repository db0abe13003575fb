"""The forms of whoever hands a matter in and follows it."""

import uuid
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from huiyin.cases.choices import NATURES
from huiyin.cases.words import clean
from huiyin.channels.web import handing_in
from huiyin.channels.web.handing_in import Message
from huiyin.kernel import identifiers
from huiyin.kernel.refusals import Refused
from huiyin.web.citizen.contact import AsksContact, Keyed, email_field, key_field, name_field, phone_field
from huiyin.web.citizen.uploads import FilesField
from huiyin.web.forms import PlainForm, Words

LONGEST = 20_000
EXPLAINED = {
    "appeal": gettext_lazy("有难事，想请政府帮忙解决"),
    "complaint": gettext_lazy("对服务、执法或管理不满意"),
    "suggestion": gettext_lazy("有办法让事情变得更好"),
    "inquiry": gettext_lazy("想问政策、流程或者该找谁"),
    "praise": gettext_lazy("有人做得好，想让他知道"),
    "report": gettext_lazy("有人违法违纪；被举报的单位看不到，也不会公开"),
}


def area(rows: int, most: int, **attributes: Any) -> forms.Textarea:
    """A field for several lines, with its length in sight of the script that counts letters left."""
    return forms.Textarea(attrs={"rows": rows, "data-most": str(most), **attributes})


def said(
    label: Any, *, required: bool = True, rows: int = 4, most: int = 2000, hint: Any = "", **attributes: Any
) -> forms.CharField:
    """A field for some sentences."""
    return Words(
        label=label,
        required=required,
        max_length=most,
        widget=area(rows, most, **attributes),
        help_text=hint,
        strip=True,
    )


PHOTOS_HINT = gettext_lazy("最多 9 个，每个不超过 10 MB。照片里的拍摄位置会自动去掉。")


def explained(pairs: Iterable[tuple[str, Any, Any]]) -> list[tuple[str, Any]]:
    """Choices with a line of explanation under each."""
    return [
        (value, format_html('{}<span class="choice__note">{}</span>', label, note) if note else label)
        for value, label, note in pairs
    ]


def _natures() -> list[tuple[str, Any]]:
    return _natures_in(get_language())


@cache
def _natures_in(_language: str | None) -> list[tuple[str, Any]]:
    labels = dict(NATURES)
    return explained((value, labels[value], note) for value, note in EXPLAINED.items())


def _ways() -> list[tuple[str, Any]]:
    return _ways_in(get_language())


@cache
def _ways_in(_language: str | None) -> list[tuple[str, Any]]:
    return explained(
        (
            (
                "sealed",
                _("只有受理中心知道"),
                _("办事的单位看不到您是谁。举报由督办机构收件的，只有督办机构知道。"),
            ),
            ("open", _("办事的单位也可以知道"), _("需要上门或当面核实时，这样更快。")),
            ("none", _("不留身份"), _("姓名和电话都不保存，填了也不保存。请一定记好编号和查询码。")),
        )
    )


def _places() -> Sequence[tuple[str, Any]]:
    regions = handing_in.places()
    top = regions[0].path.count("/") if regions else 0
    inside = [(each.code, "　" * max(each.path.count("/") - top - 1, 0) + each.name) for each in regions[1:]]
    return [("", _("说不清，或者不止一处")), *inside]


class PlaceField(forms.ChoiceField):
    """A choice of hundreds, of which one is looked up without drawing them all up."""

    def valid_value(self, value: str) -> bool:
        """Whether there is such a place."""
        return any(each.code == value for each in handing_in.places()[1:])


def _units() -> Sequence[tuple[str, Any]]:
    return [("", _("不在名单里")), *((unit.code, unit.full_name) for unit in handing_in.complained_of())]


class NewForm(Keyed, AsksContact, PlainForm):
    """A matter from the outside, in four steps."""

    text = said(
        gettext_lazy("发生了什么"),
        rows=7,
        most=LONGEST,
        hint=gettext_lazy("说说时间、经过和您希望怎么办。不用写自己的姓名和电话，后面有地方填。"),
        **{"data-needed": gettext_lazy("请写下发生了什么。")},
    )
    files = FilesField(label=gettext_lazy("照片或文件"), help_text=PHOTOS_HINT)
    nature = forms.ChoiceField(
        label=gettext_lazy("这是一件什么事"), choices=_natures, widget=forms.RadioSelect, initial="appeal"
    )
    region = PlaceField(
        label=gettext_lazy("在哪个地方"),
        choices=_places,
        required=False,
        widget=forms.Select(attrs={"autocomplete": "off"}),
    )
    place = forms.CharField(
        label=gettext_lazy("具体地点"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("路名、小区、门牌，或者附近的标志。"),
    )
    confidentiality = forms.ChoiceField(
        label=gettext_lazy("您的身份让谁知道"), choices=_ways, widget=forms.RadioSelect, initial="sealed"
    )
    name = name_field()
    phone = phone_field(gettext_lazy("只用来联系这件事。不留也可以，凭编号和查询码就能看到进展。"))
    email = email_field()
    reply_required = forms.BooleanField(label=gettext_lazy("办完要告诉我结果"), required=False, initial=True)
    headcount = forms.IntegerField(
        label=gettext_lazy("一共几个人反映这件事"),
        required=False,
        min_value=1,
        max_value=100_000,
        initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("替大家一起反映时，把您自己也算上。"),
        error_messages={
            "invalid": gettext_lazy("人数请填数字，例如 3"),
            "min_value": gettext_lazy("人数至少是 1"),
            "max_value": gettext_lazy("人数最多填 100000"),
        },
    )
    accused_unit = forms.ChoiceField(label=gettext_lazy("举报哪个单位"), choices=_units, required=False)
    accused = forms.CharField(
        label=gettext_lazy("举报什么人，或者别的单位"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("写您知道的就行：姓名、职务。举报个人的，上面请选他所在的单位。"),
        widget=forms.TextInput(attrs={"data-no-draft": ""}),
    )
    key = key_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", str(uuid.uuid4()))

    def clean_text(self) -> str:
        """The words, without characters that cannot be read; something must be left."""
        return required(self.cleaned_data["text"], _("请写下发生了什么。"))

    def clean_headcount(self) -> int:
        """How many; nothing typed is one."""
        return self.cleaned_data["headcount"] or 1

    def message(self) -> Message:
        """What was written, for the channel."""
        told = self.cleaned_data
        anonymous = told["confidentiality"] == "none"
        who = {} if anonymous else {name: told[name] for name in ("name", "phone", "email")}
        return Message(**{name: told[name] for name in FIELDS}, **who)

    @classmethod
    def looked(cls, data: Any, files: Any) -> "NewForm":
        """The form as it stands before it is sent: everything typed and every good file kept, nothing called wrong."""
        form = cls(data, files)
        form.full_clean()
        form._errors = ErrorDict()
        return form

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The form as four questions, each with its fields; `report` are those that only a report asks."""
        return [
            {"title": _("发生了什么"), "fields": [self["text"], self["files"]]},
            {
                "title": _("这是一件什么事"),
                "fields": [self["nature"]],
                "report": [self["accused_unit"], self["accused"]],
            },
            {"title": _("在哪里"), "fields": [self["region"], self["place"]]},
            {
                "title": _("怎么联系您"),
                "fields": [self["confidentiality"]],
                "person": [self["name"], self["phone"]],
                "last": [self["reply_required"], self["headcount"]],
                "similar": True,
            },
        ]


FIELDS = (
    "text",
    "key",
    "nature",
    "region",
    "place",
    "confidentiality",
    "reply_required",
    "headcount",
    "accused_unit",
    "accused",
    "files",
)


def required(text: str, sentence: str) -> str:
    """The cleaned text, of which at least one visible character is left."""
    words = clean(text)
    if not any(letter.isprintable() and not letter.isspace() for letter in words):
        raise forms.ValidationError(sentence)
    return words


class FollowForm(PlainForm):
    """Number and code, as they stand on the receipt."""

    number = forms.CharField(
        label=gettext_lazy("编号"),
        max_length=60,
        help_text=gettext_lazy("12 位数字，例如 2648-3917-5062。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=gettext_lazy("查询码"),
        max_length=40,
        help_text=gettext_lazy("8 位字母和数字，在回执上编号的下面。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_number(self) -> str:
        """The number in its one spelling."""
        return _checked(identifiers.check_case_number, self.cleaned_data["number"])

    def clean_code(self) -> str:
        """The code in its one spelling."""
        return _checked(identifiers.normalise_code, self.cleaned_data["code"])


def _checked(check: Any, text: str) -> str:
    try:
        return check(text)
    except Refused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal
