"""What one of a group told apart, opened by the desk with a reason; and the receipt of whoever joined later."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiyin.cases import actions, naming, queries
from huiyin.cases.queries import CasePage
from huiyin.channels.web.handing_in import receipt_of
from huiyin.kernel.refusals import Refused
from huiyin.web.acts.form import RowField, words
from huiyin.web.cases.page import office_case, summary
from huiyin.web.cases.people import at_own_desk
from huiyin.web.components.receipt import Receipt
from huiyin.web.desk import receipts
from huiyin.web.forms import PlainForm
from huiyin.web.staff import staff


class PrivateForm(PlainForm):
    """Whose private part is opened, and why; that person reads the reason."""

    party = RowField(_("谁的情况"))
    reason = words(
        _("查看单独情况的理由"),
        rows=3,
        most=500,
        hint=_("本人会在查询页看到您的单位和这条理由，别的成员看不到。"),
    )

    def __init__(self, *args: Any, page: CasePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [party for party in page.parties if party.private and party.role != "respondent"]
        offered: Any = self.fields["party"]
        offered.offer([("", naming.named(told, holder=page.by.name))])


@staff()
def private(request: HttpRequest, number: str) -> HttpResponse:
    """Ask whose and why, then show it once; nothing of it stays in an address or in the browser's history."""
    page = queries.page_of(office_case(request, number), request.actor)
    if not at_own_desk(page):
        return redirect("cases:case", number)
    form = PrivateForm(request.POST if request.method == "POST" else None, page=page)
    opened = refusal = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            opened = actions.open_private(
                page.case, by=request.actor, party=told["party"].party, reason=told["reason"]
            )
        except Refused as caught:
            refusal = caught
    values = {"form": form, "opened": opened, "refusal": refusal, **summary(page)}
    if opened is not None:
        values["whose"] = form.cleaned_data["party"]
    response = render(request, "cases/private.html", values, status=422 if refusal or form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@staff()
def joined(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of whoever joined later, with their own code, for an hour and for whoever registered them."""
    case = office_case(request, number)
    kept = receipts.find(request, receipts.JOINED + case.number)
    if kept is None:
        return redirect("cases:case", case.number)
    follow_url = request.build_absolute_uri(f"{reverse('citizen:follow')}?number={case.number}")
    values = Receipt(code=kept.codes[0], follow_url=follow_url, **receipt_of(case.number))
    return render(request, "cases/joined.html", {"receipt_values": values, "number": case.number})
