"""Which policy holds for a step, on a date, for a matter of some nature and urgency; and loading them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from huiyin.deadlines.models import Pause, Policy
from huiyin.kernel.profiles import Merged, merge_row
from huiyin.kernel.refusals import Refused
from huiyin.organisation.remembering import clear, remembered

COLUMNS = {
    "track": "",
    "step": "",
    "nature": "",
    "urgency": "",
    "kind": "",
    "amount": 0,
    "counted_from": "",
    "pauses": (),
    "basis": "",
    "valid_from": None,
    "valid_to": None,
}
MOST = 32_767  # what the column holds on every database


class NoPolicy(Refused):
    """No policy says how long a step may take: it cannot be started without a legal deadline."""

    def __init__(self, track: str, step: str, on: date) -> None:
        """Name the track, the step and the day that are missing."""
        super().__init__(
            _("期限规则里没有%(track)s“%(step)s”在 %(day)s 的时限。")
            % {"track": _name(Policy.Track, track), "step": _name(Policy.Step, step), "day": on.isoformat()},
            code="no-policy",
            instead=_("请管理员在期限规则中补上这一条"),
        )


class PolicyBook:
    """Every policy there is, in memory; a bulk import takes one book for its whole run."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        """Lay the policies out. Answers are kept, so a book must not outlive a change of policy."""
        self.policies = tuple(policies)
        self._fitting: dict[tuple[str, str, str, str], list[Policy]] = {}

    def policy_for(self, *, track: str, step: str, on: date, nature: str = "", urgency: str = "") -> Policy:
        """The most specific policy in force: by urgency before track before nature; then the youngest.

        Raises NoPolicy, naming what is missing.
        """
        question = (track, step, nature, urgency)
        fitting = self._fitting.get(question)
        if fitting is None:
            fitting = self._fitting[question] = self._search(*question)
        for policy in fitting:
            if _in_force(policy, on):
                return policy
        raise NoPolicy(track, step, on)

    def _search(self, track: str, step: str, nature: str, urgency: str) -> list[Policy]:
        """The policies for a step, whatever their dates; the one that comes before the others first."""
        wanted = {"urgency": urgency, "nature": nature, "track": track}
        fitting = [policy for policy in self.policies if policy.step == step and _fits(policy, wanted)]
        return sorted(fitting, key=_precedence, reverse=True)


@remembered
def book() -> PolicyBook:
    """The policies as stored; kept a few seconds, and forgotten when one is saved in this process."""
    return PolicyBook(Policy.objects.order_by("code"))


def policy_for(*, track: str, step: str, on: date, nature: str = "", urgency: str = "") -> Policy:
    """The most specific policy in force on a day; see `PolicyBook.policy_for`. Raises NoPolicy."""
    return book().policy_for(track=track, step=step, on=on, nature=nature, urgency=urgency)


def load(rows: Iterable[Mapping[str, Any]]) -> list[Merged]:
    """Bring a profile's policies in, one outcome a row; what an operator changed stays as it is.

    Every row is checked before the first is written. Raises BadPolicy.
    """
    full = [checked(row) for row in rows]
    merged = [
        merge_row(
            Policy, key={"code": row["code"]}, values={name: row[name] for name in COLUMNS}, table="policies"
        )
        for row in full
    ]
    clear()
    return merged


class BadPolicy(Refused):
    """A policy row that no clock could run by; nothing was loaded."""

    def __init__(self, code: str, sentence: str) -> None:
        """`code` names the row, `sentence` says what is wrong with it."""
        super().__init__(
            _("期限规则“%(code)s”：%(wrong)s") % {"code": code, "wrong": sentence},
            code="bad-policy",
            instead=_("期限规则没有装入。请改正资料里的这一条后重新装入。"),
        )


def checked(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with every column filled in. Raises BadPolicy for one that no clock could run by."""
    code = str(row.get("code", "")).strip()
    full = {"code": code, **COLUMNS, **row}
    full["pauses"] = list(full["pauses"] or ())
    strange = sorted(set(full) - {"code", *COLUMNS})
    amount = full["amount"]
    rules = [
        (bool(strange), _("不认识的项“%(name)s”。") % {"name": strange[0] if strange else ""}),
        (not code, _("没有编码 code。")),
        (not full["step"], _("没有写环节 step。")),
        (
            full["track"] not in ("", *Policy.Track.values),
            _("没有“%(name)s”这个轨道。") % {"name": full["track"]},
        ),
        (full["kind"] not in Policy.Kind.values, _("没有“%(name)s”这种计时方式。") % {"name": full["kind"]}),
        (type(amount) is not int or not 0 < amount <= MOST, _("数量 amount 要是正整数。")),
        (not set(full["pauses"]) <= set(Pause.Reason.values), _("暂停事由里有不认识的。")),
        (not str(full["basis"]).strip(), _("没有写依据 basis，派单上要印出来。")),
    ]
    for wrong, sentence in rules:
        if wrong:
            raise BadPolicy(code or "?", sentence)
    return full


def _fits(policy: Policy, wanted: Mapping[str, str]) -> bool:
    return all(getattr(policy, name) in ("", value) for name, value in wanted.items())


def _in_force(policy: Policy, on: date) -> bool:
    return (policy.valid_from is None or policy.valid_from <= on) and (
        policy.valid_to is None or on <= policy.valid_to
    )


def _precedence(policy: Policy) -> tuple[bool, bool, bool, date, str]:
    since = policy.valid_from or date.min
    return (bool(policy.urgency), bool(policy.track), bool(policy.nature), since, policy.code)


def _name(names: Any, value: str) -> str:
    return str(names(value).label) if value in names.values else value
