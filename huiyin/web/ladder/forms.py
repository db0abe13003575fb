"""The forms of the ladder: signing a rung, and each step on one."""

import re
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import DESK, UNIT
from huiyin.cases import access as cases
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.directory import units_in
from huiyin.organisation.queries import posts_within
from huiyin.supervision import actions, issuing
from huiyin.supervision.access import answerers_of
from huiyin.supervision.actions import RungIn
from huiyin.supervision.rules import clauses, rung_rule
from huiyin.web.acts.form import RowField, RowsField, day, with_title, words
from huiyin.web.forms import Choosing, PlainForm, Ticking

EXPLAINED = {
    "order": _("送给轮到的单位的负责人，由他或者代他负责的人书面回复，再由督办验收或退回。诉求人看不到是谁签的、谁回的。"),
    "listing": _("挂牌以后，只有经单位以外的人检查通过才能摘牌。公开挂牌时，大家只看到标题、单位和日期。"),
    "talk": _("写明约谈谁、为什么；谈完再记录说了什么、答应了什么。"),
    "circular": _("发给选定的单位，编号，记录每个单位第一次阅读的时间。通报里不要写诉求人是谁。"),
    "advice": _("单位要在期限内书面答复采纳、部分采纳或不采纳，并说明理由。过期没有答复会标出来。"),
    "charge": _("由您本人包案：记录进展，直到您写下结果。"),
    "fault": _("写明违反哪一条规定。单位和本人可以申辩、申诉；申诉由另一个人决定。过错记录从不公开。"),
}  # fmt: skip
WORDS = {
    "circular": _("通报内容"),
    "advice": _("建议和理由"),
    "charge": _("为什么包案"),
    "fault": _("事实"),
}


class Sign(PlainForm):
    """What somebody signs; which fields there are follows from the kind."""

    post = RowField(_("送给哪位负责人"))
    unit = RowField(_("单位"))
    person = RowField(_("本人（没有具体的人就不选）"), required=False)
    clause = forms.ChoiceField(label=_("违反的规定"), widget=Choosing)
    units = RowsField(_("发给哪些单位"), required=True)
    title = forms.CharField(label=_("标题（不写人的姓名）"), max_length=issuing.LONGEST_TITLE)
    about = forms.CharField(
        label=_("涉及的诉求编号"),
        required=False,
        max_length=400,
        help_text=_("几件就用空格隔开；举报不能写进通报。"),
    )
    words = words(_("理由和要求"), rows=5)
    due_on = day(_("最迟哪天"))
    public = forms.BooleanField(label=_("公开挂牌"), required=False, widget=Ticking)
    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)

    FIELDS = {
        "order": ("post", "words", "due_on"),
        "listing": ("unit", "title", "words", "due_on", "public"),
        "talk": ("post", "words", "due_on"),
        "circular": ("title", "units", "about", "words"),
        "advice": ("unit", "words", "due_on"),
        "charge": ("words", "due_on"),
        "fault": ("unit", "person", "clause", "words", "due_on"),
    }

    def __init__(
        self, *args: Any, kind: str, by: Any, case: Any, proposal: Any = None, said: str = "", **more: Any
    ):
        super().__init__(*args, **more)
        self.kind, self.by, self.case, self.proposal = kind, by, case, proposal
        for name in set(self.fields) - {*self.FIELDS[kind], "once"}:
            del self.fields[name]
        self.order_fields(self.FIELDS[kind])
        self.initial |= {"once": uuid.uuid4().hex, "words": said}
        if kind in WORDS:
            self.relabel("words", WORDS[kind])
        if "title" in self.fields:
            self.fields["title"].required = kind == "circular"
        self._offer()
        self._set_day()

    @property
    def rule(self) -> Any:
        """The place's rule for this kind: days and basis."""
        return rung_rule(self.kind)

    def _units(self) -> list[Any]:
        """The units that it may be addressed to."""
        if self.case is not None:
            found = issuing.addressable(self.case, self.kind)
        else:
            found = list(units_in(self.by.unit.region.path))
        return [unit for unit in found if unit.pk not in self.by.barred_unit_ids]

    def _offer(self) -> None:
        names, units = self.FIELDS[self.kind], self._units() if self.kind != "charge" else []
        if "post" in names:
            offered = [(str(unit), posts) for unit, posts in answerers_of(units).items()]
            self.fields["post"].offer(offered, named=with_title)
            posts = list(self.fields["post"].rows)
            if self.case is not None and posts:
                self.initial["post"] = posts[0]
        if "unit" in names:
            self.fields["unit"].offer([("", units)])
            if self.case is not None and units:
                self.initial["unit"] = str(units[0].pk)
        if "units" in names:
            self.fields["units"].offer(units)
        if "person" in names:
            posts = [post for post in posts_within(self.by.unit.region) if post.role in (*UNIT, *DESK)]
            people = [(str(unit), [post for post in posts if post.unit_id == unit.pk]) for unit in units]
            self.fields["person"].offer(people, named=with_title)
        if "clause" in names:
            known = clauses(wall.local_date(wall.now()))
            self.fields["clause"].choices = [("", "—"), *((each.code, str(each)) for each in known)]

    def _set_day(self) -> None:
        if "due_on" not in self.FIELDS[self.kind]:
            return
        today = wall.local_date(wall.now())
        self.initial["due_on"] = issuing.proposed_day(self.kind, today)
        bounds = {"min": today.isoformat(), "max": issuing.last_day(self.kind, today).isoformat()}
        self.fields["due_on"].widget.attrs |= bounds
        if self.rule.basis:
            self.fields["due_on"].help_text = _("依据：%(basis)s") % {"basis": self.rule.basis}

    def perform(self) -> Any:
        """Sign it. Raises as `actions.issue`."""
        told = self.cleaned_data
        post = told.get("post") or told.get("person")
        if self.kind == "charge":
            post = self.by.post
        return actions.issue(
            RungIn(
                kind=self.kind,
                words=told["words"],
                unit=told.get("unit") or (post.unit if told.get("post") else None),
                post=post,
                due_on=told.get("due_on"),
                title=told.get("title", ""),
                public=told.get("public", False),
                clause=told.get("clause", ""),
                units=tuple(told.get("units", ())),
                about=self._about(told.get("about", "")),
                proposal=self.proposal,
                once=told["once"],
            ),
            by=self.by,
            case=self.case,
        )

    def _about(self, text: str) -> tuple[Any, ...]:
        """The matters whose numbers were typed. Raises `Refused` for one that there is not for this reader."""
        found = []
        for number in re.split(r"[\s,，、;；]+", text.strip()):
            try:
                if number:
                    found.append(cases.find(self.by, number))
            except cases.NotFound as missing:
                raise Refused(_("没有找到编号 %(number)s。") % {"number": number}, code="about") from missing
        return tuple(dict.fromkeys(found))


class Taking(PlainForm):
    """One step on a rung; which fields there are follows from the step and the kind."""

    verdict = forms.ChoiceField(label=_("结论"), widget=forms.RadioSelect)
    on = day(_("哪一天"))
    text = words(_("理由"))
    measures = words(_("答应的措施"), required=False)
    due_on = day(_("最迟哪天"))

    FIELDS = {
        "send_back": ("text", "due_on"),
        "inspect": ("on", "text", "verdict"),
        "hold": ("on", "text", "measures", "due_on"),
        "decide": ("text", "verdict"),
    }
    CHOICES = {
        "reply": (("adopted", _("采纳")), ("partly", _("部分采纳")), ("not", _("不采纳，理由见下"))),
        "inspect": (("passed", _("通过，摘牌")), ("failed", _("没有通过，继续挂牌"))),
        "decide": (("upheld", _("维持原来的记录")), ("revoked", _("撤销原来的记录"))),
    }
    LABELS = {
        "reply": _("回复内容"),
        "inspect": _("看到的情况"),
        "hold": _("约谈记录"),
        "progress": _("进展"),
        "end": _("结果"),
        "exempt": _("容错的依据"),
        "accept": _("验收意见"),
        "send_back": _("还缺什么"),
    }

    def __init__(self, *args: Any, rung: Any, act: str, by: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.rung, self.act, self.by = rung, act, by
        names = self.FIELDS.get(act, ("text",))
        if act == "reply" and rung.kind == "advice":
            names = ("verdict", "text")
        for name in set(self.fields) - set(names):
            del self.fields[name]
        self.order_fields(names)
        if "verdict" in names:
            self.fields["verdict"].choices = self.CHOICES[act]
        self.relabel("text", self.LABELS.get(act, _("理由")))
        self.fields["text"].required = act != "accept"
        if act == "hold":
            self.fields["due_on"].required = False
            self.relabel("due_on", _("措施最迟哪天落实"))
        if "on" in names:
            self.initial["on"] = wall.local_date(wall.now())

    def perform(self) -> None:
        """Take the step. Raises as the act of that name."""
        told = self.cleaned_data
        given: dict[str, Any] = {"text": told["text"]}
        if "verdict" in told:
            given["verdict"] = told["verdict"]
        if self.act == "inspect":
            given["seen_on"] = told["on"]
        if self.act == "hold":
            given |= {"held_on": told["on"], "measures": told["measures"], "due_on": told["due_on"]}
        if self.act == "send_back":
            given["due_on"] = told["due_on"]
        getattr(actions, self.act)(self.rung, by=self.by, **given)


class Dismiss(PlainForm):
    """Why a proposal is set aside."""

    text = words(_("为什么不采用"))
