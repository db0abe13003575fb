"""The case as the office sees it, and the opening of what the citizen wrote."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import UNIT
from huiyin.cases import actions, files, offering, papers, queries
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.publication.bulletins.document import Paragraph, Run
from huiyin.web.acts.form import words
from huiyin.web.cases.page import offered, office_case, summary, whole
from huiyin.web.forms import PlainForm
from huiyin.web.onpaper import as_file, on_paper
from huiyin.web.staff import staff


@staff()
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case: whose turn, until when, what was written and done, and what the reader can do."""
    page = queries.page_of(office_case(request, number), request.actor)
    return render(request, "cases/case.html", whole(page))


@staff()
def file(request: HttpRequest, number: str, key: int) -> FileResponse:
    """One file of the case, as a download; 404 for whoever may not read it."""
    page = queries.page_of(office_case(request, number), request.actor)
    found = next((each for each in page.attachments if each.pk == key), None)
    if found is None:
        raise Http404
    return files.serve(found, request.actor)


@staff()
def order(request: HttpRequest, number: str, key: int) -> HttpResponse:
    """One order, to be printed and carried to the spot; a unit's own only, without the petitioner. 404 otherwise."""
    page = queries.page_of(office_case(request, number), request.actor)
    every = request.actor.role not in UNIT
    found = next(
        (each for each in page.orders if each.pk == key and (every or each.unit_id in page.units)), None
    )
    if found is None:
        raise Http404
    point = found.point.text if len(page.points) > 1 else ""
    values = {
        "order": found,
        "case": page.case,
        "text": point or page.case.text,
        "note": page.open(found.note),
        "files": [page.open(each.name) for each in page.attachments],
    }
    return render(request, "cases/order.html", values)


@staff()
def paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """A printed paper of the case, from the place's template; 404 where there is no such paper (yet)."""
    found, shown = _paper(request, number, kind)
    return render(request, "cases/paper.html", {"paper": shown, "case": found})


@staff()
def paper_file(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The same paper as PDF/UA."""
    found, shown = _paper(request, number, kind)
    blocks = [Paragraph([Run(text)]) for text in shown.paragraphs]
    return as_file(on_paper(shown.title, found.number, blocks), name=f"{shown.title}-{found.number}.pdf")


def _paper(request: HttpRequest, number: str, kind: str) -> tuple[Any, papers.Paper]:
    found = office_case(request, number)
    permit = Permit(holder=request.actor.name, purpose=Purpose.WORK)
    shown = papers.paper(
        found, kind, by=request.actor, opened=lambda sealed: sealed.open(permit) if sealed else ""
    )
    if shown is None:
        raise Http404
    return found, shown


@staff()
def call(request: HttpRequest, number: str) -> HttpResponse:
    """Say what a call leaves on record, then show the numbers once, ready to be tapped."""
    found = office_case(request, number)
    page = queries.page_of(found, request.actor)
    people = refusal = None
    if request.method == "POST":
        order = offering.through(page, "call")
        try:
            people = actions.call(found, by=request.actor, order=order)
        except Refused as caught:
            refusal = caught
    note = next((act["url"] for act in offered(page) if act["name"] == "contact"), "")
    values = {"people": people, "refusal": refusal, "note_url": note, **summary(page)}
    response = render(request, "cases/call.html", values, status=422 if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response


class ReasonForm(PlainForm):
    """Why the original is opened; the citizen reads it."""

    reason = words(_("为什么要看原文"), rows=3, most=500, hint=_("诉求人会在查询页看到您的单位和这条理由。"))


@staff()
def original(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a reason, then show the original once; nothing of it stays in an address or in the browser's history."""
    found = office_case(request, number)
    page = queries.page_of(found, request.actor)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    opened = refusal = None
    if request.method == "POST" and form.is_valid():
        order = offering.through(page, "open_original")
        try:
            opened = actions.open_original(
                found, by=request.actor, reason=form.cleaned_data["reason"], order=order
            )
        except Refused as caught:
            refusal = caught
    values = {"form": form, "opened": opened, "refusal": refusal, **summary(page)}
    response = render(request, "cases/original.html", values, status=422 if refusal or form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response
