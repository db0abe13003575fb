"""The rules that bind the office, in the public's words: deadlines in force, and grounds of refusal."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huiyin.analytics.figures import limit_words
from huiyin.cases import queries as cases
from huiyin.cases.choices import NATURES, URGENCIES
from huiyin.deadlines.policies import book
from huiyin.organisation.queries import today

STEPS = {
    "accept": gettext_lazy("决定受理不受理"),
    "reply": gettext_lazy("答复您"),
    "order": gettext_lazy("承办单位办完"),
    "extension": gettext_lazy("延期，最多再用"),
    "objection": gettext_lazy("单位提出派单异议"),
    "adjudication": gettext_lazy("裁定派单异议"),
    "rating": gettext_lazy("留给您评价的时间"),
    "supplement": gettext_lazy("请您补充情况，最多等"),
    "supplement_times": gettext_lazy("每一轮请您补充，最多"),
    "contact_tries": gettext_lazy("联系不上您，留在查询页以前，至少联系"),
    "upward": gettext_lazy("上级批复请示"),
    "whistle": gettext_lazy("被街道叫到现场的部门报到"),
    "suspension": gettext_lazy("现在解决不了的放一放，最长"),
    "elsewhere": gettext_lazy("调解、诉讼等另一程序进行时暂停，最长"),
    "notify": gettext_lazy("书面告知受理不受理"),
    "review_request": gettext_lazy("您申请复查，最迟"),
    "review": gettext_lazy("上一级机关作出复查决定"),
    "rereview_request": gettext_lazy("您申请复核，最迟"),
    "rereview": gettext_lazy("再上一级机关作出复核决定"),
}
FROM = {
    "registered": gettext_lazy("从收到您的诉求起"),
    "dispatched": gettext_lazy("从派单起"),
    "granted": gettext_lazy("从同意延期起"),
    "objected": gettext_lazy("从提出异议起"),
    "called": gettext_lazy("从吹哨起"),
    "proposed": gettext_lazy("从提出时起"),
    "told": gettext_lazy("从答复告知您起"),
    "asked": gettext_lazy("从提出时起"),
}


def tracks() -> list[dict[str, Any]]:
    """The deadlines in force today, by track: a table of step, limit, from when, basis."""
    found: dict[str, list[list[Any]]] = {}
    names: dict[str, str] = {}
    for policy in _in_force():
        names[policy.track] = str(policy.get_track_display()) if policy.track else _("各种轨道都适用")
        found.setdefault(policy.track, []).append(
            [
                _what(policy),
                _limit(policy),
                str(FROM.get(policy.counted_from, "")),
                policy.basis,
            ]
        )
    return [{"name": names[track], "columns": _columns(), "rows": rows} for track, rows in found.items()]


def _in_force() -> list[Any]:
    """Today's policies, by track, in the order of the steps."""
    on, order = today(), {step: place for place, step in enumerate(STEPS)}
    held = [
        policy for policy in book().policies if (policy.valid_from or on) <= on <= (policy.valid_to or on)
    ]
    return sorted(held, key=lambda each: (TRACKS.get(each.track, 9), order.get(each.step, 9), each.code))


TRACKS = {"hotline": 0, "mailbox": 1, "petition": 2, "urgent": 3, "": 4}


def _limit(policy: Any) -> str:
    """How long, or for the rules that count them, how many times."""
    if policy.step in ("supplement_times", "contact_tries"):
        return ngettext("%(n)d 次", "%(n)d 次", policy.amount) % {"n": policy.amount}
    return limit_words(policy.kind, policy.amount)


def _what(policy: Any) -> str:
    """The step, and to which matters the row is narrowed."""
    labels = {**dict(NATURES), **dict(URGENCIES)}
    narrowed = [str(labels.get(value, value)) for value in (policy.nature, policy.urgency) if value]
    step = str(STEPS.get(policy.step, policy.step))
    return _("%(step)s（%(only)s）") % {"step": step, "only": "、".join(narrowed)} if narrowed else step


def _columns() -> list[dict[str, Any]]:
    return [
        {"label": _("做什么")},
        {"label": _("多长时间")},
        {"label": _("从什么时候算")},
        {"label": _("依据")},
    ]


def grounds() -> list[Any]:
    """The grounds on which a matter may be refused today, each with its basis and the right route."""
    return cases.reasons("decline")
