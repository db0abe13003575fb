"""One view for every act: fetch through access, check the form, call the act, redirect or show the refusal."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.cases import access, offering, queries
from huiyin.cases.queries import CasePage
from huiyin.kernel.refusals import Refused
from huiyin.web.acts.form import ActForm
from huiyin.web.acts.registry import FORMS
from huiyin.web.cases.page import office_case, summary
from huiyin.web.desk import matter, receipts
from huiyin.web.staff import staff


@staff()
def act(request: HttpRequest, number: str, name: str, target: int | None = None) -> HttpResponse:
    """The page of one act. A refusal is shown beside what was typed (422); success leads back to the case.

    Whoever may not do the act does not see its form either: a form names the people among whom it lets choose.
    """
    case = office_case(request, number)
    page = queries.page_of(case, request.actor)
    kind = FORMS.get(name)
    if kind is None:
        raise Http404
    about = _target(page, kind, target)
    if not offering.permitted(page, name, about):
        raise PermissionDenied(_("您的岗位不能做这一步。请联系受理中心。"))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = kind(*sent, page=page, target=about, asked=request.GET)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            form.perform()
        except Refused as caught:
            refusal = caught
        else:
            sent_draft = f"act-{case.number}-{name}"  # as the form is called on the device: no draft any more
            messages.success(request, form.told(), extra_tags=sent_draft)
            if codes := form.codes():
                receipts.keep_codes(request, case.number, codes)
                return redirect("cases:joined", case.number)
            return redirect(_after(request, case.number, page))
    values = {"form": form, "refusal": refusal, "back": _back(request, number), **summary(page)}
    return render(request, "acts/act.html", values, status=422 if refusal or form.errors else 200)


def _target(page: CasePage, form: type[ActForm], key: int | None) -> Any:
    """The row that the act is about: the case itself without a key. Raises Http404 when that is no row for it.

    The row is found whether or not the act is offered (any more): its refusal says why, so that a latecomer
    learns who did what when instead of meeting an empty page.
    """
    if key is None and "case" in form.about:
        return page.case
    rows = {
        "order": page.orders,
        "objection": page.objections,
        "extension": page.extensions,
        "notice": page.notices,
        **page.asides,
    }
    for row in (row for kind in form.about for row in rows.get(kind, ())):
        if row.pk == key:
            return row
    raise Http404


def _after(request: HttpRequest, number: str, page: CasePage) -> str:
    """The case, or the reader's own list when the act has taken the case out of their sight."""
    seen = access.visible(page.by).filter(number=number).exists()
    return _back(request, number) if seen else reverse("work")


def _back(request: HttpRequest, number: str) -> str:
    """The case as it was opened: beside its list, or alone."""
    filters = matter.list_of(request)
    return reverse("cases:case", args=[number]) if filters is None else matter.beside(number, filters)
