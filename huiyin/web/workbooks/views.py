"""Choosing a workbook and a period, and how a template is written."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huiyin.accounts.roles import OVERSIGHT, UNIT
from huiyin.analytics.catalogue import FIGURES
from huiyin.kernel.refusals import Refused
from huiyin.organisation.queries import today
from huiyin.web.exports.views import MEDIA, await_file
from huiyin.web.forms import Choosing, PlainForm
from huiyin.web.staff import staff
from huiyin.workbooks import access, actions, queries, spans, vocabulary
from huiyin.workbooks.shipped import SHIPPED

UNPROCESSABLE = 422
SHOWN = {
    "value": "{{收到}}",
    "rate": "{{办结率}}",
    "cut": "{{收到 单位=城管局 期间=上期}}",
    "part": "{{办结率.下限}}",
    "each": "{{每个单位}}{{名称}}",
    "list": "{{每件诉求 超期=是}}{{编号}}",
}  # how it is written, in the language in which templates are written here
OWN = "own-"  # before the key of an office's own template


class ChoosingForm(PlainForm):
    """Which workbook, for which period."""

    which = forms.ChoiceField(label=_("报表"), widget=Choosing)
    period = forms.ChoiceField(label=_("期间"), widget=Choosing)

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["which"].choices = choices
        self.fields["period"].choices = periods()


def periods() -> list[tuple[str, str]]:
    """What can be chosen, the last month that is over first."""
    found = spans.offered(today())
    running, rest = found[0], found[1:]
    return [(each.code, spans.words(each)) for each in [rest[0], running, *rest[1:]]]


@staff(*OVERSIGHT, *UNIT)
def choose(request: HttpRequest) -> HttpResponse:
    """The workbooks that the reader may fill; filled in the background, and fetched among the exported files."""
    own = queries.fillable(request.actor)
    shipped = [each for each in SHIPPED.values() if request.actor.role in each.roles]
    choices = [(each.code, each.title) for each in shipped] + [(f"{OWN}{row.pk}", row.name) for row in own]
    asked = {name: request.GET[name] for name in ("which", "period") if name in request.GET}
    form = ChoosingForm(request.POST if request.method == "POST" else None, choices=choices, initial=asked)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            row = _asked(request, form.cleaned_data["which"], form.cleaned_data["period"])
        except Refused as caught:
            refusal = caught
        else:
            await_file(request, row)
            return redirect("exports:mine")
    values = {
        "form": form,
        "refusal": refusal,
        "shipped": shipped,
        "own": [{"name": row.name, "unit": row.unit, "version": row.version} for row in own],
        "keeps": access.keeps(request.actor),
    }
    return render(
        request, "workbooks/choose.html", values, status=UNPROCESSABLE if refusal or form.errors else 200
    )


def _asked(request: HttpRequest, which: str, code: str) -> Any:
    """Ask for the workbook. Raises Refused."""
    told = {
        "by": request.actor,
        "period": spans.named(code, today()),
        "language": get_language() or "zh-hans",
    }
    if not which.startswith(OWN):
        return actions.fill_shipped(SHIPPED[which], **told)
    found = queries.fillable_one(request.actor, int(which.removeprefix(OWN)))
    if found is None:
        raise Refused(_("这份模板已经停用。请换一份。"), code="template_retired")
    return actions.fill(found, **told)


@staff(*OVERSIGHT, *UNIT)
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """Every name that a template may use."""
    values = {
        "shown": SHOWN,
        "figures": [[str(each.title), each.name, str(each.definition)] for each in FIGURES.values()],
        "figure_columns": [{"label": _("写")}, {"label": _("英文")}, {"label": _("是什么")}],
        "blocks": [[f"每{names[0]}", f"each:{code}"] for code, names in vocabulary.BLOCKS.items()],
        "words": [["、".join(names), code] for code, names in vocabulary.WORDS.items()],
        "parts": [["、".join(names), code] for code, names in vocabulary.PARTS.items()],
        "cuts": [["、".join(names), code] for code, names in vocabulary.CUTS.items()],
        "named_periods": [["、".join(names), code] for code, names in vocabulary.NAMED_PERIODS.items()],
        "pairs": [{"label": _("写")}, {"label": _("英文")}],
        "keeps": access.keeps(request.actor),
        "example": shipped_for(request.actor.role).title,
    }
    return render(request, "workbooks/how.html", values)


def shipped_for(role: str) -> Any:
    """The workbook of the program that somebody in a role would begin from."""
    return next(each for each in SHIPPED.values() if role in each.roles)


@staff(*OVERSIGHT, *UNIT)
@require_safe
def example(request: HttpRequest) -> HttpResponse:
    """The template of a workbook of the program, to be changed in Excel and uploaded as one's own."""
    asked = SHIPPED.get(request.GET.get("which", ""))
    found = asked if asked and request.actor.role in asked.roles else shipped_for(request.actor.role)
    headers = {"Content-Disposition": f'attachment; filename="huiyin-{found.code}-template.xlsx"'}
    return HttpResponse(found.made(), content_type=MEDIA["xlsx"], headers=headers)
