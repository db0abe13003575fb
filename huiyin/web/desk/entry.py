"""Entry for somebody: write down what was said, see what else this person has brought, hand out the receipt."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import access, queries
from huiyin.channels.clerk.joining import take_down_into
from huiyin.channels.clerk.taking_down import TakenDown, take_down
from huiyin.channels.web.handing_in import receipt_of
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.refusals import Refused
from huiyin.web.components.receipt import Receipt
from huiyin.web.desk import alike as looking
from huiyin.web.desk import joining, measures, receipts
from huiyin.web.desk.entry_form import EntryForm
from huiyin.web.desk.lists import matter_of
from huiyin.web.navigation import ENTRY, OFFICE
from huiyin.web.staff import staff

WRITERS = tuple(role for role, ways in OFFICE.items() if ENTRY in ways)
KEYS = [("n", gettext_lazy("再登记一件")), ("o", gettext_lazy("打开这件")), ("p", gettext_lazy("打印"))]


@staff(*WRITERS)
def entry(request: HttpRequest) -> HttpResponse:
    """Write a matter down for somebody. When the phone is known, their earlier matters are shown before it is kept."""
    if request.method != "POST":
        return _form(request, EntryForm(by=request.actor))
    form = EntryForm(request.POST, by=request.actor)
    if not form.is_valid() or request.POST.get("step") == "back":
        return _form(request, form, status=422 if form.errors else 200)
    if (
        request.POST.get("step") != "go_on"
        and not request.POST.get("join")
        and (known := _known(request, form))
    ):
        return known
    if request.POST.get("step") != "go_on" and (alike := _alike(request, form)):
        return _form(request, form, alike=alike)
    try:
        taken = _taken(request, form)
    except access.NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        return _form(request, form, status=422, refusal=refusal)
    except PermissionDenied as denied:
        return _form(request, form, status=403, refusal=denied)
    receipts.keep(request, taken)
    return redirect("desk:receipt", taken.number)


def _taken(request: HttpRequest, form: EntryForm) -> TakenDown:
    """Registered, and merged at once when the button of a matter about the same thing was pressed."""
    number = request.POST.get("join", "")
    if not number:
        return take_down(form.statement(), by=request.actor)
    return take_down_into(form.statement(), check_case_number(number), by=request.actor)


def _alike(request: HttpRequest, form: EntryForm) -> dict[str, Any] | None:
    """Matters that sound alike, for whoever has not been shown any while writing; None when there is none."""
    if "looked" in request.POST or request.POST.get("join"):
        return None
    told = form.cleaned_data
    found = looking.found(request.actor, phone="", text=f"{told['title']} {told['text']}", at=told["place"])
    return found if found["others"] else None


def _form(
    request: HttpRequest, form: EntryForm, *, status: int = 200, refusal: Any = None, alike: Any = None
) -> HttpResponse:
    if alike is None and request.POST.get("join"):  # what was chosen stands there again
        alike = looking.found_in(request.actor, request.POST)
    opened = {
        "points": form["points"].value() or form["points"].errors,
        "members": form["members"].value() or form["members"].errors,
        "accused": form["nature"].value() == "report" or form["accused_units"].errors,
    }
    incidents = joining.offered(request) if request.method != "POST" else []
    values = {
        "form": form,
        "refusal": refusal,
        "opened": opened,
        "incidents": incidents,
        "alike": alike,
        "join": request.POST.get("join", ""),
        "elapsed": form.elapsed(),
    }
    return render(request, "desk/entry.html", values, status=status)


def _known(request: HttpRequest, form: EntryForm) -> HttpResponse | None:
    """The page of earlier matters from this number; None when there is nothing to show."""
    phone = form.cleaned_data["phone"]
    found = queries.of_phone(request.actor, phone) if phone else []
    agreed = measures.of_phone(request, phone)
    if not found and not agreed:
        return None
    sent = [
        (name, value)
        for name in request.POST
        if name not in ("csrfmiddlewaretoken", "step")
        for value in request.POST.getlist(name)
    ]
    rows = [matter_of(case) for case in found]
    values = {"rows": rows, "sent": sent, "title": form.cleaned_data["title"], "measures": agreed}
    return render(request, "desk/earlier.html", values)


@staff(*WRITERS)
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt to read out or print, for an hour and for whoever entered the matter; later, the case."""
    kept = receipts.find(request, number)
    seen = access.visible(request.actor).filter(number=number).exists()
    if kept is None:
        return redirect("cases:case", number) if seen else redirect("work")
    told = receipt_of(number)
    if kept.answered:
        told |= {"due": None, "basis": "", "holder": ""}
    follow_url = request.build_absolute_uri(f"{reverse('citizen:follow')}?number={number}")
    values = {
        "receipt_values": Receipt(
            code=kept.codes[0], follow_url=follow_url, next_steps=_next_steps(kept.answered), **told
        ),
        "kept": kept,
        "others": list(enumerate(kept.codes[1:], start=1)),
        "number": number,
        "case_url": reverse("cases:case", args=[number]) if seen else "",
        "keys": KEYS,
    }
    return render(request, "desk/receipt.html", values)


def _next_steps(answered: bool) -> list[tuple[str, str]]:
    if answered:
        return [(_("已经当场答复"), _("请您评一评：解决没有、满意不满意。没有解决可以要求重办。"))]
    return [
        (_("工作人员甄别"), _("先把能认出您的内容遮住，再决定由谁办。")),
        (_("交给该管的单位"), _("期限从收到时算起，不会因为转来转去重新计算。")),
        (_("答复您"), _("凭编号和查询码随时能看；留了电话的，也会打给您。")),
        (_("您来评"), _("解决没有、满意不满意，由您说了算。")),
    ]
