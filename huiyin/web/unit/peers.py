"""单位复看 for the unit that was asked: what it owes a view of, the matter without its people, and the view itself."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import UNIT, Role
from huiyin.cases import actions, peer_pages, peers
from huiyin.cases.actions.ask_peer import colleagues
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.web.acts.form import RowField, with_title, words
from huiyin.web.desk.lists import framed
from huiyin.web.desk.peers import row_of
from huiyin.web.forms import PlainForm
from huiyin.web.staff import staff

UNPROCESSABLE = 422
TABS = {
    "waiting": (_("待复看"), _("受理中心或者督办请本单位看一看的诉求会出现在这里，最早到期的在前。")),
    "all": (_("全部"), _("请本单位看过的每一次，和它采纳了没有，都在这里。")),
}


class ViewForm(PlainForm):
    """What the unit thinks."""

    verdict = forms.ChoiceField(label=_("能不能解决"), choices=peers.VERDICTS, widget=forms.RadioSelect)
    opinion = words(_("意见"), rows=6, hint=_("怎么解决，或者为什么解决不了。诉求人和办理的单位看不到。"))
    basis = words(_("依据"), required=False, hint=_("法律、规定或者技术规范的名称和条款；说不准的可以不写。"))

    def clean(self) -> dict[str, Any]:
        """A basis is needed by whoever can tell."""
        told = super().clean() or {}
        sure = told.get("verdict") not in (None, "unsure")
        if sure and not told.get("basis") and "basis" not in self.errors:
            self.add_error("basis", _("请写依据。"))
        return told


class EntrustForm(PlainForm):
    """Who of the unit looks at it too."""

    person = RowField(_("交给谁看"))


@staff(*UNIT)
def listing(request: HttpRequest) -> HttpResponse:
    """The views that the reader's unit was asked for, as far as they are theirs."""
    tab = "all" if request.GET.get("tab") == "all" else "waiting"
    found = peer_pages.own_listing(
        request.actor, tab, **{name: request.GET.get(name, "") for name in ("after", "before")}
    )
    titles = peer_pages.titles(found.rows)
    rows = [row_of(row, reverse("unit:peer", args=[row.pk]), title=titles[row.case_id]) for row in found.rows]
    return render(request, "unit/peers.html", {**framed(request, TABS, tab, found), "rows": rows})


@staff(*UNIT)
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One matter as far as the task needs it, and the view to write."""
    found = _shown(request, key)
    form, refusal = ViewForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_view(found.view, by=request.actor, **form.cleaned_data)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, gettext("已交，请您看的人看得到。"), extra_tags=f"view-{key}")
            return redirect("unit:peers")
    return _page(request, found, form=form, refusal=refusal)


@staff(*UNIT)
def entrust(request: HttpRequest, key: int) -> HttpResponse:
    """Let a colleague look at it too."""
    found = _shown(request, key)
    form, refusal = _entrusting(request, found, request.POST if request.method == "POST" else None), None
    if form is None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            actions.entrust_view(found.view, by=request.actor, **form.cleaned_data)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, gettext("已交给这位同事，您也还可以自己写。"))
            return redirect("unit:peer", key)
    return _page(request, found, entrusting=form, refusal=refusal)


def _shown(request: HttpRequest, key: int) -> peer_pages.MatterShown:
    found = peer_pages.shown(request.actor, key)
    if found is None:
        raise Http404
    return found


def _entrusting(request: HttpRequest, found: peer_pages.MatterShown, sent: Any) -> EntrustForm | None:
    """The form for the unit's head; none for others, and in a unit of one."""
    others = [post for post in colleagues(found.view) if post != request.actor.post]
    if request.actor.role != Role.UNIT_LEADER or not others:
        return None
    form = EntrustForm(sent)
    form.fields["person"].offer([("", others)], named=with_title)  # type: ignore[attr-defined]
    return form


def _page(
    request: HttpRequest,
    found: peer_pages.MatterShown,
    *,
    form: ViewForm | None = None,
    entrusting: EntrustForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    view = found.view
    is_open = peer_pages.is_open(view)
    values = {
        "found": found,
        "mark": row_of(view, ""),
        "open": is_open,
        "late": is_open and view.due_on < wall.local_date(wall.now()),
        "form": form or ViewForm(),
        "entrusting": entrusting or _entrusting(request, found, None),
        "refusal": refusal,
    }
    failed = refusal or any(each is not None and each.errors for each in (form, entrusting))
    return render(request, "unit/peer.html", values, status=UNPROCESSABLE if failed else 200)
