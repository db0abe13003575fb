"""联系约定: agreeing for a time how the office and a person keep in touch, by two people's word and for a coded reason.

A measure changes how they talk, never whether they are heard: every matter is registered and answered as before.
To ask again, lawfully, is no abuse. It stands beside the cases, for it is about a person and no matter of theirs;
it needs reasons and policies, so it stands above `people`.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin import ledger
from huiyin.accounts.roles import DESK, Role
from huiyin.cases import words
from huiyin.cases.models import Party, Reason
from huiyin.deadlines.models import Policy
from huiyin.deadlines.policies import policy_for
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.people import queries as people
from huiyin.people.models import ContactMeasure

State = ContactMeasure.State
DECIDERS = (Role.REVIEWER, Role.SUPERVISOR)
READERS = (*DESK, Role.SUPERVISOR)
KINDS = ContactMeasure.Kind.choices
SHOWN = 200  # at once in a list


# -- reading --------------------------------------------------------------------------------------------------
def visible(by: Actor) -> QuerySet[ContactMeasure]:
    """The measures that the actor may know of: the desk its own, a supervisor those of the region."""
    if by.post is None or by.role not in READERS:
        return ContactMeasure.objects.none()
    own = Q(desk=by.post.unit_id)
    if by.role == Role.SUPERVISOR:
        own |= Q(desk__region__path__startswith=by.post.unit.region.path)
    return ContactMeasure.objects.filter(own).select_related("desk", "proposed_by__user", "decided_by__user")


def listing(by: Actor) -> list[ContactMeasure]:
    """The measures that the actor may know of, the newest first."""
    return list(visible(by).order_by("-pk")[:SHOWN])


def holding(by: Actor, phone: str) -> list[ContactMeasure]:
    """What is agreed today with whoever calls from this number. Raises `Unreadable`."""
    return _known(by, people.measures_of_phone(phone, _today()))


def agreed_with(by: Actor, parties: Iterable[Party]) -> list[ContactMeasure]:
    """What is agreed today with these parties of a case, each measure once."""
    held = {row.pk: row for party in parties for row in of_party(party)}
    return _known(by, list(held.values()))


def _known(by: Actor, held: Collection[ContactMeasure]) -> list[ContactMeasure]:
    """Those that the actor may know of; nothing is asked where there is none."""
    if not held:
        return []
    known = set(visible(by).filter(pk__in=[each.pk for each in held]).values_list("pk", flat=True))
    return [each for each in held if each.pk in known]


def of_party(party: Party) -> list[ContactMeasure]:
    """What is agreed today with this party of a case."""
    index = _telephone(party)
    return people.measures_on(index, _today()) if index else []


def told_to(party: Party, proved: bytes | None) -> list[ContactMeasure]:
    """What a party may read of what is agreed with them: nothing until they have proved that the telephone is theirs.

    `proved` is the blind index of a telephone to which a code was sent and came back. Anybody can give somebody
    else's number with a matter, and gets that matter's query code; how the office talks to its owner is not theirs.
    """
    return of_party(party) if proved is not None and proved == _telephone(party) else []


def longest() -> Policy:
    """How long a measure may last at most, and by which rule. Raises `Refused` when the place has none."""
    policy = policy_for(track=Policy.Track.HOTLINE, step="measure", on=_today())
    if policy.kind != Policy.Kind.CALENDAR_DAYS:
        raise Refused(_("联系约定的期限要按自然日定。请管理员改正期限规则。"), code="policy")
    return policy


def possible(measure: ContactMeasure, by: Actor) -> list[str]:
    """What this reader can do about it now: confirm, refuse, review, lift, tell."""
    decides = by.role in DECIDERS
    if measure.state == State.PROPOSED:
        return ["confirm", "refuse", "lift"] if decides and by.user != measure.proposed_by.user else ["lift"]
    if not measure.holds_on(_today()):
        return []
    told = [] if measure.told_at else ["tell"]
    return [*told, *(["review"] if decides else []), "lift"]


# -- acting ---------------------------------------------------------------------------------------------------
@transaction.atomic
def propose(
    *, by: Actor, phone: str, kind: str, reason: Reason, agreed: str, why: str, until: date
) -> ContactMeasure:
    """Propose a measure for whoever has this phone; it holds only when a second person has confirmed it."""
    _require_role(by, DESK)
    said, seen = words.required(agreed, _("约定的内容")), words.required(why, _("发生了什么"))
    if kind not in ContactMeasure.Kind.values:
        raise Refused(_("请选择约定哪种联系方式。"), code="kind")
    if reason.kind != Reason.For.MEASURE:
        raise Refused(_("请从“联系方式约定”的理由里选一条。"), code="reason")
    _require_bounded(until)
    same = people.by_phone(phone)
    same.order_by("pk").select_for_update().first()  # two who propose at once wait here for one another
    person = same.first()
    if person is None or person.phone_index is None:
        raise Refused(_("没有人用这个电话提过诉求，不能约定。请核对电话。"), code="phone")
    index = bytes(person.phone_index)
    open_ones = Q(state=State.PROPOSED) | Q(state=State.IN_FORCE, until__gte=_today())
    if ContactMeasure.objects.filter(open_ones, phone_index=index, desk=by.unit).exists():
        raise Refused(_("对这个电话已有一项约定，先解除或等它到期，再提新的。"), code="again")
    measure = ContactMeasure.objects.create(
        person=person,
        phone_index=index,
        desk=by.unit,
        kind=kind,
        reason_code=reason.code,
        reason=reason.text,
        basis=reason.basis,
        words=said,
        why=seen,
        until=until,
        proposed_at=by.when(),
        proposed_by=by.post,
    )
    facts = {"kind": kind, "reason": reason.code, "basis": reason.basis, "until": until.isoformat()}
    _record(measure, "measure_proposed", by, facts, why=seen, words=said)
    return measure


def confirm(measure: ContactMeasure, *, by: Actor, said: str = "") -> None:
    """Confirm it, by somebody else than who proposed it: it holds from today, and the person is owed the word."""
    _require_role(by, DECIDERS)
    with _opened(measure, by, "measure_confirmed", State.PROPOSED, said=said) as mine:
        _require_second(mine, by)
        _require_bounded(mine.until)
        mine.state, mine.since = State.IN_FORCE, _today()
        mine.review_on = mine.since + (mine.until - mine.since) // 2
        mine.decided_at, mine.decided_by = by.when(), by.post
        mine.decision = words.optional(said, _("审批意见")) or None


def refuse(measure: ContactMeasure, *, by: Actor, said: str) -> None:
    """Do not agree: nothing changes for the person."""
    spoken = words.required(said, _("不同意的理由"))
    _require_role(by, DECIDERS)
    with _opened(measure, by, "measure_refused", State.PROPOSED, said=spoken) as mine:
        _require_second(mine, by)
        mine.state, mine.decision = State.REFUSED, spoken
        mine.decided_at, mine.decided_by = by.when(), by.post


def review(measure: ContactMeasure, *, by: Actor, said: str, until: date | None = None) -> None:
    """Look at it again, and answer an objection: it stays as it is or ends earlier, never later."""
    spoken = words.required(said, _("复核意见"))
    _require_role(by, DECIDERS)
    with _opened(measure, by, "measure_reviewed", State.IN_FORCE, said=spoken) as mine:
        if until is not None and not _today() <= until <= mine.until:
            raise Refused(_("复核只能缩短约定，不能延长。请改正最后一天。"), code="until")
        mine.until = until or mine.until
        mine.reviewed_at, mine.reviewed_by, mine.review, mine.review_on = (
            by.when(),
            by.post,
            spoken,
            mine.until,
        )


def lift(measure: ContactMeasure, *, by: Actor, said: str) -> None:
    """End it before its time; one person is enough for that."""
    spoken = words.required(said, _("解除的理由"))
    with _opened(measure, by, "measure_lifted", State.IN_FORCE, State.PROPOSED, said=spoken) as mine:
        mine.state, mine.lifted_at, mine.lifted_by, mine.review = State.LIFTED, by.when(), by.post, spoken


def tell(measure: ContactMeasure, *, by: Actor, proved: bytes | None = None) -> None:
    """Record that the person has been told: by their own page, or by somebody of the desk who said it.

    A citizen has `proved` their telephone, see `told_to`.
    """
    if measure.told_at is not None:
        return
    with _opened(measure, by, "measure_told", State.IN_FORCE, proved=proved) as mine:
        mine.told_at = mine.told_at or by.when()


def object_to_measure(measure: ContactMeasure, *, by: Actor, proved: bytes | None, why: str) -> None:
    """Object, as the person whom it is about and who has `proved` it: somebody has to look again and answer."""
    spoken = words.required(why, _("异议的理由"))
    with _opened(measure, by, "measure_objected", State.IN_FORCE, said=spoken, proved=proved) as mine:
        if mine.objected():
            raise Refused(_("您的异议已经收到，正在复核。"), code="again")
        mine.objected_at, mine.objection, mine.review_on = by.when(), spoken, _today()


# -- the frame ------------------------------------------------------------------------------------------------
@contextmanager
def _opened(
    measure: ContactMeasure, by: Actor, act: str, *states: str, said: str = "", proved: bytes | None = None
) -> Iterator[ContactMeasure]:
    """One act on one measure: lock, may-they, is-it-so; then the act; then its row and its event."""
    with transaction.atomic():
        mine = ContactMeasure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
        _require_theirs(mine, by, proved)
        if mine.state not in states or (mine.state == State.IN_FORCE and not mine.holds_on(_today())):
            raise Refused(
                _("这项约定现在是“%(state)s”，不能这样做。请刷新页面。") % {"state": state_of(mine)},
                code="state",
            )
        yield mine
        mine.save()
        facts = {"state": mine.state, "until": mine.until.isoformat()}
        _record(mine, act, by, facts, **({"words": said} if said else {}))
    measure.refresh_from_db()


def state_of(measure: ContactMeasure) -> str:
    """How it stands, in words; one whose last day is over has ended."""
    if measure.state == State.IN_FORCE and measure.until < _today():
        return _("已到期")
    return str(State(measure.state).label)


def _telephone(party: Party) -> bytes | None:
    index = party.person.phone_index if party.person else None
    return bytes(index) if index else None


def _require_theirs(measure: ContactMeasure, by: Actor, proved: bytes | None) -> None:
    if by.kind == "citizen":
        party = Party.objects.select_related("person").filter(pk=by.party_id, left_at=None).first()
        index = _telephone(party) if party else None
        if index is None or index != proved or index != bytes(measure.phone_index):
            raise PermissionDenied(_("这项约定不是和您的约定。"))
    elif not visible(by).filter(pk=measure.pk).exists():
        raise PermissionDenied(_("您的岗位看不到联系约定。请联系受理中心。"))


def _require_second(measure: ContactMeasure, by: Actor) -> None:
    """Whoever proposed it, under whichever post, does not decide it."""
    if by.user == measure.proposed_by.user:
        raise Refused(_("联系约定要由另一个人确认。请另一位审核员或督办员来看。"), code="same_person")


def _require_role(by: Actor, roles: Collection[str]) -> None:
    if by.post is None or by.role not in roles:
        raise PermissionDenied(_("您的岗位不能做这一步。请联系受理中心。"))


def _require_bounded(until: date) -> None:
    most = longest().amount
    last = _today() + timedelta(days=most)
    if not _today() < until <= last:
        raise Refused(
            _("联系约定最长 %(most)d 天，最后一天要在明天到 %(last)s 之间。") % {"most": most, "last": last},
            code="until",
        )


def _record(measure: ContactMeasure, act: str, by: Actor, facts: dict[str, str], **said: str) -> None:
    digests = {name: words.digest(text) for name, text in said.items()}
    ledger.record(
        f"measure:{measure.pk}",
        act,
        actor=by.name,
        occurred_at=by.when(),
        facts=facts,
        private=digests or None,
        first=act == "measure_proposed",
    )


def _today() -> date:
    return wall.local_date(wall.now())
