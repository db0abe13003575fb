"""Acts of the rooms above cases: a representative's own rating, a second opinion, and publication."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.evaluation import actions as rating
from huiyin.evaluation import second_opinions
from huiyin.kernel.masking import mask
from huiyin.publication import actions as publishing
from huiyin.publication import queries as publications
from huiyin.web.acts.form import ActForm, words

YES_NO = [("yes", _("是")), ("no", _("否"))]
SOLVED = [("yes", _("已解决")), ("partly", _("部分解决")), ("no", _("未解决"))]
GRADES = [
    ("5", _("非常满意")),
    ("4", _("满意")),
    ("3", _("基本满意")),
    ("2", _("不满意")),
    ("1", _("非常不满意")),
]


class Rate(ActForm):
    act, title, verb, done = "rate", _("评价这次答复"), _("提交评价"), _("评价已记录，承办单位看不到打分。")
    explain = _(
        "这件是您转达的，您也评一次，只代表您自己。承办单位只会知道“是否解决”，看不到满意程度和评语。"
    )
    icon, kind, key = "star", "primary", "r"
    contacted = forms.ChoiceField(label=_("承办单位联系过您吗？"), choices=YES_NO, widget=forms.RadioSelect)
    solved = forms.ChoiceField(label=_("问题解决了吗？"), choices=SOLVED, widget=forms.RadioSelect)
    satisfied = forms.ChoiceField(label=_("您满意吗？"), choices=GRADES, widget=forms.RadioSelect)
    said = words(_("其他意见"), required=False)

    def perform(self) -> None:
        told = self.cleaned_data
        rating.rate(
            self.case,
            by=self.by,
            contacted=told["contacted"] == "yes",
            solved=told["solved"],
            satisfied=int(told["satisfied"]),
            words=told["said"],
        )


class AskSecondOpinion(ActForm):
    act, title, verb = "ask_second_opinion", _("请人复看"), _("请人复看")
    done = _("已请人复看。审过这件的人和承办单位的人不能复看。")
    explain = _("诉求人说没有解决、看法不一的，请没有审过的另一位审核员或者督办再看一次。一轮只复看一次。")
    icon = "eye"
    why = words(_("为什么请人复看"))

    def perform(self) -> None:
        rating.ask_second_opinion(self.case, by=self.by, why=self.cleaned_data["why"])


class GiveSecondOpinion(ActForm):
    act, title, verb, done = "give_second_opinion", _("复看"), _("提交复看意见"), _("复看意见已记录。")
    explain = _("还能解决的，会退回重办或者重启；已经办到位的，您写的理由会告知诉求人。")
    icon, kind = "eye", "primary"
    verdict = forms.ChoiceField(
        label=_("复看的结论"), choices=second_opinions.VERDICTS, widget=forms.RadioSelect
    )
    said = words(_("复看意见"), hint=_("诉求人会看到，请写清楚看了什么、依据是什么。"))

    def perform(self) -> None:
        told = self.cleaned_data
        rating.give_second_opinion(self.case, by=self.by, verdict=told["verdict"], text=told["said"])


class Publish(ActForm):
    act, title, verb, done = "publish", _("公开办理结果"), _("确认并公开"), _("已公开。")
    explain = _("请逐字读一遍：不能让人认出诉求人。公开后任何人都能看到这三段文字。")
    icon = "eye"
    public_title = forms.CharField(label=_("公开的标题"), max_length=120)
    public_text = words(_("公开的内容"), rows=8, most=100_000)
    public_answer = words(_("公开的答复"), rows=8, most=100_000)

    def prepare(self) -> None:
        draft = publications.publication_of(self.case)
        if draft is not None and draft.state != draft.State.PUBLISHED:
            self.initial |= {
                "public_title": draft.title,
                "public_text": draft.text,
                "public_answer": draft.answer,
            }
            return
        answers = [each for each in self.page.answers if each.round == self.case.round]
        self.initial |= {
            "public_title": self.case.title,
            "public_text": self.case.text,
            "public_answer": mask("\n\n".join(self.page.open(each.text) for each in answers)),
        }

    def perform(self) -> None:
        told = self.cleaned_data
        publishing.publish(
            self.case,
            by=self.by,
            title=told["public_title"],
            text=told["public_text"],
            answer=told["public_answer"],
        )


class Unpublish(ActForm):
    act, title, verb, done = "unpublish", _("撤下公开"), _("撤下"), _("已从公开页撤下。")
    icon, kind = "eye-off", "late"
    reason = words(_("撤下的理由"))

    def perform(self) -> None:
        publishing.withdraw_publication(self.case, by=self.by, reason=self.cleaned_data["reason"])
