"""我也一样: a page to join an open matter whose title is out, with as little as nothing and at most a telephone."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from huiyin.cases import released
from huiyin.channels.web import joining
from huiyin.channels.web.joining import Joining
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.refusals import Refused
from huiyin.web import faults
from huiyin.web.citizen import pocket, tries
from huiyin.web.citizen.contact import (
    AsksContact,
    Keyed,
    email_field,
    key_field,
    name_field,
    phone_field,
)
from huiyin.web.citizen.forms import explained, said
from huiyin.web.forms import PlainForm

MOST_OF_ADDRESS, MINUTES = 30, 15  # joinings; a whole office may sit behind one address
UNPROCESSABLE = 422


class JoinForm(Keyed, AsksContact, PlainForm):
    """Who joins: nothing has to be filled in."""

    confidentiality = forms.ChoiceField(
        label=gettext_lazy("您的身份让谁知道"), widget=forms.RadioSelect, initial="sealed"
    )
    name = name_field()
    phone = phone_field(gettext_lazy("只用来联系这件事。不留也可以，凭编号和查询码就能看到进展。"))
    email = email_field()
    private = said(
        gettext_lazy("您家的情况"),
        required=False,
        rows=4,
        hint=gettext_lazy("和标题不同的、只和您有关的，写在这里。只有受理中心看得到。"),
        **{"data-no-draft": ""},
    )
    key = key_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confidentiality"].choices = explained(  # type: ignore[attr-defined]
            (
                ("sealed", _("只有受理中心知道"), _("办事的单位和一起反映的人都看不到您是谁。")),
                (
                    "none",
                    _("不留身份"),
                    _("姓名、电话和邮箱都不保存，填了也不保存。请一定记好编号和查询码。"),
                ),
            )
        )
        self.initial["key"] = str(uuid.uuid4())

    def joining(self) -> Joining:
        """What was written, for the channel."""
        told = self.cleaned_data
        anonymous = told["confidentiality"] == "none"
        who = {} if anonymous else {name: told[name] for name in ("name", "phone", "email")}
        return Joining(key=told["key"], private=told["private"], **who)


@never_cache
def join(request: HttpRequest, number: str) -> HttpResponse:
    """The form to join one open matter; any other number is simply not there."""
    try:
        matter = released.find(check_case_number(number))
    except (Refused, released.NotReleased) as fault:
        raise Http404 from fault
    kept = pocket.read(request)
    form = JoinForm(request.POST) if request.method == "POST" else JoinForm()
    if request.method == "POST" and form.is_valid():
        try:
            return _joined(request, matter.number, form)
        except tries.TooMany:
            return faults.too_many(request)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    values = {"form": form, "matter": matter, "mine": matter.number in kept.cases}
    return render(request, "citizen/join.html", values, status=UNPROCESSABLE if form.errors else 200)


def _joined(request: HttpRequest, number: str, form: JoinForm) -> HttpResponse:
    tries.spend(request, "join", most=MOST_OF_ADDRESS, minutes=MINUTES)
    handed = joining.join(number, form.joining())
    kept = pocket.read(request)
    kept.put(handed.number, handed.party_id, handed.code)
    if handed.changed:
        messages.warning(
            request, _("您刚才已经加入，下面是回执。您后来改动的内容没有另存；要补充，请打开进度页。")
        )
    return pocket.keep(redirect("citizen:receipt", number=handed.number), kept)
