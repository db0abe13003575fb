"""The acts on a bulletin, each asked for on a page of its own: hand in, send back, approve, issue, withdraw …"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.kernel.refusals import Refused
from huiyin.publication.bulletins import access, actions, queries
from huiyin.web.bulletins.forms import Remark
from huiyin.web.staff import staff

UNPROCESSABLE = 422


@dataclass(frozen=True)
class Deed:
    """An act: how it is called and asked about, what it is given, what is said when it is done."""

    verb: Any
    question: Any
    perform: Callable[[Any, Any, int, str], Any]
    done: Any
    consequences: tuple[Any, ...] = ()
    words: Any = ""  # the label of what has to be said
    hint: Any = ""
    needs: str = ""  # the key among what may be done (queries.Opened.may)
    tone: str = "primary"


DEEDS: Mapping[str, Deed] = {
    "submit": Deed(
        gettext_lazy("送核准"),
        gettext_lazy("把这份简报送去核准？"),
        lambda row, by, version, said: actions.submit(row, by=by, version=version),
        gettext_lazy("已经送核准。要由没有参与起草和修改的人核准。"),
        (
            gettext_lazy("送出以后不能再改；要改，请先退回。"),
            gettext_lazy("核准的人会看到哪些数字是手写的。"),
        ),
        needs="edit",
    ),
    "approve": Deed(
        gettext_lazy("核准"),
        gettext_lazy("核准这份简报？"),
        lambda row, by, version, said: actions.approve(row, by=by, version=version),
        gettext_lazy("已经核准，可以签发了。"),
        (gettext_lazy("您确认看过全文和每一个手写的数字。"), gettext_lazy("核准人记在简报上和账本里。")),
        needs="approve",
    ),
    "issue": Deed(
        gettext_lazy("签发"),
        gettext_lazy("签发这份简报？"),
        lambda row, by, version, said: actions.issue(row, by=by),
        gettext_lazy("已经签发。PDF 和 Word 文件正在生成。"),
        (
            gettext_lazy("签发后有期号和日期，文字和数字不能再改。"),
            gettext_lazy("有错只能另发一期更正，或者撤回。"),
            gettext_lazy("公开的简报马上出现在公开页面上。"),
        ),
        needs="issue",
    ),
    "send_back": Deed(
        gettext_lazy("退回修改"),
        gettext_lazy("退回修改"),
        lambda row, by, version, said: actions.send_back(row, by=by, remark=said),
        gettext_lazy("已经退回，起草的人会看到您的意见。"),
        words=gettext_lazy("退回的意见"),
        hint=gettext_lazy("哪里要改、怎么改。"),
        needs="send_back",
        tone="",
    ),
    "withdraw": Deed(
        gettext_lazy("撤回"),
        gettext_lazy("撤回这一期"),
        lambda row, by, version, said: actions.withdraw(row, by=by, reason=said),
        gettext_lazy("已经撤回。期号、日期和理由还留着。"),
        words=gettext_lazy("撤回的理由"),
        hint=gettext_lazy("会公布，不超过 200 字。不要写个人信息。"),
        needs="withdraw",
        tone="late",
    ),
    "correct": Deed(
        gettext_lazy("起草更正"),
        gettext_lazy("另发一期更正"),
        lambda row, by, version, said: actions.correct(row, by=by, reason=said),
        gettext_lazy("更正的草稿写好了：文字和数字照原来的一期，请改。要用现在的数字，请“重新取数”。"),
        words=gettext_lazy("更正的原因"),
        hint=gettext_lazy("会写在新的一期上，不超过 200 字。"),
        needs="correct",
        tone="",
    ),
    "recount": Deed(
        gettext_lazy("重新取数"),
        gettext_lazy("按现在的数据重新取数？"),
        lambda row, by, version, said: actions.recount(row, by=by, version=version),
        gettext_lazy("数字重新取好了。文字没有动，手写的数字请自己核对。"),
        (gettext_lazy("大括号里的数字、表和图都换成现在的。"), gettext_lazy("已经定稿的月份，取定稿的数。")),
        needs="edit",
        tone="",
    ),
    "discard": Deed(
        gettext_lazy("作废草稿"),
        gettext_lazy("作废这份草稿？"),
        lambda row, by, version, said: actions.discard(row, by=by),
        gettext_lazy("草稿已经作废。这段时间可以重新起草。"),
        (gettext_lazy("作废的草稿还在“已作废”里，不能再改。"),),
        needs="edit",
        tone="late",
    ),
}


def offered(row: Any, may: Mapping[str, bool]) -> list[dict[str, Any]]:
    """The acts that may be done now, with their addresses."""
    return [
        {
            "verb": each.verb,
            "tone": each.tone,
            "url": f"{reverse('bulletins:deed', args=[row.pk, name])}?version={row.version}",
        }
        for name, each in DEEDS.items()
        if may.get(each.needs)
    ]


@staff(*access.STAFF)
def deed(request: HttpRequest, key: int, deed: str) -> HttpResponse:
    """Ask before an act, with its words where it needs any; then do it."""
    try:
        row = queries.find(request.actor, key)
    except (queries.NotFound, OverflowError) as missing:
        raise Http404 from missing
    if deed not in DEEDS:
        raise Http404
    act, refusal = DEEDS[deed], None
    form = Remark(request.POST or None, label=act.words, hint=act.hint) if act.words else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            said = form.cleaned_data["words"] if form else ""
            done = act.perform(row, request.actor, _version(request.POST), said)
        except actions.Taken as taken:
            messages.info(request, _("更正的草稿已经有了。"), extra_tags="")
            return redirect("bulletins:bulletin", taken.key)
        except Refused as fault:
            refusal = fault
        else:
            messages.success(request, str(act.done))
            return redirect("bulletins:bulletin", done.pk)
    kept = {"version": _version(request.GET) or row.version}
    values = {"row": row, "act": act, "form": form, "refusal": refusal, "kept": kept,
              "back": reverse("bulletins:bulletin", args=[row.pk])}  # fmt: skip
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "bulletins/deed.html", values, status=status)


def _version(sent: Mapping[str, str]) -> int:
    """The version that was read, so that nobody approves what they have not seen; 0, which none has, without one."""
    said = sent.get("version", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0
