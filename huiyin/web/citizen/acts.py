"""What a party can do with their own case, a form each: add, rate, contest, reopen, withdraw."""

from abc import abstractmethod
from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import actions, measures
from huiyin.channels.web import reviews
from huiyin.channels.web.handing_in import add_material
from huiyin.channels.web.reading import OwnCase
from huiyin.channels.web.waiting import supply
from huiyin.evaluation.actions import ask_second_opinion, rate, rate_bringer, say_pressed
from huiyin.evaluation.spans import FULL
from huiyin.kernel.refusals import Refused
from huiyin.supervision.recurrence import queries as recurrence
from huiyin.supervision.recurrence.actions import tell_recurrence
from huiyin.web.citizen.forms import LONGEST, PHOTOS_HINT, explained, required, said
from huiyin.web.citizen.uploads import FilesField
from huiyin.web.forms import PlainForm

CONTACTED = [("yes", gettext_lazy("联系过")), ("no", gettext_lazy("没有"))]
GRADES = [
    ("5", gettext_lazy("非常满意")),
    ("4", gettext_lazy("满意")),
    ("3", gettext_lazy("基本满意")),
    ("2", gettext_lazy("不满意")),
    ("1", gettext_lazy("非常不满意")),
]


class OwnForm(PlainForm):
    """One act of a party. `needs` is the act by which the state table knows it."""

    needs: ClassVar[str]
    title: ClassVar[Any]
    verb: ClassVar[Any]
    done: ClassVar[Any]
    lead: ClassVar[Any] = ""
    consequences: ClassVar[tuple[Any, ...]] = ()
    kind: ClassVar[str] = "primary"
    keeps_draft: ClassVar[bool] = True  # on the device, so that nothing is lost when a visit runs out

    def prepare(self, page: OwnCase) -> None:
        """Fill in choices that depend on the case; called before the form is checked or shown."""

    @abstractmethod
    def perform(self, page: OwnCase) -> None:
        """Call the act. Raises `Refused` when it is not possible now."""


class Add(OwnForm):
    needs, title, verb = "note", gettext_lazy("补充材料"), gettext_lazy("交上去")
    done = gettext_lazy("已经收到您补充的材料。")
    lead = gettext_lazy("新的情况、照片或文件。您写的话由受理中心看，办事的单位需要知道的，受理中心会转告。")
    text = said(gettext_lazy("补充说明"), required=False, rows=6, most=LONGEST)
    files = FilesField(label=gettext_lazy("照片或文件"), help_text=PHOTOS_HINT)

    def clean(self) -> dict[str, Any]:
        """Words or a file: something."""
        told = super().clean() or {}
        if not self.errors and not (told.get("text") or told.get("files")):
            self.add_error("text", _("请写点什么，或者选一个文件。"))
        return told

    def perform(self, page: OwnCase) -> None:
        add_material(page.case, by=page.by, **self.cleaned_data)


class Supply(Add):
    needs, title, verb = "supply", gettext_lazy("回复要您补充的"), gettext_lazy("回复")
    done = gettext_lazy("已经收到您的补充，期限接着计算。")
    lead = gettext_lazy("问您的单位会看到您写的话，其中的电话、证件号会自动遮住。")

    def perform(self, page: OwnCase) -> None:
        supply(page.question, by=page.by, **self.cleaned_data)


class Why(OwnForm):
    """An act that takes a reason."""

    why = said(gettext_lazy("理由"), rows=5)

    def clean_why(self) -> str:
        """The reason, of which something can be read."""
        return required(self.cleaned_data["why"], _("请写明理由。"))


class Contest(Why):
    needs, title, verb = "contest", gettext_lazy("对这个决定有异议"), gettext_lazy("提出异议")
    done = gettext_lazy("异议已收到，会由另一位工作人员重新看。")
    lead = gettext_lazy("请写明为什么应该办理。会由另一位工作人员重新看，并重新计算期限。")

    def perform(self, page: OwnCase) -> None:
        actions.contest(page.case, by=page.by, why=self.cleaned_data["why"])


class Reopen(Why):
    needs, title, verb = "reopen", gettext_lazy("重启这件诉求"), gettext_lazy("重启")
    done = gettext_lazy("已经重启，受理中心会重新看。")
    lead = gettext_lazy("事情又出现了、有新的事实，或者答应的没有做到，请写在这里。以前的答复和评价都还在。")

    def perform(self, page: OwnCase) -> None:
        actions.reopen(page.case, by=page.by, reason=self.cleaned_data["why"])


class Reviewed(Why):
    """A request to a body above, which the party may choose where there is more than one."""

    unit = forms.ChoiceField(label=gettext_lazy("向哪个机关申请"), required=False, widget=forms.RadioSelect)
    field_order = ("unit", "why")

    def prepare(self, page: OwnCase) -> None:
        self.bodies = {str(unit.pk): unit for unit in reviews.bodies(page.case)}
        if len(self.bodies) < 2:
            del self.fields["unit"]
            return
        asked: Any = self.fields["unit"]
        asked.choices = [(key, unit.full_name) for key, unit in self.bodies.items()]
        self.initial["unit"] = next(iter(self.bodies))

    def chosen(self) -> Any:
        """The body that was chosen; none leaves it to the nearest."""
        return self.bodies.get(self.cleaned_data.get("unit", ""))


class AskReview(Reviewed):
    needs, title, verb = "ask_review", gettext_lazy("申请复查"), gettext_lazy("申请复查")
    done = gettext_lazy("复查申请已收到，由上一级机关决定。")
    lead = gettext_lazy("不服处理意见的，可以请上一级机关复查。请写明哪里不对、为什么。以前的答复都还在。")

    def perform(self, page: OwnCase) -> None:
        actions.ask_review(page.case, by=page.by, reason=self.cleaned_data["why"], unit=self.chosen())


class AskRereview(Reviewed):
    needs, title, verb = "ask_rereview", gettext_lazy("申请复核"), gettext_lazy("申请复核")
    done = gettext_lazy("复核申请已收到，由再上一级机关决定。")
    lead = gettext_lazy("不服复查意见的，可以请再上一级机关复核。复核是最后一级。请写明哪里不对、为什么。")

    def perform(self, page: OwnCase) -> None:
        actions.ask_rereview(page.case, by=page.by, reason=self.cleaned_data["why"], unit=self.chosen())


class TakeReviewBack(OwnForm):
    needs, title, verb = (
        "take_review_back",
        gettext_lazy("撤回复查复核申请"),
        gettext_lazy("撤回申请"),
    )
    done = gettext_lazy("申请已经撤回，这件诉求回到申请以前的样子。")
    consequences = (
        gettext_lazy("原来的答复照旧有效，上一级机关不再审查。"),
        gettext_lazy("还在申请期限内的，可以再申请。"),
    )
    kind = "late"
    why = said(gettext_lazy("撤回的原因"), required=False, rows=3)

    def perform(self, page: OwnCase) -> None:
        asked = reviews.own_request(page.case, page.party, page.parties)
        if asked is None:
            raise Refused(_("这件诉求现在没有您提出的复查复核申请。"), code="gone")
        actions.take_review_back(asked, by=page.by, why=self.cleaned_data["why"])


class Withdraw(OwnForm):
    needs, title, verb = "withdraw", gettext_lazy("撤回这件诉求"), gettext_lazy("撤回")
    done = gettext_lazy("已经撤回。")
    consequences = (
        gettext_lazy("正在办理的单位会停下来，不再答复您。"),
        gettext_lazy("撤回以后不能恢复；需要时可以重新提交一件。"),
    )
    kind = "late"
    why = said(gettext_lazy("撤回的原因"), required=False, rows=3)

    def perform(self, page: OwnCase) -> None:
        actions.withdraw(page.case, by=page.by, why=self.cleaned_data["why"])


class Rate(OwnForm):
    needs, title, verb = "rate", gettext_lazy("评价这次答复"), gettext_lazy("提交评价")
    done = gettext_lazy("谢谢，您的评价已经收到。")
    lead = gettext_lazy(
        "办事的单位只会知道“解决了没有”，看不到您打的分和写的话；受理中心和督办的人看得到。评价交出后不能修改。"
    )
    contacted = forms.ChoiceField(
        label=gettext_lazy("办事的人联系过您吗"),
        widget=forms.RadioSelect,
        choices=CONTACTED,
    )
    solved = forms.ChoiceField(label=gettext_lazy("问题解决了吗"), widget=forms.RadioSelect)
    satisfied = forms.TypedChoiceField(
        label=gettext_lazy("您满意吗"),
        widget=forms.RadioSelect,
        coerce=int,
        choices=GRADES,
    )
    words = said(gettext_lazy("还想说什么"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["solved"].choices = explained(  # type: ignore[attr-defined]
            (
                ("yes", _("解决了"), ""),
                ("partly", _("解决了一部分"), _("会由审核的人决定要不要重办。")),
                ("no", _("没有解决"), _("会由审核的人决定要不要重办。")),
            )
        )

    def perform(self, page: OwnCase) -> None:
        told = self.cleaned_data
        rate(
            page.case,
            by=page.by,
            contacted=told["contacted"] == "yes",
            solved=told["solved"],
            satisfied=told["satisfied"],
            words=told["words"],
        )


class TellRecurrence(OwnForm):
    needs, title, verb = (
        "tell_recurrence",
        gettext_lazy("问题后来又出现了吗"),
        gettext_lazy("告诉受理中心"),
    )
    done = gettext_lazy("谢谢，已经收到。")
    lead = gettext_lazy("办结一段时间以后，抽出一部分来问。又出现了的，马上重启，重新办理。")
    back = forms.ChoiceField(label=gettext_lazy("后来怎么样"), widget=forms.RadioSelect)
    words = said(gettext_lazy("还想说什么"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["back"].choices = explained(  # type: ignore[attr-defined]
            (("no", _("没有再出现"), ""), ("yes", _("又出现了"), _("这件诉求会马上重启。")))
        )

    def perform(self, page: OwnCase) -> None:
        told, asked = self.cleaned_data, recurrence.last_of(page.case)
        if asked is None:
            raise Refused(_("现在没有要您回答的。问题又出现的，可以直接重启。"), code="gone")
        tell_recurrence(asked, by=page.by, came_back=told["back"] == "yes", text=told["words"])


class SayPressed(OwnForm):
    keeps_draft = False  # whoever looks at this device later is not to find it
    needs, title, verb = "say_pressed", gettext_lazy("有人要求我打好评"), gettext_lazy("告诉督办")
    done = gettext_lazy("已经告诉督办的人。办事的单位和受理中心都看不到。")
    lead = gettext_lazy(
        "有人上门、打电话要您打好评，或者替您打了分，请写在这里。只有督办的人看得到。"
        "评价过的，可以重新评：以新的为准，办事的单位看到的和以前一样。"
    )
    words = said(gettext_lazy("谁、什么时候、怎么说的"), required=False, rows=4)
    again = forms.ChoiceField(
        label=gettext_lazy("要不要重新评价"),
        widget=forms.RadioSelect,
        choices=[("no", gettext_lazy("不用，只反映")), ("yes", gettext_lazy("重新评价，填下面三项"))],
        initial="no",
    )
    contacted = forms.ChoiceField(
        label=gettext_lazy("办事的人联系过您吗"), widget=forms.RadioSelect, required=False,
        choices=CONTACTED,
    )  # fmt: skip
    solved = forms.ChoiceField(
        label=gettext_lazy("问题解决了吗"), widget=forms.RadioSelect, required=False,
        choices=[("yes", gettext_lazy("解决了")), ("partly", gettext_lazy("解决了一部分")), ("no", gettext_lazy("没有解决"))],
    )  # fmt: skip
    satisfied = forms.ChoiceField(
        label=gettext_lazy("您满意吗"), widget=forms.RadioSelect, required=False,
        choices=GRADES,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """All three answers, or none."""
        told = super().clean() or {}
        if told.get("again") == "yes":
            for name in ("contacted", "solved", "satisfied"):
                if name not in self.errors and not told.get(name):
                    self.add_error(name, _("重新评价的，请选一项。"))
        return told

    def perform(self, page: OwnCase) -> None:
        told = self.cleaned_data
        anew = {
            "contacted": told["contacted"] == "yes",
            "solved": told["solved"],
            "satisfied": int(told["satisfied"] or 0),
        }
        say_pressed(page.case, by=page.by, words=told["words"], anew=anew if told["again"] == "yes" else None)


class RateBringer(OwnForm):
    needs, title, verb = "rate_bringer", gettext_lazy("评价转达的代表"), gettext_lazy("提交评价")
    done = gettext_lazy("谢谢，您对代表的评价已经收到。")
    lead = format_lazy(
        gettext_lazy(
            "代表替您反映得怎么样？满 {full} 个人评过才合在一起看，看不出是谁评的；"
            "写的话只有督办的人看得到，也不写是谁写的。"
        ),
        full=FULL,
    )
    satisfied = forms.ChoiceField(
        label=gettext_lazy("您对这位代表满意吗"), widget=forms.RadioSelect,
        choices=GRADES,
    )  # fmt: skip
    words = said(gettext_lazy("还想说什么"), required=False)

    def perform(self, page: OwnCase) -> None:
        told = self.cleaned_data
        rate_bringer(page.case, by=page.by, satisfied=int(told["satisfied"]), words=told["words"])


class AskSecondOpinion(Why):
    needs, title, verb = "ask_second_opinion", gettext_lazy("请另一个人再看一次"), gettext_lazy("请人复看")
    done = gettext_lazy("已经收到，会由没有审过这件的人再看一次，结果会告诉您。")
    lead = gettext_lazy("觉得还能解决、却没有解决的，请写明理由。由没有审过这件的人看；一轮只复看一次。")

    def perform(self, page: OwnCase) -> None:
        ask_second_opinion(page.case, by=page.by, why=self.cleaned_data["why"])


class TellPrivately(OwnForm):
    keeps_draft = False
    needs, title, verb = "tell_privately", gettext_lazy("补充只和您有关的情况"), gettext_lazy("保存")
    done = gettext_lazy("已经保存。")
    lead = gettext_lazy(
        "您家的金额、住址这类情况写在这里。只有您和受理中心看得到，一起反映的人和办事的单位看不到。"
    )
    text = said(gettext_lazy("单独情况"), rows=6, most=LONGEST)

    def perform(self, page: OwnCase) -> None:
        actions.tell_privately(page.case, by=page.by, text=self.cleaned_data["text"])


class Leave(OwnForm):
    needs, title, verb = "leave", gettext_lazy("退出这件诉求"), gettext_lazy("退出")
    done = gettext_lazy("您已经退出。其他人的诉求继续办理。")
    consequences = (
        gettext_lazy("以后的答复不再告知您，您也不能再打开这件诉求。"),
        gettext_lazy("您以前说的话、作的评价都还在。需要时可以重新提交一件。"),
    )
    kind = "late"
    why = said(gettext_lazy("退出的原因"), required=False, rows=3)

    def perform(self, page: OwnCase) -> None:
        actions.leave(page.case, by=page.by, party=page.party, why=self.cleaned_data["why"])


class ObjectToMeasure(Why):
    needs, title, verb = "object_measure", gettext_lazy("对联系约定有异议"), gettext_lazy("提出异议")
    done = gettext_lazy("异议已收到，会有人重新看这项约定。")
    lead = gettext_lazy("请写明为什么不合适。约定只改变怎么联系，您随时可以照常提交诉求，每件都会有答复。")

    def perform(self, page: OwnCase) -> None:
        if not page.measures:
            raise Refused(
                _("这里没有可以提异议的联系约定。和您的约定，请先在“我的诉求”里用手机验证码登录，再来看。"),
                code="measure",
            )
        for measure in page.measures:
            if not measure.objected:
                why = self.cleaned_data["why"]
                measures.object_to_measure(measure.row, by=page.by, proved=page.proved, why=why)


class EndAgency(OwnForm):
    needs, title, verb = "end_agency", gettext_lazy("结束代理"), gettext_lazy("结束代理")
    done = gettext_lazy("代理已经结束。")
    consequences = (gettext_lazy("代理人不能再查看和办理这件诉求。需要时可以到受理中心重新委托。"),)
    kind = "late"

    def perform(self, page: OwnCase) -> None:
        for agent in page.own_agents:
            actions.end_agency(page.case, by=page.by, agent=agent)


FORMS: dict[str, type[OwnForm]] = {
    "supply": Supply,
    "add": Add,
    "private": TellPrivately,
    "rate": Rate,
    "recurrence": TellRecurrence,
    "pressed": SayPressed,
    "representative": RateBringer,
    "contest": Contest,
    "second-opinion": AskSecondOpinion,
    "reopen": Reopen,
    "review": AskReview,
    "rereview": AskRereview,
    "take-review-back": TakeReviewBack,
    "object-measure": ObjectToMeasure,
    "leave": Leave,
    "end-agency": EndAgency,
    "withdraw": Withdraw,
}
