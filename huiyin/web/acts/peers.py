"""单位复看: asking a unit without a part in the matter, taking that back, and following what it said or not."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.cases import actions, peers
from huiyin.organisation.place import limit
from huiyin.web.acts.form import ActForm, RowField, words


class AskPeer(ActForm):
    act, title, verb = "ask_peer", _("请单位复看"), _("请它复看")
    explain = _(
        "请一个没有参与过的单位说说能不能解决、怎么解决。它看得到脱敏的内容、派单的话和答复，看不到诉求人是谁。"
        "它的意见不代替您的决定；决定和它不一样的，要写明理由。"
    )
    icon = "eye"
    unit = RowField(_("请哪个单位"), help_text=_("办过这件的单位和它们的上级、下级不在这里"))
    question = words(_("请它看什么"), hint=_("写明哪里看法不一、想知道什么。不要写诉求人是谁。"))

    def prepare(self) -> None:
        likely, others = peers.able(self.case)
        self.fields["unit"].offer([(_("职责清单对应"), likely), (_("其他单位"), others)])

    def perform(self) -> None:
        actions.ask_peer(self.case, by=self.by, **self.cleaned_data)

    def told(self) -> str:
        return str(_("已请它复看，%(days)d 个工作日内回。过期的会显示给督办。")) % {
            "days": limit("peer_days")
        }


class WeighView(ActForm):
    act, title, verb, done = "weigh_view", _("定是否采纳复看意见"), _("记下"), _("已记下，那个单位看得到。")
    about = ("peer_view",)
    icon = "check"
    stands = forms.ChoiceField(label=_("采纳吗"), choices=peers.STANDINGS, widget=forms.RadioSelect)
    reason = words(_("不采纳的理由"), required=False, hint=_("不采纳的必须写，提意见的单位看得到。"))

    def prepare(self) -> None:
        view = self.target
        possible = peers.standings_open(view)
        self.fields["stands"].choices = [each for each in peers.STANDINGS if each[0] in possible]
        self.explain = gettext(
            "“%(unit)s”认为“%(verdict)s”：%(opinion)s 采纳的，接着退回重办或者重启；不采纳的，写明理由，然后照您的决定办。"
        ) % {
            "unit": view.unit,
            "verdict": view.get_verdict_display(),
            "opinion": self.page.open(view.opinion),
        }

    def clean(self) -> dict[str, Any]:
        """A reason is needed for not following."""
        told = super().clean() or {}
        if told.get("stands") == "departed" and not told.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("请写明不采纳的理由。"))
        return told

    def perform(self) -> None:
        actions.weigh_view(self.target, by=self.by, **self.cleaned_data)


class TakePeerBack(ActForm):
    act, title, verb, done = "take_peer_back", _("撤回单位复看"), _("撤回"), _("已撤回，可以请别的单位。")
    explain = _("那个单位还没有回音，可以撤回。撤回以后它看不到这件诉求的内容。")
    about = ("peer_view",)
    icon, kind = "arrow-back-up", "late"

    def perform(self) -> None:
        actions.take_peer_back(self.target, by=self.by)
