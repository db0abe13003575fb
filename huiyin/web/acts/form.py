"""What every act's form has in common."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from huiyin.cases.queries import CasePage
from huiyin.web.forms import PlainForm, Words

FARTHEST = date(2199, 12, 31)  # what lies beyond is a slip of the hand, and near the end of all dates


class ActForm(PlainForm):
    """One act on one case. `target` is the case, or the order, objection, extension or notice it is about."""

    act: ClassVar[str]
    about: ClassVar[tuple[str, ...]] = ("case",)  # what it can be done to: case, order, objection, …
    title: ClassVar[Any]
    verb: ClassVar[Any]
    explain: ClassVar[Any] = ""
    done: ClassVar[Any]
    icon: ClassVar[str] = ""
    kind: ClassVar[str] = ""  # of the button: primary, late or plain
    key: ClassVar[str] = ""  # pressed on the case page
    told_first: Sequence[tuple[Any, Any]] = ()  # what must be read before deciding, above the fields

    def __init__(
        self, *args: Any, page: CasePage, target: Any, asked: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        self.page, self.case, self.by, self.target = page, page.case, page.by, target
        self.asked = asked or {}  # what the address says: which template to begin with
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices and first values that depend on the case."""

    @abstractmethod
    def perform(self) -> None:
        """Call the act. Raises `Refused` when it is not possible now, `PermissionDenied` when not for this post."""

    def told(self) -> str:
        """What is said when it is done."""
        return str(self.done)

    def codes(self) -> list[str]:
        """Query codes that the act gave out: shown once, on a receipt."""
        return []


def words(
    label: Any, *, required: bool = True, rows: int = 4, most: int = 2000, hint: Any = ""
) -> forms.CharField:
    """A field for some sentences."""
    area = forms.Textarea(attrs={"rows": rows})
    return Words(label=label, required=required, max_length=most, widget=area, help_text=hint)


def day(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    """A field for a day, in the browser's own calendar, sent as 2026-11-02."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MaxValueValidator(FARTHEST, _("年份太远了，请改正。"))],
        error_messages={"invalid": _("请写成年-月-日，例如 2026-11-02。")},
    )


def with_title(post: Any) -> str:
    """A colleague with their title, or else their role, for lists to choose from."""
    return f"{post.user.name}（{post.title or post.get_role_display()}）"


class RowField(forms.ChoiceField):
    """Chooses one of some rows; its clean value is the row itself, None when nothing is chosen."""

    def __init__(self, label: Any, *, required: bool = True, empty: Any = "—", **kwargs: Any) -> None:
        self.rows: dict[str, Any] = {}
        self.empty = empty
        super().__init__(label=label, required=required, **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> "RowField":
        """Every form has rows of its own, which the next request does not see."""
        copied = super().__deepcopy__(memo)
        copied.rows = {}
        return copied

    def clean(self, value: Any) -> Any:
        """The row behind the chosen key."""
        return self.rows.get(super().clean(value))

    def offer(
        self, groups: Iterable[tuple[Any, Iterable[Any]]], *, named: Callable[[Any], str] = str
    ) -> None:
        """Offer rows under headings, each as it is `named`; a heading "" stands for no heading."""
        choices: list[Any] = [("", self.empty)]
        for heading, rows in groups:
            pairs = [(str(row.pk), named(row)) for row in rows]
            self.rows |= {str(row.pk): row for row in rows}
            choices += [(heading, pairs)] if heading and pairs else pairs
        self.choices = choices


class RowsField(forms.MultipleChoiceField):
    """Chooses any number of rows, by ticking; its clean value is the list of them."""

    def __init__(self, label: Any, *, required: bool = False, **kwargs: Any) -> None:
        self.rows: dict[str, Any] = {}
        super().__init__(label=label, required=required, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> list[Any]:
        """The rows behind the chosen keys."""
        return [self.rows[key] for key in super().clean(value)]

    def offer(self, rows: Iterable[Any]) -> None:
        """Offer rows."""
        self.rows = {str(row.pk): row for row in rows}
        self.choices = [(key, str(row)) for key, row in self.rows.items()]
