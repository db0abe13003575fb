"""The form that every page's form grows from: errors are sentences that name the field."""

import copy
import uuid
from abc import ABCMeta
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from functools import cache
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.forms.forms import DeclarativeFieldsMetaclass
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.refusals import Refused
from huiyin.people.acts import phone_of
from huiyin.web.escaping import put, put_each

HEX = RegexValidator(r"\A[0-9a-f]{32}\Z")
CHOSEN = (forms.ChoiceField, forms.FileField, forms.BooleanField)


def once() -> forms.CharField:
    """The hidden name of one showing of a form, so that sent twice (a double click, the back button) it is one row.

    The page gives it as `initial` (`new_once`); the act that makes the row keeps it, or has no effect the second time.
    """
    return forms.CharField(widget=forms.HiddenInput, required=False, max_length=32, validators=[HEX])


def new_once() -> str:
    """A name that no other showing of a form has."""
    return uuid.uuid4().hex


class Fields(MutableMapping[str, forms.Field]):
    """The fields of one form: those of its class, each copied only when somebody asks for it and may change it.

    Django copies all of them for every form, though most are only read.
    """

    def __init__(self, declared: Mapping[str, forms.Field]) -> None:
        self._kept, self._own = dict(declared), set[str]()

    def __deepcopy__(self, memo: dict[int, Any]) -> "Fields":
        return Fields(self._kept)

    def __getitem__(self, name: str) -> forms.Field:
        if name not in self._own:
            self._kept[name] = copy.deepcopy(self._kept[name])
            self._own.add(name)
        return self._kept[name]

    def __setitem__(self, name: str, field: forms.Field) -> None:
        """A field of this one form, with our sentences like those that were declared."""
        _word_one(field)
        self._kept[name] = field
        self._own.add(name)

    def __delitem__(self, name: str) -> None:
        del self._kept[name]
        self._own.discard(name)

    def __contains__(self, name: object) -> bool:
        return name in self._kept

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def put_first(self, names: Iterable[str]) -> None:
        """Let these come first, in this order; names that are no fields here do not matter."""
        first = {name: self._kept[name] for name in names if name in self._kept}
        self._kept = {**first, **self._kept}

    def to_read(self) -> Iterable[tuple[str, forms.Field]]:
        """Every field with its name, perhaps that of the class: for reading alone."""
        return self._kept.items()


class Declaring(DeclarativeFieldsMetaclass, ABCMeta):
    """Makes forms that share what they only read, and whose abstract methods Python itself watches over.

    One without its act cannot be made.
    """

    def __new__(cls, name: str, bases: tuple[type, ...], attributes: dict[str, Any]) -> type:
        """A class of forms."""
        made: Any = super().__new__(cls, name, bases, attributes)
        made.base_fields = Fields(made.declared_fields)
        return made


class PlainForm(forms.Form, metaclass=Declaring):
    """A form whose errors say what is missing; a field's own `error_messages` go before these."""

    required_css_class = ""
    error_css_class = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        _word(type(self))
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False  # our sentences, not the browser's, and nothing is lost

    def relabel(self, name: str, label: Any) -> None:
        """Call a field otherwise on this form, also in the sentences that say what is wrong with it."""
        field = self.fields[name]
        before, field.label = _sentences(field), label
        for code, sentence in _sentences(field).items():
            if field.error_messages.get(code) == before[code]:
                field.error_messages[code] = sentence

    def order_fields(self, field_order: Iterable[str] | None) -> None:
        """As Django's own, without a copy of every field."""
        self.fields.put_first(field_order or ())  # type: ignore[attr-defined]

    def _clean_fields(self) -> None:
        """As Django's own, which first draws up for each field all that showing it would need."""
        for name, field in self.fields.to_read():  # type: ignore[attr-defined]
            try:
                self.cleaned_data[name] = self._cleaned(name, field)
                if own := getattr(self, f"clean_{name}", None):
                    self.cleaned_data[name] = own()
            except forms.ValidationError as fault:
                self.add_error(name, fault)

    def _cleaned(self, name: str, field: forms.Field) -> Any:
        """The value of one field; a file's field remembers what came, so the form has its own."""
        if field.disabled or isinstance(field, forms.FileField):
            return self.fields[name]._clean_bound_field(self[name])  # type: ignore[attr-defined]
        return field.clean(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))


class Words(forms.CharField):
    """Some sentences. A browser sends the end of each line as two letters, and nobody counts that way.

    What a copied text may hold unseen is no reason to send anybody back: NUL goes here, `cases.words` drops the rest.
    """

    def to_python(self, value: Any) -> str:
        """The words with plain ends of lines and without NUL."""
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").replace("\x00", "")
        return super().to_python(value) or ""


class Choosing(forms.Select):
    """A drop-down list drawn in one go: Django's own asks a template for every option, and places are many."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The same element as Django's."""
        chosen = {str(each) for each in self.format_value(value)}
        options = (
            (code, mark_safe(" selected") if str(code) in chosen else "", label)
            for code, label in self.choices
        )
        return put(
            '<select name="{}"{}>{}</select>',
            name,
            flatatt(self.build_attrs(self.attrs, attrs)),
            put_each('<option value="{}"{}>{}</option>', options),
        )


class Day(forms.DateInput):
    """A day, in the browser's own calendar; drawn in one go like `Choosing`."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The same element as Django's."""
        told = self.format_value(value)
        known = {
            "type": self.input_type,
            "name": name,
            **self.build_attrs(self.attrs, attrs),
            **({"value": told} if told else {}),
        }
        return put("<input{}>", flatatt(known))


class Ticking(forms.CheckboxInput):
    """A box to tick, drawn without the three templates that Django's own takes."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The same element as Django's."""
        found = self.build_attrs(self.attrs, attrs) | ({"checked": True} if self.check_test(value) else {})
        return put('<input type="checkbox" name="{}"{}>', name, flatatt(found))


class AsksPhone:
    """For a form with a field `phone`: a number that can be called, in any spelling, is kept as it was typed."""

    cleaned_data: dict[str, Any]

    def clean_phone(self) -> str:
        """The number as typed. Raises ValidationError when nobody can be called at it."""
        try:
            phone_of(self.cleaned_data["phone"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return self.cleaned_data["phone"]


@cache
def _word(form: type[forms.Form]) -> None:
    """Give the fields of a form our sentences, once for all: every form made of it begins with copies of them.

    A browser cuts what is pasted beyond `maxlength` and says nothing, so the length goes to the script that counts.
    """
    for field in form.declared_fields.values():  # type: ignore[attr-defined]
        _word_one(field)


def _word_one(field: forms.Field) -> None:
    if (most := field.widget.attrs.pop("maxlength", None)) is not None:
        field.widget.attrs["data-most"] = most
    for code, sentence in _sentences(field).items():
        if field.error_messages.get(code) in (None, _default(field, code)):
            field.error_messages[code] = sentence


def _default(field: forms.Field, code: str) -> Any:
    found = [
        kind.default_error_messages for kind in type(field).__mro__ if hasattr(kind, "default_error_messages")
    ]
    return next((messages[code] for messages in found if code in messages), None)


def _sentences(field: forms.Field) -> dict[str, Any]:
    missing = _("请选择：{label}") if isinstance(field, CHOSEN) else _("请填写：{label}")
    return {
        "required": format_lazy(missing, label=field.label or ""),
        "null_characters_not_allowed": format_lazy(
            _("{label}里有看不见的字符，请清空后重新输入"), label=field.label or ""
        ),
        "invalid_choice": format_lazy(_("请从列出的里面选：{label}"), label=field.label or ""),
        "max_length": format_lazy(
            _("{label}太长了：最多 %(limit_value)d 个字，现在有 %(show_value)d 个"), label=field.label or ""
        ),
        "min_length": format_lazy(
            _("{label}太短了：至少 %(limit_value)d 个字，现在有 %(show_value)d 个"), label=field.label or ""
        ),
    }
