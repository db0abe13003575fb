"""The forms of bulletins: what to draft, the text, and the words of an act."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from huiyin.organisation.queries import today
from huiyin.publication.bulletins.periods import DAYS, over
from huiyin.publication.bulletins.templates import Template
from huiyin.web.acts.form import day, words
from huiyin.web.forms import Choosing, PlainForm, Words
from huiyin.web.public.searching import chosen_among

SCOPES = {
    "category": gettext_lazy("写哪一类"),
    "region": gettext_lazy("贴在哪里"),
    "unit": gettext_lazy("写哪个单位"),
}


class Drafting(PlainForm):
    """What a draft needs to know: the period, and the category, place, unit or cases that its template asks for."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, template: Template, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template = template
        if template.every == DAYS:
            self.fields["since"] = day(gettext_lazy("从哪一天"))
            self.fields["until"] = day(
                gettext_lazy("到哪一天"), hint=gettext_lazy("要已经过完，这一天也算。")
            )
        else:
            spans = [(span.code, span.words) for span in over(template.every, today())]
            self.fields["span"] = forms.ChoiceField(
                label=gettext_lazy("写哪一期"), choices=spans, widget=Choosing
            )
        if template.scope:
            self._offer_scope(template.scope)
        if "{选取的诉求}" in template.text or "{cases}" in template.text:
            self.fields["cases"] = words(
                gettext_lazy("选取的诉求"), required=False, rows=3,
                hint=gettext_lazy("一行一个编号，最多 20 件。写进草稿的是去掉个人信息的文字；举报不能选。"),
            )  # fmt: skip

    def _offer_scope(self, scope: str) -> None:
        optional = scope == "category"
        offered = chosen_among(get_language() or "")[scope]
        self.fields["scope"] = forms.ChoiceField(
            label=SCOPES[scope],
            choices=[("", _("不限") if optional else _("请选择")), *offered],
            required=not optional,
            widget=Choosing,
        )

    def asked(self) -> dict[str, Any]:
        """What the act is given."""
        given = self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if "span" in given:
            first, last = given["span"].split("-")
            since, until = date.fromisoformat(first), date.fromisoformat(last)
        return {
            "since": since,
            "until": until,
            "scope": given.get("scope", ""),
            "cases": re.findall(r"\S+", given.get("cases", "")),
            "key": given.get("key", ""),
        }


class Editing(PlainForm):
    """Title and text; `version` is the one that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    body = Words(
        label=gettext_lazy("正文"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 26, "spellcheck": "false"}),
        help_text=gettext_lazy("大括号里的是数字和表，按名称取，不用手写；名称列在下面。"),
    )


class Remark(PlainForm):
    """The words of an act."""

    def __init__(self, *args: Any, label: Any, hint: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"] = words(label, rows=3, most=2000, hint=hint)
