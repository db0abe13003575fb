"""One view for every step on a rung: find, check the form, call the act, go back or show the refusal."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.kernel.refusals import Refused
from huiyin.supervision import access, ladder, queries
from huiyin.supervision.wording import act_name
from huiyin.web.ladder.forms import Taking
from huiyin.web.ladder.rows import row
from huiyin.web.ladder.views import READERS, found_or_404, said
from huiyin.web.staff import staff


@staff(*READERS)
def take(request: HttpRequest, key: int, step: str) -> HttpResponse:
    """The page of a step. It opens for a latecomer too: the act's own refusal says how things stand now."""
    rung = found_or_404(request, key)
    if step == "issue" or step not in {each.act for each in ladder.LADDER if each.kind == rung.kind}:
        raise Http404
    if not access.may(request.actor, step, rung):
        raise PermissionDenied(_("您的岗位不能做这一步。"))
    form = Taking(
        *((request.POST,) if request.method == "POST" else ()), rung=rung, act=step, by=request.actor
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            form.perform()
        except Refused as caught:
            refusal = caught if caught.code != "twice" else None  # sent twice: it is kept, as the page says
        if refusal is None:
            messages.success(request, _("已记下。"), extra_tags=f"rung-{rung.pk}-{step}")
            return redirect("ladder:rung", rung.pk)
    page = queries.page_of(rung, request.actor)
    values = {
        "form": form,
        "refusal": refusal,
        "words": page.words,
        "last": said(rung, page.said[-1]) if page.said else None,  # what is judged stands beside the form
        "heading": act_name(rung.kind, step),
        "verb": act_name(rung.kind, step),
        "line": row(rung),
        "case": None,
        "draft": f"rung-{rung.pk}-{step}",
        "back": reverse("ladder:rung", args=[rung.pk]),
    }
    return render(request, "ladder/step.html", values, status=422 if refusal or form.errors else 200)
