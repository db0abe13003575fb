"""The templates of an office: listed, uploaded with what must be mended, tried, put to use, taken out of use."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.cases.files import Unread
from huiyin.kernel.refusals import Refused
from huiyin.organisation.queries import today
from huiyin.web.desk.lists import address
from huiyin.web.exports.views import MEDIA, await_file
from huiyin.web.forms import Choosing, PlainForm
from huiyin.web.staff import staff
from huiyin.web.workbooks.views import UNPROCESSABLE, periods
from huiyin.workbooks import actions, queries, spans
from huiyin.workbooks.access import KEEPERS
from huiyin.workbooks.checking import Unfit

TONES = {"draft": "soon", "active": "done", "retired": "quiet"}


class UploadForm(PlainForm):
    """A file and what it is called; the same name once more is the next version."""

    name = forms.CharField(
        label=_("名称"),
        max_length=actions.MOST_NAME,
        help_text=_("例如：全县诉求办理月报表。同名再传是新的一版。"),
    )
    upload = forms.FileField(
        label=_("文件"),
        help_text=_("Excel 工作簿（.xlsx），最多 5 MB，不带宏。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class TrialForm(PlainForm):
    """For which period a version is tried."""

    period = forms.ChoiceField(label=_("期间"), widget=Choosing)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods()


@staff(*KEEPERS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every version of the office's templates, the newest first."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    found = queries.kept(request.actor, after=after, before=before)
    values = {
        "rows": [{"row": row, "tone": TONES[row.state]} for row in found.rows],
        "beyond": bool(after or before),
        "first_url": request.path,
        "previous_url": address(request, before=found.earlier) if found.earlier else "",
        "next_url": address(request, after=found.later) if found.later else "",
        "shown": len(found.rows),
    }
    return render(request, "workbooks/templates.html", values)


@staff(*KEEPERS)
def new(request: HttpRequest) -> HttpResponse:
    """Upload a template; one that must be mended is not kept, and every place to mend is named."""
    sent = request.method == "POST"
    form = UploadForm(request.POST if sent else None, request.FILES if sent else None)
    form.initial["name"] = request.GET.get("name", "")[: actions.MOST_NAME]
    refusal: Refused | None = None
    problems: Any = ()
    if sent and form.is_valid():
        try:
            row = actions.upload(by=request.actor, name=form.cleaned_data["name"], content=_content(form))
        except Unfit as unfit:
            refusal, problems = unfit, unfit.problems
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, gettext("收下了。请试填一次，看看对不对，再启用。"))
            return redirect("workbooks:template", row.pk)
    values = {"form": form, "refusal": refusal, "problems": problems}
    return render(
        request, "workbooks/new.html", values, status=UNPROCESSABLE if refusal or form.errors else 200
    )


def _content(form: UploadForm) -> bytes:
    upload = form.cleaned_data["upload"]
    if isinstance(upload, Unread):
        raise Refused(
            gettext("文件太大了。模板最多 5 MB，请删去图片或多余的表，再上传。"), code="workbook_size"
        )
    return upload.read()


@staff(*KEEPERS)
@require_safe
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One version: what is in it, how it stands, and what can be done with it."""
    return _page(request, key, TrialForm(), None)


def _page(request: HttpRequest, key: int, form: TrialForm, refusal: Refused | None) -> HttpResponse:
    row = queries.find(request.actor, key)
    if row is None:
        raise Http404
    values = {
        "row": row,
        "tone": TONES[row.state],
        "about": row.about,
        "sheets": "、".join(row.about["sheets"]),
        "form": form,
        "refusal": refusal,
        "may_activate": row.state != row.State.ACTIVE,
        "may_retire": row.state != row.State.RETIRED,
    }
    status = UNPROCESSABLE if refusal or form.errors else 200
    return render(request, "workbooks/template.html", values, status=status)


@staff(*KEEPERS)
@require_safe
def file(request: HttpRequest, key: int) -> HttpResponse:
    """The file as it was uploaded."""
    found = queries.file_of(request.actor, key)
    if found is None:
        raise Http404
    row, content = found
    name = content_disposition_header(as_attachment=True, filename=f"{row.name}-v{row.version}.xlsx")
    headers = {"Content-Disposition": name or "attachment", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=MEDIA["xlsx"], headers=headers)


@staff(*KEEPERS)
@require_POST
def act(request: HttpRequest, key: int, act: str) -> HttpResponse:
    """Try, activate or retire a version."""
    row = queries.find(request.actor, key)
    if row is None:
        raise Http404
    form, refusal = TrialForm(request.POST if act == "try" else None), None
    try:
        if act == "try" and form.is_valid():
            return _tried(request, row, form.cleaned_data["period"])
        if act == "activate":
            actions.activate(row, by=request.actor)
            messages.success(request, gettext("启用了，各单位现在就可以填。"))
            return redirect("workbooks:template", row.pk)
        if act == "retire":
            actions.retire(row, by=request.actor)
            messages.success(request, gettext("停用了。以前填好的不受影响。"))
            return redirect("workbooks:template", row.pk)
    except Refused as caught:
        refusal = caught
    if act != "try":
        if refusal is None:
            raise BadRequest(gettext("没有这个动作。"))
        form = TrialForm()
    return _page(request, key, form, refusal)


def _tried(request: HttpRequest, row: Any, code: str) -> HttpResponse:
    period = spans.named(code, today())
    asked = actions.try_out(row, by=request.actor, period=period, language=get_language() or "zh-hans")
    await_file(request, asked)
    return redirect("exports:mine")
