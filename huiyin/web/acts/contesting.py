"""回访异议: a unit contests how it was rated, two who oversee decide; no page here shows a grade or a word of a rating."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.queries import CasePage
from huiyin.evaluation import actions as rating
from huiyin.evaluation import contests
from huiyin.web.acts.form import ActForm, words
from huiyin.web.cases.people import names_of
from huiyin.web.words import day


def _said(page: CasePage, row: contests.Contest | None) -> list[tuple[Any, Any]]:
    """What the unit says was wrong, for whoever is about to decide on it."""
    if row is None:
        return []
    return [(_("单位"), str(row.unit)), (_("理由"), row.clause), (_("证据"), page.open(row.why))]


class ContestRating(ActForm):
    act, title, verb = "contest_rating", _("提出回访异议"), _("提出异议")
    done = _("已提出。由两个督办的人核准，结果在这一页看得到。")
    explain = _(
        "评价弄错了单位、打错了人，可以提一次。决定的人看不到打分，只看理由和证据。评得好不好都不能作为理由。"
    )
    icon = "flag"
    ground = forms.ChoiceField(label=_("哪里弄错了"), widget=forms.RadioSelect)
    why = words(_("理由和证据"), hint=_("写明依据，例如职责清单第几条、派单记录。"))

    def prepare(self) -> None:
        self.fields["ground"].choices = [(each.code, str(each)) for each in contests.grounds_now(self.by)]

    def perform(self) -> None:
        told = self.cleaned_data
        rating.contest_rating(self.case, by=self.by, ground=told["ground"], why=told["why"])


class UpholdContest(ActForm):
    act, title, verb, done = (
        "uphold_contest",
        _("核准回访异议"),
        _("核准"),
        _("已核准。要两个人都核准才算成立。"),
    )
    explain = _("两个人都核准，这次评价不算进这个单位；已经合成一组的数不改。")
    icon = "check"
    party = forms.ChoiceField(label=_("哪一次电话打错了人"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        row = contests.to_decide(self.case, self.by)
        self.told_first = _said(self.page, row)
        if row is None or row.about != "person" or row.first_by_id is not None:
            self.parties = {}
            del self.fields["party"]
            return
        names = names_of(self.page)
        taken = contests.called(row)
        self.parties = {str(each.party_id): each.party for each in taken}
        self.fields["party"].choices = [
            (
                str(each.party_id),
                f"{names.get(each.party_id, each.party.get_role_display())} · {day(each.at)}",
            )
            for each in taken
        ]

    def perform(self) -> None:
        rating.uphold_contest(
            self.case, by=self.by, party=self.parties.get(self.cleaned_data.get("party", ""))
        )


class RefuseContest(ActForm):
    act, title, verb, done = "refuse_contest", _("不予认可回访异议"), _("不予认可"), _("已记下，评价照算。")
    explain = _("一个人就可以不予认可。理由单位看得到。")
    why = words(_("不成立的理由"))

    def prepare(self) -> None:
        self.told_first = _said(self.page, contests.to_decide(self.case, self.by))

    def perform(self) -> None:
        rating.refuse_contest(self.case, by=self.by, why=self.cleaned_data["why"])
