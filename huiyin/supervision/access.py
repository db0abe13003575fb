"""Who may read a rung, and who may take which step on it: the whole of it on this page."""

from collections.abc import Callable, Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT, Role
from huiyin.cases import access as cases
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.independence import barred_units, oversees_freely
from huiyin.organisation.models import Post, Unit
from huiyin.organisation.remembering import remembered
from huiyin.organisation.succession import units_of_post
from huiyin.supervision.models import Entry, Proposal, Receipt, Rung

Kind = Rung.Kind
Rule = Callable[[Actor, Rung], bool]
LEADING = (Role.UNIT_LEADER, Role.REVIEWER)  # who answers for a unit; for a centre, its reviewers
CLOSE = (Kind.TALK, Kind.ADVICE, Kind.FAULT)  # of a unit only those who answer for it read these
ANSWERS = ("reply", "appeal")  # whoever wrote one of these decides on nothing of the rung
DESK_READS = (Kind.ORDER, Kind.LISTING, Kind.CHARGE)


# -- who may see ---------------------------------------------------------------------------------------------
def visible(by: Actor) -> QuerySet[Rung]:
    """Every rung that the actor may know of; start every list, count and page here.

    About a case, only whoever sees the case: of a report, nobody whom it accuses.
    """
    rungs = Rung.objects.all()
    if by.kind == "system":
        return rungs
    if by.post is None:
        return rungs.none()
    # Asked rung by rung: as `case__in`, PostgreSQL would gather every case that the actor sees, for a page of rungs.
    seen = rungs.filter(Q(case=None) | Q(Exists(cases.visible(by).filter(pk=OuterRef("case")))))
    if by.role in OVERSIGHT:
        return seen.filter(organisation.placed_in(by.post.unit.region.path))
    if by.role not in (*UNIT, *DESK):
        return rungs.none()
    return seen.filter(_own(by.post))


def _own(post: Post) -> Q:
    """What concerns a unit or the desk: addressed to it, sent round to it, or about what it works on."""
    units = units_of_post(post)
    mine = Q(unit__in=units)
    if not leads(post):
        mine &= ~Q(kind__in=CLOSE)
    sent = Exists(Receipt.objects.filter(rung=OuterRef("pk"), unit__in=units))
    found = mine | Q(post=post.pk) | Q(sent) | Q(kind=Kind.CHARGE, case__isnull=False)
    if post.role in DESK:
        found |= Q(kind__in=DESK_READS, case__desk=post.unit_id)
    return found


def to_look_at(by: Actor) -> QuerySet[Rung]:
    """The rungs on which somebody who oversees may say something now: `overseer` as a condition, and of an appeal
    `other_overseer`.
    """
    answered = Entry.objects.filter(rung=OuterRef("pk"), act__in=ANSWERS, by__user=by.user)
    named = Q(post__user=by.user) & ~Q(kind=Kind.CHARGE)
    own_appealed = Q(state=Rung.State.APPEALED, issued_by__user=by.user)
    rows = visible(by).filter(~Exists(answered)).exclude(named).exclude(own_appealed)
    return rows.exclude(barred_units(by, prefix="unit__"))


def proposals(by: Actor) -> QuerySet[Proposal]:
    """The proposals that wait, of cases that the actor oversees and sees."""
    if by.post is None or by.role not in OVERSIGHT:
        return Proposal.objects.none()
    return Proposal.objects.filter(state=Proposal.State.WAITING, case__in=cases.visible(by))


def oversees(by: Actor) -> bool:
    """Whether the actor watches over a place at all."""
    return by.post is not None and by.role in OVERSIGHT


def answerers(unit: Unit) -> list[Post]:
    """The posts that answer for a unit in writing; where nobody leads it, everybody who handles its matters."""
    return answerers_of([unit])[unit]


def answerers_of(units: Sequence[Unit]) -> dict[Unit, list[Post]]:
    """The same for several units: one statement."""
    posts = Post.objects.filter(unit__in=units, role__in=(*UNIT, *DESK), user__is_active=True)
    found: dict[Unit, list[Post]] = {unit: [] for unit in units}
    for post in organisation.valid_on(posts.select_related("user", "unit"), organisation.today()).order_by(
        "pk"
    ):
        found[post.unit].append(post)
    return {unit: [post for post in those if post.role in LEADING] or those for unit, those in found.items()}


def leads(post: Post) -> bool:
    """Whether this post answers for its unit."""
    return post.role in LEADING or not _is_led(post.unit_id, organisation.today())


@remembered
def _is_led(unit: int, day: date) -> bool:
    posts = Post.objects.filter(unit=unit, role__in=LEADING, user__is_active=True)
    return organisation.valid_on(posts, day).exists()


# -- who may do what -----------------------------------------------------------------------------------------
def overseer(by: Actor, rung: Rung) -> bool:
    """Somebody who oversees, is not the person named, and belongs in no post to the unit, one above or one below it.

    Nor have they replied or appealed on it, under whichever post. A leader who has taken a case is named as well, and
    oversees it all the same.
    """
    if by.role not in OVERSIGHT or (rung.kind != Kind.CHARGE and _is_named(by, rung)):
        return False
    return (rung.unit is None or oversees_freely(by, rung.unit)) and not _said(by, rung)


def _is_named(by: Actor, rung: Rung) -> bool:
    """Whether the rung is to this person, or calls them at fault, whichever post they hold by now."""
    return rung.post is not None and by.user is not None and rung.post.user_id == by.user.pk


def answering(by: Actor, rung: Rung) -> bool:
    """The named leader, or whoever else answers for that unit or its successor: who stands in."""
    if by.post is None or by.role not in (*UNIT, *DESK):
        return by.post is not None and rung.post_id == by.post.pk
    return by.post.pk == rung.post_id or (_of_unit(by.post, rung) and leads(by.post))


def concerned(by: Actor, rung: Rung) -> bool:
    """The person named, or whoever answers for the unit."""
    return by.post is not None and (by.post.pk == rung.post_id or answering(by, rung))


def in_charge(by: Actor, rung: Rung) -> bool:
    """The leader who has taken the case."""
    return by.post is not None and by.post.pk == rung.post_id


def other_overseer(by: Actor, rung: Rung) -> bool:
    """An overseer who is not the person who signed it, under whichever post."""
    signer = rung.issued_by
    return overseer(by, rung) and (signer is None or by.user != signer.user)


def _said(by: Actor, rung: Rung) -> set[str]:
    """What this person has said on the rung for whom it is about: "reply", "appeal"."""
    if rung.pk is None:
        return set()
    own = (row.act for row in entries_of(rung) if row.by is not None and row.by.user == by.user)
    return {act for act in own if act in ANSWERS}


def entries_of(rung: Rung) -> list[Entry]:
    """All that was said on a rung, in its order; read once, however many steps are asked for."""
    rows = Entry.objects.select_related("by__unit", "by__user").order_by("pk")
    prefetch_related_objects([rung], Prefetch("entries", rows))
    return list(rung.entries.all())


def either(*rules: Rule) -> Rule:
    """Any of these."""
    return lambda by, rung: any(rule(by, rung) for rule in rules)


PERMITTED: dict[str, Rule] = {
    "issue": overseer,
    "reply": concerned,
    "accept": overseer,
    "send_back": overseer,
    "withdraw": overseer,
    "inspect": overseer,
    "hide": overseer,
    "hold": overseer,
    "progress": either(in_charge, overseer),
    "end": in_charge,
    "appeal": concerned,
    "decide": other_overseer,
    "exempt": overseer,
}


def may(by: Actor, act: str, rung: Rung) -> bool:
    """Whether the actor's post lets them take this step (the rung's state is another question)."""
    if rung.kind == Kind.CHARGE and act == "issue":
        return by.role == Role.LEADER
    return by.kind == "system" or PERMITTED[act](by, rung)


def require(by: Actor, act: str, rung: Rung) -> None:
    """Raise `PermissionDenied` unless the actor sees the rung and may take the step."""
    if rung.pk is not None and not visible(by).filter(pk=rung.pk).exists():
        raise PermissionDenied(_("您看不到这份督办文书，或它不存在。"))
    if not may(by, act, rung):
        raise PermissionDenied(_denied(by, act, rung))


def _denied(by: Actor, act: str, rung: Rung) -> str:
    if act == "decide" and overseer(by, rung):
        return _("这条记录是您作出的，申诉要由另一个人决定。")
    if by.role in OVERSIGHT and _is_named(by, rung):
        return _("这份文书写的是您本人，要由另一个人来做这一步。")
    if by.role in OVERSIGHT and (said := _said(by, rung)):
        if "appeal" in said:
            return _("这条申诉是您提出的，要由另一个人决定。")
        return _("这份文书的回复是您写的，要由另一个人来做这一步。")
    if rung.unit_id in by.barred_unit_ids:
        return _("这份文书是给您的单位或它的上下级的，要由别的单位的人来做这一步。")
    return _("您的岗位不能做这一步。")


def _of_unit(post: Post, rung: Rung) -> bool:
    return rung.unit_id in units_of_post(post)
