"""Acts of the desk: screening, dispatch, adjudication, review, telling, ending."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from huiyin.cases import access, actions, choices, offering, queries
from huiyin.cases.actions.redact import Redaction
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.refusals import Refused
from huiyin.organisation.place import limit
from huiyin.web.acts.form import ActForm, RowField, RowsField, with_title, words
from huiyin.web.acts.pledging import Pledging


class Redacting(ActForm):
    """The text that units will read, proposed by rule, confirmed by a person."""

    readable_title = forms.CharField(label=_("给承办单位看的标题"), max_length=120)
    readable_text = words(
        _("给承办单位看的内容"),
        rows=8,
        most=100_000,
        hint=_("请去掉姓名、电话、住址等能认出人的内容。电话和证件号已自动遮住。"),
    )
    readable_place = forms.CharField(label=_("地点"), max_length=120, required=False)

    def prepare(self) -> None:
        case = self.case
        self.initial |= {
            "readable_title": case.title,
            "readable_text": case.text,
            "readable_place": case.place,
        }

    def redaction(self) -> Redaction:
        """The confirmed texts."""
        told = self.cleaned_data
        return Redaction(told["readable_title"], told["readable_text"], told["readable_place"])


class Accept(Redacting):
    act, title, verb, done = "accept", _("受理这件诉求"), _("受理"), _("已受理，等待派单。")
    explain = _("确认类别，并确认给承办单位看的文字。受理后由分办员派单。")
    icon, kind, key = "check", "primary", "e"
    category = RowField(_("类别"))
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=choices.URGENCIES)
    field_order = ("category", "urgency", "readable_title", "readable_text", "readable_place")

    def prepare(self) -> None:
        super().prepare()
        self.fields["category"].offer([("", queries.categories())])
        self.initial |= {"category": self.case.category_id, "urgency": self.case.urgency}

    def perform(self) -> None:
        told = self.cleaned_data
        actions.accept(
            self.case,
            by=self.by,
            category=told["category"],
            urgency=told["urgency"],
            redaction=self.redaction(),
        )


class Redact(Redacting):
    act, title, verb, done = "redact", _("确认脱敏文本"), _("确认"), _("脱敏文本已确认。")
    icon = "eye-off"

    def perform(self) -> None:
        actions.redact(self.case, by=self.by, redaction=self.redaction())


class Decline(ActForm):
    act, title, verb, done = (
        "decline",
        pgettext_lazy("act", "不予受理"),
        pgettext_lazy("act", "不予受理"),
        _("已记录不予受理，理由和途径已告知诉求人。"),
    )
    explain = _("必须引用一条理由。诉求人会看到理由、依据和正确途径，可以提出异议，由另一位同事再看。")
    icon, kind = "x", "late"
    reason = RowField(_("理由"))
    said = words(_("对诉求人的说明"), required=False)

    def prepare(self) -> None:
        self.fields["reason"].offer([("", queries.reasons("decline"))])

    def perform(self) -> None:
        told = self.cleaned_data
        actions.decline(self.case, by=self.by, reason=told["reason"], words_to_citizen=told["said"])


class AnswerAtOnce(Pledging):
    act, title, verb, done = "answer_at_once", _("当场答复"), _("记录答复"), _("已记录当场答复。")
    explain = _("已经在电话里或当面答复的，写下答复内容。")
    icon, key = "message", "a"
    text = words(_("答复内容"), rows=6, most=20_000)

    def perform(self) -> None:
        told = self.cleaned_data
        actions.answer_at_once(
            self.case, by=self.by, text=told["text"], outcome=told["outcome"], pledge=self.pledge()
        )


class Dispatch(ActForm):
    act, title, verb, done = "dispatch", _("派单"), _("派单"), _("已派单，承办单位的期限开始计算。")
    explain = _("定部门、定专人、定时限：工单交给主办单位的联络员，期限从现在算起。")
    icon, kind, key = "send", "primary", "d"
    lead = RowField(_("主办单位"))
    assisting = RowsField(_("协办单位"))
    points = RowsField(_("交办的诉求点"))
    note = words(_("派单说明"), required=False, rows=3)

    def prepare(self) -> None:
        self.initial["lead"] = self.asked.get("lead", "")
        likely, others = choices.receiving_units(self.case)
        self.fields["lead"].offer([(_("职责清单对应"), likely), (_("其他单位"), others)])
        if likely and not self.initial["lead"]:
            self.initial["lead"] = str(likely[0].pk)
        self.fields["assisting"].offer(choices.assisting_units(self.case))
        waiting = self.page.points_without_unit()
        if len(waiting) < 2:
            del self.fields["points"]
        else:
            self.fields["points"].offer(waiting)

    def perform(self) -> None:
        told = self.cleaned_data
        actions.dispatch(
            self.case,
            by=self.by,
            lead=told["lead"],
            assisting=told["assisting"],
            points=told.get("points") or None,
            note=told["note"],
        )

    def told(self) -> str:
        minutes = limit("recall_minutes")
        return ngettext(
            "已派单给%(unit)s，承办单位的期限开始计算。派错了，%(n)d 分钟内、单位签收以前可以撤回（按 u）。",
            "已派单给%(unit)s，承办单位的期限开始计算。派错了，%(n)d 分钟内、单位签收以前可以撤回（按 u）。",
            minutes,
        ) % {"unit": self.cleaned_data["lead"], "n": minutes}


class RecallOrder(ActForm):
    act, title, verb, done = (
        "recall_order",
        _("撤回派单"),
        _("撤回派单"),
        _("已撤回派单，本件回到待派单，给诉求人的期限不变。"),
    )
    explain = _("刚才派错了，单位还没有签收，可以撤回。同时发出的协办工单一起撤回；账本里两步都留着。")
    about = ("order",)
    icon, kind, key = "arrow-back-up", "", "u"

    def perform(self) -> None:
        actions.recall_order(self.target, by=self.by)


class Merge(ActForm):
    act, title, verb, done = "merge", _("并入另一件"), _("并案"), _("已并案。本件保留编号、期限和告知。")
    explain = _("与另一件是同一件事时并入。本件的诉求人仍会单独收到答复。")
    icon = "git-merge"
    number = forms.CharField(
        label=_("主案编号"), max_length=30, help_text=_("12 位数字，例如 2648-3917-5062")
    )

    def prepare(self) -> None:
        self.initial["number"] = self.asked.get("number", "")

    def clean_number(self) -> Any:
        try:
            number = check_case_number(self.cleaned_data["number"])
            return access.find(self.by, number)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        except access.NotFound as missing:
            raise forms.ValidationError(_("没有这个编号的诉求，或您看不到它。请核对编号。")) from missing

    def perform(self) -> None:
        actions.merge(self.case, into=self.cleaned_data["number"], by=self.by)


class Unmerge(ActForm):
    act, title, verb, done = (
        "unmerge",
        _("撤销并案"),
        _("撤销并案"),
        _("已撤销并案，本件回到待甄别，期限不变。"),
    )
    icon = "git-branch"

    def perform(self) -> None:
        actions.unmerge(self.case, by=self.by)


class Accuse(ActForm):
    act, title, verb, done = (
        "accuse",
        _("列为被举报方"),
        _("列为被举报方"),
        _("已列为被举报方，其人员看不到本件。"),
    )
    explain = _("举报里写到的单位或人员，派单前先列出来。列入后，他们在任何地方都看不到、查不到本件。")
    icon, kind = "ban", ""
    unit = RowField(_("被举报的单位"))
    person = RowField(_("被举报的人员"), required=False)

    def prepare(self) -> None:
        units, people = choices.whom_to_accuse()
        self.fields["unit"].offer([("", units)])
        self.fields["person"].offer(people, named=with_title)

    def perform(self) -> None:
        told = self.cleaned_data
        actions.accuse(self.case, by=self.by, unit=told["unit"], person=told["person"])


class Contest(ActForm):
    act, title, verb, done = (
        "contest",
        _("代诉求人提出异议"),
        _("提出异议"),
        _("已记录异议，由另一位同事甄别。"),
    )
    icon = "hand-stop"
    why = words(_("异议的理由"))

    def perform(self) -> None:
        actions.contest(self.case, by=self.by, why=self.cleaned_data["why"])


class RejectObjection(ActForm):
    act, title, verb, done = (
        "reject_objection",
        _("驳回派单异议"),
        _("驳回异议"),
        _("已驳回异议，原单位继续办理。"),
    )
    about = ("objection",)
    icon = "x"
    reason = words(_("驳回的理由"))

    def perform(self) -> None:
        actions.reject_objection(self.target, by=self.by, reason=self.cleaned_data["reason"])


class Redispatch(ActForm):
    act, title, verb, done = "redispatch", _("改派"), _("改派"), _("已改派。")
    about = ("objection",)
    icon, kind = "send", "primary"
    unit = RowField(_("改派给"))
    reason = words(_("改派的理由"))

    def prepare(self) -> None:
        likely, others = choices.receiving_units(self.case)
        suggested = [self.target.suggested_unit] if self.target.suggested_unit else []
        rest = [unit for unit in (*likely, *others) if unit not in suggested]
        self.fields["unit"].offer([(_("异议单位建议"), suggested), (_("其他单位"), rest)])

    def perform(self) -> None:
        told = self.cleaned_data
        actions.redispatch(self.target, by=self.by, unit=told["unit"], reason=told["reason"])


class Designate(Redispatch):
    act, title, verb, done = (
        "designate",
        _("指定承办单位"),
        _("指定承办"),
        _("已指定承办单位，不得再提异议。"),
    )
    explain = _("指定具有约束力，被指定的单位不能再提异议。")
    icon, kind = "flag", ""
    unit = RowField(_("指定给"))
    reason = words(_("指定的理由"))

    def perform(self) -> None:
        told = self.cleaned_data
        actions.designate(self.target, by=self.by, unit=told["unit"], reason=told["reason"])


class GrantExtension(ActForm):
    act, title, verb, done = (
        "grant_extension",
        _("同意延期"),
        _("同意延期"),
        _("已同意延期，并将告知诉求人。"),
    )
    about = ("extension",)
    icon = "check"
    said = words(_("批复意见"), required=False)

    def perform(self) -> None:
        actions.grant_extension(self.target, by=self.by, words_to_unit=self.cleaned_data["said"])


class RefuseExtension(ActForm):
    act, title, verb, done = "refuse_extension", _("不同意延期"), _("不同意延期"), _("已答复不同意延期。")
    about = ("extension",)
    icon = "x"
    reason = words(_("不同意的理由"))

    def perform(self) -> None:
        actions.refuse_extension(self.target, by=self.by, reason=self.cleaned_data["reason"])


class Approve(ActForm):
    act, title, verb, done = (
        "approve",
        pgettext_lazy("act", "审核通过"),
        pgettext_lazy("act", "审核通过"),
        _("已审核通过，答复已放到诉求人的查询页。"),
    )
    explain = _("通过后，诉求人凭编号和查询码就能看到答复；还要逐一告知并记录。")
    icon, kind, key = "check", "primary", "e"

    def perform(self) -> None:
        actions.approve(self.case, by=self.by)


class Redo(ActForm):
    act, title, verb, done = "redo", _("退回重办"), _("退回重办"), _("已退回重办，新的一轮开始。")
    explain = _("原承办单位会收到新的工单；受理中心自己答复的，回到待甄别。前一轮的记录和统计保持不变。")
    icon, kind = "arrow-back-up", "late"
    reason = words(_("退回的理由"))

    def perform(self) -> None:
        actions.redo(self.case, by=self.by, reason=self.cleaned_data["reason"])


class RecordTold(ActForm):
    act, title, verb, done = "record_told", _("记录告知"), _("记录告知"), _("告知已记录。")
    explain = _("口头告知要写明告知了谁、什么时候；多次联系不上才能选“留在查询页”。")
    about = ("notice",)
    icon, key = "phone", "t"
    how = forms.ChoiceField(label=_("告知方式"), choices=choices.TELLING_WAYS, widget=forms.RadioSelect)
    said = words(_("告知情况"), required=False, hint=_("告知了谁、什么时候、对方怎么说"))

    def perform(self) -> None:
        order = offering.through(self.page, "record_told")
        told = self.cleaned_data
        actions.record_told(self.target, by=self.by, how=told["how"], said=told["said"], order=order)


class Close(ActForm):
    act, title, verb, done = (
        "close",
        pgettext_lazy("act", "办结"),
        pgettext_lazy("act", "办结"),
        _("已办结。"),
    )
    explain = _("每个诉求点都有结果、每个人都已告知，才能办结。")
    icon, kind = "check", "primary"

    def perform(self) -> None:
        actions.close(self.case, by=self.by)


class ExplainAndClose(ActForm):
    act, title, verb, done = (
        "explain_and_close",
        pgettext_lazy("act", "解释办结"),
        pgettext_lazy("act", "解释办结"),
        _("已解释办结，解释会告知诉求人。"),
    )
    explain = _("依法已尽力、仍不能满足时，写明理由和依据，诚实地结束。")
    icon = "message"
    reason = RowField(_("理由"))
    said = words(_("给诉求人的解释"), rows=5)

    def prepare(self) -> None:
        self.fields["reason"].offer([("", queries.reasons("explain"))])

    def perform(self) -> None:
        told = self.cleaned_data
        actions.explain_and_close(self.case, by=self.by, reason=told["reason"], explanation=told["said"])


class Reopen(ActForm):
    act, title, verb, done = "reopen", _("重启"), _("重启"), _("已重启，回到待甄别，新的一轮开始。")
    icon = "refresh"
    reason = words(_("重启的理由"))

    def perform(self) -> None:
        actions.reopen(self.case, by=self.by, reason=self.cleaned_data["reason"])


class Withdraw(ActForm):
    act, title, verb, done = "withdraw", _("代诉求人撤回"), _("撤回"), _("已撤回。")
    explain = _("只在诉求人本人明确要求时使用。")
    icon, kind = "arrow-back-up", "late"
    why = words(_("撤回的原因"))

    def perform(self) -> None:
        actions.withdraw(self.case, by=self.by, why=self.cleaned_data["why"])


class Archive(ActForm):
    act, title, verb, done = "archive", _("归档"), _("归档"), _("已归档。")
    icon = "archive"

    def perform(self) -> None:
        actions.archive(self.case, by=self.by)
