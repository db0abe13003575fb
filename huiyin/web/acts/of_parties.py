"""Acts about the people of a case: a group's members, its spokespersons, agents, and what one member tells apart."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases import actions, choices, files, groups
from huiyin.cases.actions import PartyIn
from huiyin.cases.naming import Named, named, placed
from huiyin.web.acts.form import ActForm, RowField, RowsField, words
from huiyin.web.forms import AsksPhone

UNKEPT = {"autocomplete": "off", "data-no-draft": ""}  # office computers are shared


def line(label: Any, *, most: int, hint: Any = "") -> forms.CharField:
    """A line about a person; no browser proposes or keeps it."""
    widget = forms.TextInput(attrs=dict(UNKEPT))
    return forms.CharField(label=label, required=False, max_length=most, widget=widget, help_text=hint)


class OfParties(ActForm):
    """A form that chooses among the people of the case."""

    def people(self) -> list[Named]:
        """Those in whose name the matter is brought now."""
        return self._named(groups.present(self.page.parties))

    def agents(self) -> list[Named]:
        """Who acts for somebody now."""
        return self._named(groups.acting(self.page.parties))

    def _named(self, parties: list[Any]) -> list[Named]:
        return named(parties, holder=self.by.name)


class WithPerson(AsksPhone, OfParties):
    """Somebody new: who they are."""

    name = line(_("姓名"), most=60)
    phone = line(_("电话"), most=30)
    joined: actions.Joined

    def codes(self) -> list[str]:
        """The newcomer's own."""
        return [self.joined.code]


class AddParty(WithPerson):
    act, title, verb = "add_party", _("成员加入"), _("登记成员")
    done = _("成员已登记。请把下面的查询码告诉本人。")
    explain = _(
        "每个人都有自己的查询码、告知和评价。只和本人有关的金额、住址写在“单独情况”里，别的成员看不到。"
    )
    icon = "users"
    role = forms.ChoiceField(label=_("身份"), choices=choices.JOINING_ROLES)
    address = line(_("住址"), most=200)
    private = words(_("单独情况"), required=False, hint=_("只有本人和受理中心看得到，查看会留下记录。"))
    field_order = ("role", "name", "phone", "address", "private")

    def perform(self) -> None:
        self.joined = actions.add_party(self.case, by=self.by, member=PartyIn(**self.cleaned_data))


class AnswerPrivately(OfParties):
    act, title, verb = "answer_privately", _("单独答复"), _("提交单独答复")
    done = _("单独答复已提交，和答复一起审核、告知。")
    explain = _(
        "只和一位诉求人有关的金额、住址等写在这里，本人和受理中心看得到，别的成员看不到。大家都要知道的写在答复里。"
    )
    about = ("order",)
    icon = "lock"
    party = RowField(_("答复谁"), help_text=_("序号和受理中心的名单一致。"))
    text = words(_("单独答复"), rows=6, most=20_000)

    def prepare(self) -> None:
        present = {party.pk for party in groups.present(self.page.parties)}
        everybody = [party for party in self.page.parties if party.role != "respondent"]
        self.fields["party"].offer([("", [row for row in placed(everybody) if row.pk in present])])

    def perform(self) -> None:
        told = self.cleaned_data
        actions.answer_privately(self.target, by=self.by, party=told["party"].party, text=told["text"])


class Leave(OfParties):
    act, title, verb, done = "leave", _("成员退出"), _("记录退出"), _("已记录退出。")
    explain = _("只在本人明确要求时使用。以前的答复和评价都还在，以后的答复不再告知本人。")
    icon, kind = "arrow-back-up", "late"
    party = RowField(_("谁退出"))
    why = words(_("退出的原因"), required=False, rows=3)

    def prepare(self) -> None:
        going = [row for row in self.people() if groups.may_leave(row.party, self.page.parties)]
        self.fields["party"].offer([("", going)])

    def perform(self) -> None:
        told = self.cleaned_data
        actions.leave(self.case, by=self.by, party=told["party"].party, why=told["why"])


class AppointSpokespersons(OfParties):
    act, title, verb = "appoint_spokespersons", _("推选代表人"), _("记录推选")
    done = _("代表人已记录。")
    explain = _("照大家的意思记。代表人最多 5 名；没有再选中的，回到成员。")
    icon = "users"
    chosen = RowsField(_("推选谁"))
    said = words(_("大家怎么推选的"), rows=3, hint=_("什么时候、怎么商量的、有没有书面推选。"))

    def prepare(self) -> None:
        members = [row for row in self.people() if row.party.role != "petitioner"]
        self.fields["chosen"].offer(members)
        self.initial["chosen"] = [str(row.pk) for row in members if row.party.role == "spokesperson"]

    def perform(self) -> None:
        told = self.cleaned_data
        chosen = [row.party for row in told["chosen"]]
        actions.appoint_spokespersons(self.case, by=self.by, parties=chosen, said=told["said"])


class AppointAgent(WithPerson):
    act, title, verb = "appoint_agent", _("委托代理人"), _("登记代理人")
    done = _("代理人已登记。请把下面的查询码告诉代理人本人。")
    explain = _("代理人凭自己的查询码查看和办理。没有授权委托书不能登记。代表集体代理的，请在“代表”里选。")
    icon = "user"
    acts_for = RowField(_("代理谁"))
    representative = RowField(_("代表"), required=False, empty=_("不是代表"))
    authority = forms.FileField(label=_("授权委托书"), help_text=_("照片或扫描件。只有受理中心能看。"))
    field_order = ("acts_for", "name", "phone", "representative", "authority")

    def prepare(self) -> None:
        self.fields["acts_for"].offer([("", self.people())])
        posts = choices.representatives()
        self.fields["representative"].offer([("", posts)], named=lambda post: post.user.name)
        if not posts:
            del self.fields["representative"]

    def perform(self) -> None:
        told = self.cleaned_data
        agent = PartyIn(name=told["name"], phone=told["phone"], post=told.get("representative"))
        self.joined = actions.appoint_agent(
            self.case,
            by=self.by,
            agent=agent,
            acts_for=told["acts_for"].party,
            authority=files.check_and_store(told["authority"]),
        )


class EndAgency(OfParties):
    act, title, verb, done = "end_agency", _("结束代理"), _("结束代理"), _("代理已结束。")
    explain = _("代理人不能再查看和办理这件诉求。需要时可以到受理中心重新委托。")
    icon, kind = "x", "late"
    agent = RowField(_("哪一位代理人"))

    def prepare(self) -> None:
        self.fields["agent"].offer([("", self.agents())])

    def perform(self) -> None:
        actions.end_agency(self.case, by=self.by, agent=self.cleaned_data["agent"].party)


class TellPrivately(OfParties):
    act, title, verb, done = "tell_privately", _("补充单独情况"), _("保存"), _("单独情况已保存。")
    explain = _("只和一个人有关的金额、住址等。只有本人和受理中心看得到，别的成员和承办单位看不到。")
    icon = "lock"
    party = RowField(_("谁的情况"))
    text = words(_("单独情况"), rows=5)

    def prepare(self) -> None:
        self.fields["party"].offer([("", [*self.people(), *self.agents()])])

    def perform(self) -> None:
        told = self.cleaned_data
        actions.tell_privately(self.case, by=self.by, party=told["party"].party, text=told["text"])
