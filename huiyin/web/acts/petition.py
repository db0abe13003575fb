"""Acts of the petition track: the opinion, earlier steps, reviews and hearings, the end of the road."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases import actions, choices, pausing, petitions, reviewing
from huiyin.web.acts.form import ActForm, RowField, day, words
from huiyin.web.cases.people import names_of


class GiveOpinion(ActForm):
    act, title, verb, done = (
        "give_opinion",
        _("出具处理意见书"),
        _("提交意见书"),
        _("处理意见书已提交，由受理中心审核。"),
    )
    explain = _("写给诉求人看，审核通过后原样告知。救济途径和期限会自动写在最后。")
    about = ("order",)
    icon, kind, key = "message", "primary", "a"
    reference = forms.CharField(label=_("文号"), max_length=60)
    conclusion = forms.ChoiceField(label=_("结论"), choices=choices.CONCLUSIONS, widget=forms.RadioSelect)
    request = words(_("诉求"), most=20_000, hint=_("诉求人提出的请求和理由。"))
    facts = words(_("查明的事实"), rows=6, most=20_000)
    opinion = words(_("处理意见"), rows=6, most=20_000)
    basis = words(_("依据"), most=20_000, hint=_("法律、法规、规章或政策的名称和条款。"))

    def perform(self) -> None:
        actions.give_opinion(self.target, by=self.by, written=actions.OpinionIn(**self.cleaned_data))


class ConferAndDesignate(ActForm):
    act, title, verb, done = (
        "confer_and_designate",
        _("联席会议指定承办"),
        _("指定"),
        _("已指定承办单位，期限开始计算。"),
    )
    explain = _("职责不清、几家都可能推的，由联席会议商定。被指定的单位不能再提异议。")
    icon = "users"
    unit = RowField(_("承办单位"))
    minutes = words(_("会议的意见"))

    def prepare(self) -> None:
        likely, others = choices.receiving_units(self.case)
        self.fields["unit"].offer([(_("职责清单对应"), likely), (_("其他单位"), others)])

    def perform(self) -> None:
        told = self.cleaned_data
        actions.confer_and_designate(self.case, by=self.by, unit=told["unit"], minutes=told["minutes"])


class RecordPriorStep(ActForm):
    act, title, verb, done = "record_prior_step", _("记录以前的办理"), _("记录"), _("以前的办理已记录。")
    explain = _("别的机关就这件事办过什么：哪个机关、文号、日期和结果。承办单位会看到。")
    icon = "history"
    kind_of = forms.ChoiceField(label=_("哪一种"), choices=choices.PRIOR_STEPS)
    body = forms.CharField(label=_("机关"), max_length=120)
    reference = forms.CharField(label=_("文号"), max_length=60, required=False)
    on = day(_("日期"), required=False)
    result = words(_("结果"), required=False)

    def perform(self) -> None:
        told = dict(self.cleaned_data)
        actions.record_prior_step(self.case, by=self.by, kind=told.pop("kind_of"), **told)


class AskingReview(ActForm):
    """The desk asks for a party, as far as the party wants it."""

    level: ClassVar[int]
    party = RowField(_("哪位诉求人申请"))
    unit = RowField(_("向哪个机关申请"), required=False, empty=_("上一级机关（自动确定）"))
    reason = words(_("申请的理由"), hint=_("照诉求人的话写。"))

    def prepare(self) -> None:
        names = names_of(self.page)
        asking = [row for row in self.page.parties if row.role in row.TOLD and row.left_at is None]
        self.fields["party"].offer([("", asking)], named=lambda row: names[row.pk])
        self.fields["unit"].offer([("", reviewing.bodies_for(self.case, self.level))])


class AskReview(AskingReview):
    act, title, verb, done = "ask_review", _("申请复查"), _("申请复查"), _("复查申请已送上一级机关。")
    level = petitions.LEVELS["ask_review"]
    explain = _("诉求人不服处理意见，在期限内申请的，由受理中心代为登记。期限从本人被告知时算起。")
    icon = "arrow-back-up"

    def perform(self) -> None:
        actions.ask_review(self.case, by=self.by, **self.cleaned_data)


class AskRereview(AskingReview):
    act, title, verb, done = "ask_rereview", _("申请复核"), _("申请复核"), _("复核申请已送上一级机关。")
    level = petitions.LEVELS["ask_rereview"]
    explain = _("诉求人不服复查意见，在期限内申请的，由受理中心代为登记。复核是最后一级。")
    icon = "arrow-back-up"

    def perform(self) -> None:
        actions.ask_rereview(self.case, by=self.by, **self.cleaned_data)


class TakeReviewBack(ActForm):
    act, title, verb = "take_review_back", _("撤回复查复核申请"), _("撤回申请")
    done = _("申请已撤回，这件诉求回到申请以前的样子。")
    explain = _("只在申请人明确要求时代为撤回。决定作出以前都可以撤回；还在申请期限内的，可以再申请。")
    about = ("review",)
    icon, kind = "arrow-back-up", "late"
    why = words(_("撤回的原因"), required=False, rows=3)

    def perform(self) -> None:
        actions.take_review_back(self.target, by=self.by, why=self.cleaned_data["why"])


class HoldHearing(ActForm):
    act, title, verb, done = "hold_hearing", _("举行听证"), _("开始听证"), _("听证已记录，期限暂停。")
    explain = _("听证的时间不计入期限，到写明的那一天为止；提前结束的，请点“结束听证”。")
    about = ("review",)
    icon = "users"
    until = day(_("最晚到哪一天"))
    said = words(_("听证的安排"), hint=_("时间、地点、参加人。"))

    def perform(self) -> None:
        told = self.cleaned_data
        actions.hold_hearing(
            self.target, by=self.by, until=pausing.end_of(told["until"]), words_of=told["said"]
        )


class EndHearing(ActForm):
    act, title, verb, done = "end_hearing", _("结束听证"), _("结束"), _("听证已结束，期限接着计算。")
    about = ("review",)
    icon = "check"

    def perform(self) -> None:
        actions.end_hearing(self.target, by=self.by)


class Deciding(ActForm):
    """A decision in writing about an opinion."""

    about = ("review",)
    explain = _("写给诉求人看，会原样告知各方。撤销的，由原承办单位重新办理。")
    icon, kind = "gavel", "primary"
    decision = forms.ChoiceField(label=_("决定"), choices=choices.DECISIONS, widget=forms.RadioSelect)
    conclusion = forms.ChoiceField(
        label=_("变更后的结论"),
        required=False,
        choices=[("", "—"), *choices.CONCLUSIONS],
        help_text=_("决定“变更”时必填，其他时候不用选。"),
    )
    reference = forms.CharField(label=_("文号"), max_length=60)
    text = words(_("决定的内容和理由"), rows=8, most=20_000)


class DecideReview(Deciding):
    act, title, verb, done = (
        "decide_review",
        _("作出复查决定"),
        _("作出决定"),
        _("复查决定已作出，告知各方。"),
    )

    def perform(self) -> None:
        actions.decide_review(self.target, by=self.by, **self.cleaned_data)


class DecideRereview(Deciding):
    act, title, verb, done = (
        "decide_rereview",
        _("作出复核决定"),
        _("作出决定"),
        _("复核决定已作出，告知各方。"),
    )

    def perform(self) -> None:
        actions.decide_rereview(self.target, by=self.by, **self.cleaned_data)


class Finalise(ActForm):
    act, title, verb, done = "finalise", _("终结这件信访事项"), _("终结"), _("已终结。")
    explain = _(
        "已经复核，或者申请的期限过了没有人申请。以同一事实和理由再提的不再受理，有新事实的另行登记。"
    )
    icon = "lock"

    def perform(self) -> None:
        actions.finalise(self.case, by=self.by)
