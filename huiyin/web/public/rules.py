"""The rules that bind the office, in the public's words: deadlines in force and to come, and grounds of refusal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from huiyin.analytics.figures import limit_words
from huiyin.cases import queries as cases
from huiyin.cases.choices import NATURES, URGENCIES
from huiyin.deadlines.policies import book
from huiyin.organisation.queries import today

# What the citizen waits for, or has time for; then what the offices owe one another.
STEPS = {
    "accept": gettext_lazy("决定受理不受理"),
    "reply": gettext_lazy("答复您"),
    "extension": gettext_lazy("延期，最多再用"),
    "rating": gettext_lazy("留给您评价的时间"),
    "supplement": gettext_lazy("请您补充情况，最多等"),
    "supplement_times": gettext_lazy("每一轮请您补充，最多"),
    "contact_tries": gettext_lazy("联系不上您，留在查询页以前，至少联系"),
    "suspension": gettext_lazy("现在解决不了的放一放，最长"),
    "elsewhere": gettext_lazy("调解、诉讼等另一程序进行时暂停，最长"),
    "notify": gettext_lazy("书面告知受理不受理"),
    "review_request": gettext_lazy("您申请复查，最迟"),
    "review": gettext_lazy("上一级机关作出复查决定"),
    "rereview_request": gettext_lazy("您申请复核，最迟"),
    "rereview": gettext_lazy("再上一级机关作出复核决定"),
    "statement": gettext_lazy("向社会公开说明"),
    "measure": gettext_lazy("约定怎么联系，最长管"),
}
WITHIN = {
    "order": gettext_lazy("承办单位办完"),
    "objection": gettext_lazy("单位提出派单异议"),
    "adjudication": gettext_lazy("裁定派单异议"),
    "receipt": gettext_lazy("转出以后取得对方的回执"),
    "upward": gettext_lazy("上级批复请示"),
    "whistle": gettext_lazy("被街道叫到现场的部门报到"),
    "instruction": gettext_lazy("单位回报领导批示，最长"),
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
    "answered": gettext_lazy("从作出答复起"),
    "forwarded": gettext_lazy("从转出起"),
    "given": gettext_lazy("从批示起"),
    "owed": gettext_lazy("从决定要说明起"),
    "confirmed": gettext_lazy("从约定起"),
}
TRACKS = {"hotline": 0, "mailbox": 1, "petition": 2, "urgent": 3, "": 4}


@dataclass(frozen=True)
class Limit:
    """One rule: what is done, how long it may take, from when that counts, on which basis, and since when it holds."""

    what: str
    limit: str
    counted: str
    basis: str
    since: str = ""

    @property
    def small_print(self) -> str:
        """Everything but the rule itself."""
        basis = _("依据：%(basis)s") % {"basis": self.basis} if self.basis else ""
        return " · ".join(filter(None, (self.counted, basis, self.since)))


@dataclass(frozen=True)
class Track:
    """The rules of one way of handling: those that concern the citizen, and those between the offices."""

    code: str
    name: str
    yours: list[Limit] = field(default_factory=list)
    within: list[Limit] = field(default_factory=list)


def tracks() -> list[Track]:
    """The deadlines in force today, by track."""
    on = today()
    return _by_track(lambda policy: (policy.valid_from or on) <= on <= (policy.valid_to or on))


def coming() -> list[Track]:
    """The deadlines that the place has decided on and that do not hold yet."""
    on = today()
    return _by_track(lambda policy: policy.valid_from is not None and policy.valid_from > on)


def _by_track(holds: Callable[[Any], bool]) -> list[Track]:
    order = {step: place for place, step in enumerate((*STEPS, *WITHIN))}
    found: dict[str, Track] = {}
    held = [policy for policy in book().policies if holds(policy)]
    for policy in sorted(
        held, key=lambda each: (TRACKS.get(each.track, 9), order.get(each.step, 99), each.code)
    ):
        name = str(policy.get_track_display()) if policy.track else _("各种轨道都适用")
        track = found.setdefault(policy.track, Track(policy.track or "any", name))
        (track.yours if policy.step in STEPS else track.within).append(_limit_of(policy))
    return list(found.values())


def _limit_of(policy: Any) -> Limit:
    return Limit(
        what=_what(policy),
        limit=_limit(policy),
        counted=str(FROM.get(policy.counted_from, "")),
        basis=policy.basis,
        since=_since(policy.valid_from),
    )


def _since(first: date | None) -> str:
    if first is None:
        return ""
    return _("%(day)s 起执行") % {"day": first.isoformat()}


def _limit(policy: Any) -> str:
    """How long, or for the rules that count them, how many times."""
    if policy.step in ("supplement_times", "contact_tries"):
        return ngettext("%(n)d 次", "%(n)d 次", policy.amount) % {"n": policy.amount}
    return limit_words(policy.kind, policy.amount)


def _what(policy: Any) -> str:
    """The step, and to which matters the row is narrowed."""
    labels = {**dict(NATURES), **dict(URGENCIES)}
    narrowed = [str(labels.get(value, value)) for value in (policy.nature, policy.urgency) if value]
    step = str({**STEPS, **WITHIN}.get(policy.step, policy.step))
    only = pgettext("between names", "、").join(narrowed)
    return _("%(step)s（%(only)s）") % {"step": step, "only": only} if narrowed else step


def grounds() -> list[Any]:
    """The grounds on which a matter may be refused today, each with its basis and the right route."""
    return cases.reasons("decline")
