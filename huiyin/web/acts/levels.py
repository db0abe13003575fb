"""Acts across levels and hands: an order goes up, down, on to a successor, to a colleague; leaders' instructions."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.accounts.roles import OVERSIGHT, UNIT
from huiyin.cases import actions, choices, queries
from huiyin.kernel import clock as wall
from huiyin.organisation import queries as organisation
from huiyin.web.acts.form import ActForm, RowField, RowsField, with_title, words


class Delegate(ActForm):
    act, title, verb, done = "delegate", _("转交经办人"), _("转交"), _("已转交，期限不变。")
    explain = _("在本单位里换一位经办人，单位和期限都不变。")
    about = ("order",)
    icon = "users"
    person = RowField(_("转交给"))

    def prepare(self) -> None:
        today = wall.local_date(wall.now())
        posts = organisation.posts_in(self.target.unit, roles=UNIT, day=today)
        others = [post for post in posts if post.pk != self.target.person_id]
        self.fields["person"].offer([("", others)], named=with_title)

    def perform(self) -> None:
        actions.delegate(self.target, by=self.by, person=self.cleaned_data["person"])


class Moving(ActForm):
    """An order goes to another unit; which ones are offered depends on the way it goes."""

    about = ("order",)
    icon = "send"

    def prepare(self) -> None:
        likely, others = choices.receiving_units(self.case, part=self.target.part)
        named = (_("职责清单对应"), [unit for unit in likely if self.lies_that_way(unit)])
        rest = (_("其他单位"), [unit for unit in others if self.lies_that_way(unit)])
        self.fields["unit"].offer([named, rest])

    @abstractmethod
    def lies_that_way(self, unit: Any) -> bool:
        """Whether the unit lies in the direction in which the order goes."""


class Escalate(Moving):
    act, title, verb, done = "escalate", _("提级办理"), _("提级"), _("已提级，期限不变。")
    explain = _("交给上一级的单位办理。原来的工单改派，期限照旧，不重新计算。")
    unit = RowField(_("提级给"))
    reason = words(_("提级的理由"))

    def lies_that_way(self, unit: Any) -> bool:
        return organisation.stands_above(unit, self.target.unit)

    def perform(self) -> None:
        told = self.cleaned_data
        actions.escalate(self.target, by=self.by, unit=told["unit"], reason=told["reason"])


class TakeDown(Moving):
    act, title, verb, done = "take_down", _("下交办理"), _("下交"), _("已下交，期限不变。")
    explain = _("交给下一级的单位办理。社区只接职责清单里有的事项。期限照旧，不重新计算。")
    unit = RowField(_("下交给"))
    reason = words(_("下交的理由"))

    def lies_that_way(self, unit: Any) -> bool:
        return organisation.stands_above(self.target.unit, unit)

    def perform(self) -> None:
        told = self.cleaned_data
        actions.take_down(self.target, by=self.by, unit=told["unit"], reason=told["reason"])


class TakeOver(ActForm):
    act, title, verb, done = "take_over", _("承继工单"), _("交给后继单位"), _("已由后继单位承继，期限不变。")
    explain = _("原单位已经撤并，由后继单位接着办。期限和可以提异议的时间都不变。")
    about = ("order",)
    icon, kind = "send", "primary"
    unit = RowField(_("承继的单位"))

    def prepare(self) -> None:
        today = wall.local_date(wall.now())
        successor = organisation.successor_of(self.target.unit, day=today)
        by_law = [successor] if successor else []  # whatever its duty list says
        likely, others = choices.receiving_units(self.case, part=self.target.part)
        rest = [unit for unit in (*likely, *others) if unit not in by_law]
        self.fields["unit"].offer([(_("后继单位"), by_law), (_("其他单位"), rest)])
        self.initial["unit"] = str(successor.pk) if successor else ""

    def perform(self) -> None:
        actions.take_over(self.target, by=self.by, unit=self.cleaned_data["unit"])


class Contribute(ActForm):
    act, title, verb, done = "contribute", _("协办答复"), _("交给主办单位"), _("已交给主办单位和受理中心。")
    explain = _("写给主办单位和受理中心看，不会原样给诉求人。由主办单位统一答复。")
    about = ("order",)
    icon, kind = "message", "primary"
    text = words(_("协办情况"), rows=6, most=20_000)

    def perform(self) -> None:
        actions.contribute(self.target, by=self.by, text=self.cleaned_data["text"])


DAYS = _("几个工作日内回报")
MOST_DAYS = 60  # more than any policy allows; the act says how many the place allows


def _days() -> forms.IntegerField:
    return forms.IntegerField(label=DAYS, min_value=1, max_value=MOST_DAYS)


class Instruct(ActForm):
    act, title, verb, done = "instruct", _("批示"), _("批示"), _("批示已送到，回报的时限开始计算。")
    explain = _("批给受理中心，或者手里有本件工单的单位。要书面回报，到期没有回报会标为超期。")
    icon = "pencil"
    unit = RowField(_("批给"))
    text = words(_("批示内容"))
    days = _days()

    def prepare(self) -> None:
        at_work = {
            order.unit.pk: order.unit
            for order in self.page.orders
            if order.round == self.case.round and order.state in queries.IN_HAND
        }
        self.fields["unit"].offer([("", [self.case.desk, *at_work.values()])])

    def perform(self) -> None:
        told = self.cleaned_data
        actions.instruct(self.case, by=self.by, unit=told["unit"], text=told["text"], days=told["days"])


class ReportOn(ActForm):
    act, title, verb, done = "report_on", _("回报批示"), _("回报"), _("已回报，等批示的领导看。")
    about = ("instruction",)
    icon, kind = "message", "primary"
    text = words(_("回报内容"), rows=6)

    def prepare(self) -> None:
        self.explain = _("批示：%(words)s") % {"words": self.page.open(self.target.words)}

    def perform(self) -> None:
        actions.report_on(self.target, by=self.by, text=self.cleaned_data["text"])


class ProgressOn(ActForm):
    act, title, verb, done = "progress_on", _("记录批示进展"), _("记录"), _("进展已记上，批示的领导看得到。")
    about = ("instruction",)
    icon = "notes"
    text = words(_("进展"))

    def prepare(self) -> None:
        self.explain = _("批示：%(words)s") % {"words": self.page.open(self.target.words)}

    def perform(self) -> None:
        actions.progress_on(self.target, by=self.by, text=self.cleaned_data["text"])


class SettleInstruction(ActForm):
    act, title, verb, done = (
        "settle_instruction",
        pgettext_lazy("act", "批示已落实"),
        pgettext_lazy("act", "批示已落实"),
        _("批示已落实。"),
    )
    about = ("instruction",)
    icon, kind = "check", "primary"

    def prepare(self) -> None:
        self.explain = _("回报：%(words)s") % {"words": self.page.open(self.target.report)}

    def perform(self) -> None:
        actions.settle_instruction(self.target, by=self.by)


class AskAgain(ActForm):
    act, title, verb, done = "ask_again", _("要求重报"), _("要求重报"), _("已要求重报，新的时限开始计算。")
    about = ("instruction",)
    icon, kind = "arrow-back-up", "late"
    text = words(_("还要做什么"))
    days = _days()

    def prepare(self) -> None:
        self.explain = _("回报：%(words)s") % {"words": self.page.open(self.target.report)}

    def perform(self) -> None:
        told = self.cleaned_data
        actions.ask_again(self.target, by=self.by, text=told["text"], days=told["days"])


@dataclass(frozen=True)
class Filed:
    """A file to choose, by the name that it was brought under."""

    row: Any
    name: str

    def __str__(self) -> str:
        return self.name

    @property
    def pk(self) -> int:
        """Of the file."""
        return int(self.row.pk)


class Split(ActForm):
    act, title, verb, done = "split", _("分案"), _("分出一件"), _("已分出一件，期限和查询码同原件。")
    explain = _("一次说了几件事时，把其中一件分出来单独办理。诉求人、查询码和期限都同原件，人次只算一次。")
    icon = "git-branch"
    points = RowsField(_("分出的诉求点"))
    files = RowsField(_("一起带过去的材料"))
    new_title = forms.CharField(label=_("新件的标题"), max_length=120)
    text = words(_("新件的内容"), rows=6, most=20_000, hint=_("从原件里摘出属于这一件的话。"))

    def prepare(self) -> None:
        if len(self.page.points) < 2:
            del self.fields["points"]
        else:
            self.fields["points"].offer(self.page.points)
        if not self.page.attachments:
            del self.fields["files"]
            return
        self.fields["files"].help_text = _("原件里也还有。属于选定诉求点的材料不用选，会自动带过去。")
        named = [Filed(row, self.page.open(row.name)) for row in self.page.attachments]
        self.fields["files"].offer(named)

    def perform(self) -> None:
        told = self.cleaned_data
        actions.split(
            self.case,
            by=self.by,
            title=told["new_title"],
            text=told["text"],
            points=told.get("points") or (),
            files=[each.row for each in told.get("files") or ()],
        )


class Coordinate(ActForm):
    act, title, verb, done = (
        "coordinate",
        _("指定统筹领导"),
        _("指定"),
        _("已指定统筹领导，公开说明的时限开始计算。"),
    )
    explain = _("两个以上单位在办时，由一位领导统筹。从现在起，要在时限内向社会公开说明。")
    icon = "flag"
    leader = RowField(_("统筹领导"))

    def prepare(self) -> None:
        above = organisation.posts_over(self.case.region, roles=OVERSIGHT)
        self.fields["leader"].offer([("", above)], named=_placed)

    def perform(self) -> None:
        actions.coordinate(self.case, by=self.by, leader=self.cleaned_data["leader"])


def _placed(post: Any) -> str:
    return f"{post.unit} {with_title(post)}"


class OweStatement(ActForm):
    act, title, verb, done = "owe_statement", _("要求公开说明"), _("要求说明"), _("公开说明的时限开始计算。")
    explain = _("公众等着知道发生了什么时用。受理中心的审核员或统筹领导要在时限内公开说明。")
    icon = "message-circle"

    def perform(self) -> None:
        actions.owe_statement(self.case, by=self.by)


class MakeStatement(ActForm):
    act, title, verb, done = (
        "make_statement",
        _("公开说明"),
        _("公开"),
        _("已公开说明，并将告知每一位诉求人。"),
    )
    explain = _(
        "写明发生了什么、正在怎么办、什么时候再说。公众和每一位诉求人读到的是同一段话，里面不能有任何人。"
    )
    about = ("statement",)
    icon, kind = "message-circle", "primary"
    text = words(_("公开说明"), rows=6)

    def perform(self) -> None:
        actions.make_statement(self.target, by=self.by, text=self.cleaned_data["text"])


class CorrectStatement(ActForm):
    act, title, verb = "correct_statement", _("更正公开说明"), _("公开更正")
    done = _("更正已公开，并将告知每一位诉求人。")
    explain = _("原来的话会留在公开页上，标明已更正和理由。里面不能有任何人。")
    about = ("statement",)
    icon = "pencil"
    text = words(_("更正后的说明"), rows=6)
    reason = words(_("更正的理由"), rows=3, hint=_("公众读得到。"))

    def prepare(self) -> None:
        self.initial["text"] = self.target.text

    def perform(self) -> None:
        told = self.cleaned_data
        actions.correct_statement(self.target, by=self.by, text=told["text"], reason=told["reason"])


class TakeStatementBack(ActForm):
    act, title, verb = "take_statement_back", _("收回公开说明"), _("收回")
    done = _("公开说明已收回，并将告知每一位诉求人。")
    explain = _("只在说错了对象、不该公开时用。公开页上会写明收回的日期和理由；只是写错了的，请更正。")
    about = ("statement",)
    icon, kind = "x", "late"
    reason = words(_("收回的理由"), rows=3, hint=_("公众读得到。"))

    def perform(self) -> None:
        actions.take_statement_back(self.target, by=self.by, reason=self.cleaned_data["reason"])
