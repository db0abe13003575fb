"""What can be done to many matters at once: each its own act, in its own name, one case after the other."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases import access, actions, choices, queries
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.web.acts.form import RowField, words
from huiyin.web.forms import PlainForm


class ManyForm(PlainForm):
    """One act on many cases. `undo` says in words what takes it back, "" when nothing does."""

    act: ClassVar[str]
    title: ClassVar[Any]
    explain: ClassVar[Any] = ""
    undo: ClassVar[Any] = ""

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        self.by = by
        super().__init__(*args, auto_id=f"{self.act}_%s", **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices."""

    @abstractmethod
    def perform(self, case: Any) -> None:
        """Do the act to one case. Raises `Refused` or `PermissionDenied`."""

    def becomes(self, case: Any) -> str:
        """What will have happened to the case, in words, where the title alone does not say it."""
        return ""

    def takes_back(self, case: Any) -> None:
        """Take it back from one case. Raises `Refused` or `PermissionDenied`."""
        raise Refused(_("这一步不能撤回。"), code="final")


class AcceptMany(ManyForm):
    act, title = "accept", _("受理，归入同一类别")
    explain = _("给单位看的文字只按规则遮住，没有人工确认；派单以前可以逐件确认。")
    category = RowField(_("类别"))

    def prepare(self) -> None:
        offered: Any = self.fields["category"]
        offered.offer([("", queries.categories())])

    def becomes(self, case: Any) -> str:
        return str(self.cleaned_data["category"])

    def perform(self, case: Any) -> None:
        actions.accept(case, by=self.by, category=self.cleaned_data["category"])


class DispatchMany(ManyForm):
    act, title = "dispatch", _("派单")
    explain = _("每件单独派出，期限各自从现在算起。")
    undo = _("几分钟内、单位签收以前可以全部撤回。")
    lead = RowField(_("主办单位"), required=False, empty=_("各按职责清单上的第一个单位"))

    def prepare(self) -> None:
        offered: Any = self.fields["lead"]
        offered.offer([("", choices.receivers())])

    def _lead(self, case: Any) -> Any:
        return self.cleaned_data["lead"] or next((line.unit for line in choices.likely_lines(case)), None)

    def becomes(self, case: Any) -> str:
        return str(_("派给%(unit)s") % {"unit": self._lead(case)})

    def perform(self, case: Any) -> None:
        lead = self._lead(case)
        if lead is None:
            raise Refused(_("职责清单里没有单位对应这件的类别。请单独派单。"), code="no_suggestion")
        actions.dispatch(case, by=self.by, lead=lead)

    def takes_back(self, case: Any) -> None:
        order = next(iter(reversed(queries.page_of(case, self.by).orders)), None)
        if order is None:
            raise Refused(_("这件没有派出去的工单。"), code="nothing_sent")
        actions.recall_order(order, by=self.by)


class MergeMany(ManyForm):
    act, title = "merge", _("并入同一件")
    explain = _("说的是同一件事才并案。每件的诉求人仍会单独收到答复。")
    undo = _("主案的答复告知以前可以全部撤销并案，各件回到待甄别。")
    number = forms.CharField(label=_("主案编号"), max_length=30)

    def clean_number(self) -> Any:
        try:
            return access.find(self.by, check_case_number(self.cleaned_data["number"]))
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        except access.NotFound as missing:
            raise forms.ValidationError(_("没有这个编号的诉求，或您看不到它。请核对编号。")) from missing

    def becomes(self, case: Any) -> str:
        into = self.cleaned_data["number"]
        return f"{into.number} {into.title}"

    def perform(self, case: Any) -> None:
        actions.merge(case, into=access.find(self.by, self.cleaned_data["number"].number), by=self.by)

    def takes_back(self, case: Any) -> None:
        actions.unmerge(case, by=self.by)


class NoteMany(ManyForm):
    act, title = "note", _("写同一条备注")
    text = words(_("备注内容"), rows=3, most=2000)
    readers = forms.ChoiceField(label=_("谁可以看"), choices=choices.READERS, initial="office")

    def perform(self, case: Any) -> None:
        told = self.cleaned_data
        actions.note(case, by=self.by, text=told["text"], readers=told["readers"])


class ArchiveMany(ManyForm):
    act, title = "archive", _("归档")

    def perform(self, case: Any) -> None:
        actions.archive(case, by=self.by)


MANY: dict[str, type[ManyForm]] = {
    form.act: form for form in (DispatchMany, AcceptMany, MergeMany, NoteMany, ArchiveMany)
}


def offered(by: Actor, cases: Iterable[Any]) -> list[type[ManyForm]]:
    """The acts that the reader's post may do to at least one of the cases; whether now, the preview says."""
    chosen = list(cases)
    return [form for form in MANY.values() if any(access.may(by, form.act, case) for case in chosen)]
