"""Questions about regions, units, duty lists and posts, asked by every room above."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar, cast

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.models import User
from huiyin.accounts.roles import UNIT, Role
from huiyin.kernel import clock
from huiyin.kernel.composed import Composed
from huiyin.kernel.refusals import Refused
from huiyin.kernel.spelling import Read
from huiyin.organisation.models import DutyItem, Post, Region, Unit
from huiyin.organisation.remembering import remembered

M = TypeVar("M", bound=Model)


class Filed(Protocol):
    """Anything with a path of category codes, "/top/middle/leaf/"; a category of the rooms above."""

    path: str


def today() -> date:
    """The date in this installation's zone."""
    return clock.local_date(clock.now())


def holds_on(day: date, *, prefix: str = "") -> Q:
    """The condition that a dated row holds on a day (both ends included); prefix walks to a related row."""
    since, until = f"{prefix}valid_from", f"{prefix}valid_to"
    return (Q(**{since: None}) | Q(**{f"{since}__lte": day})) & (
        Q(**{until: None}) | Q(**{f"{until}__gte": day})
    )


def valid_on(rows: QuerySet[M], day: date) -> QuerySet[M]:
    """Those of the dated rows that hold on a day."""
    return rows.filter(holds_on(day))


# ── Places ──────────────────────────────────────────────────


def codes_of(path: str) -> list[str]:
    """The codes of a path from the root down: "/a/b/" gives ["a", "b"]."""
    return [code for code in path.split("/") if code]


def paths_above(path: str) -> list[str]:
    """The paths from the root down to and including this one: "/a/b/" gives ["/a/", "/a/b/"]."""
    codes = codes_of(path)
    return ["/" + "/".join(codes[: depth + 1]) + "/" for depth in range(len(codes))]


def regions_within(region: Region, *, day: date | None = None) -> QuerySet[Region]:
    """The region and everything below it, by path (codes, so the order is the same in every database)."""
    return valid_on(Region.objects.filter(path__startswith=region.path), day or today()).order_by("path")


def placed_in(path: str, *, prefix: str = "region") -> Q:
    """The condition that something lies in the place with this path or below it; prefix walks to its region.

    The places are named by their keys, so that an index on them serves; all but a few by those that are not meant.
    """
    inside, outside = _parted_by(path)
    return Q(**{f"{prefix}__in": inside}) if len(inside) <= len(outside) else ~Q(**{f"{prefix}__in": outside})


@remembered
def _parted_by(path: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The keys of all regions of all times: those within a path, and the others."""
    rows = list(Region.objects.order_by("pk").values_list("pk", "path"))
    inside = tuple(key for key, own in rows if own.startswith(path))
    return inside, tuple(key for key, own in rows if not own.startswith(path))


def units_within(region: Region, *, day: date | None = None) -> QuerySet[Unit]:
    """Units whose jurisdiction lies in the region or below it."""
    units = Unit.objects.filter(region__path__startswith=region.path).select_related("region")
    return valid_on(units, day or today()).order_by("path")


@remembered
def root() -> Region:
    """The place for which this installation answers: the highest region with a centre of its own.

    Above it stand only the names of its city and province. Raises Refused when no profile is loaded.
    """
    centres = Unit.objects.filter(kind=Unit.Kind.CENTRE).select_related("region")
    highest = min(valid_on(centres, today()), key=lambda unit: (len(unit.region.path), unit.pk), default=None)
    if highest is None:
        raise Refused(
            _("还没有装入地区和受理中心的资料。"),
            code="no_profile",
            instead=_("请管理员运行：huiyin profile load"),
        )
    return highest.region


def touches(one: Region, other: Region) -> bool:
    """Whether one of two regions lies in the other, or they are the same."""
    return one.path.startswith(other.path) or other.path.startswith(one.path)


@remembered
def region_by_code(code: str) -> Region | None:
    """The region with this code."""
    return Region.objects.filter(code=code).first()


@remembered
def region_by_name(name: str) -> Region | None:
    """The one valid region of this name or code, also without its ending (听风); None when not one."""
    wanted = plain(name)
    if not wanted:
        return None
    rows = valid_on(Region.objects.all(), today())
    exact = [row for row in rows if wanted in (plain(row.name), plain(row.code))]
    near = exact or [
        row for row in rows if REGION_ENDING.sub("", plain(row.name)) == REGION_ENDING.sub("", wanted)
    ]
    return near[0] if len(near) == 1 else None


# ── Units ──────────────────────────────────────────────────


def desk_for(region: Region) -> Unit:
    """The centre responsible for a place: the one of the nearest region at or above it.

    Raises Refused when neither the place nor anything above it has a centre.
    """
    return _desk_at(region.path, today())


def supervision_for(region: Region) -> Unit:
    """The supervising unit responsible for a place: it is the desk of a report that accuses the centre."""
    found = _nearest(Unit.Kind.SUPERVISION, region.path, today())
    if found is None:
        raise Refused(
            _("这个地方还没有督办机构，不能登记对受理中心的举报。"),
            code="no_supervision",
            instead=_("请向上级督办机构或纪检监察机关反映。"),
        )
    return found


def overseeing(region: Region) -> list[Unit]:
    """The bodies over a place from the nearest up; in one region, supervision comes before leadership."""
    return _overseeing(region.path, today())


@remembered
def _overseeing(path: str, day: date) -> list[Unit]:
    kinds = (Unit.Kind.SUPERVISION, Unit.Kind.LEADERSHIP)
    units = Unit.objects.filter(kind__in=kinds, region__path__in=paths_above(path)).select_related("region")
    return sorted(
        valid_on(units, day), key=lambda unit: (-len(unit.region.path), kinds.index(unit.kind), unit.pk)
    )


@remembered
def superiors() -> frozenset[int]:
    """The ids of the units that are some other unit's superior, and may be asked to review what that one answered."""
    return frozenset(unit.superior_id for unit in Unit.objects.exclude(superior=None).only("superior"))


def has_supervision(region: Region) -> bool:
    """Whether a supervising unit is responsible for a place."""
    return _nearest(Unit.Kind.SUPERVISION, region.path, today()) is not None


def _nearest(kind: str, path: str, day: date) -> Unit | None:
    over = (unit for unit in _of_kind(kind, day) if path.startswith(unit.region.path))
    return max(over, key=lambda unit: (len(unit.region.path), -unit.pk), default=None)


@remembered
def _of_kind(kind: str, day: date) -> tuple[Unit, ...]:
    return tuple(valid_on(Unit.objects.filter(kind=kind).select_related("region"), day))


def _desk_at(path: str, day: date) -> Unit:
    nearest = _nearest(Unit.Kind.CENTRE, path, day)
    if nearest is None:
        raise Refused(
            _("这个地方还没有受理中心。"),
            code="no_desk",
            instead=_("请管理员在单位资料里为它或它的上级地区设一个类型为“受理中心”的单位。"),
        )
    return nearest


@remembered
def unit_key(code: str) -> int:
    """The key of the unit with this code; 0, which no row has, when unknown."""
    return Unit.objects.filter(code=code).values_list("pk", flat=True).first() or 0


def unit_name(code: str) -> str:
    """The short name of the unit with this code, also of one that has ended; the code itself when unknown."""
    unit = _unit_of(code)
    return str(unit) if unit else code


@remembered
def _unit_of(code: str) -> Unit | None:
    return Unit.objects.filter(code=code).first()


def stands_above(upper: Unit, lower: Unit) -> bool:
    """Whether a unit is of a higher level than another: it is over it, or serves a place that lies around its place."""
    if upper.pk == lower.pk:
        return False
    wider = lower.region.path != upper.region.path and lower.region.path.startswith(upper.region.path)
    return wider or lower.path.startswith(upper.path)


def successor_of(unit: Unit, *, day: date) -> Unit | None:
    """The unit standing on a day to which the succession of an ended one leads; None when it leads nowhere."""
    passed, found = {unit.pk}, cast("Unit | None", unit.successor)
    while found is not None and not _holds(found, day):
        if found.pk in passed:
            return None
        passed.add(found.pk)
        found = cast("Unit | None", found.successor)
    return found


REGION_ENDING = re.compile("(省|市|县|区|街道|镇|乡|社区|村)$")
NOISE = re.compile(r"[\s·•・()（）〔〕【】\[\]“”\"'‘’,，.。、:：;；/\\-]+")


def plain(name: str) -> str:
    """A name for comparing: full-width forms folded, case folded, spaces and brackets dropped."""
    return NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold()


def unit_by_name(name: str) -> Unit | None:
    """The one valid unit of this name, short name or code; tolerant of spaces, width and a place in front.

    Exact names win; then names equal when compared plainly; then the same with the names of places at the
    front taken off both ("听风县城市管理局" finds 城市管理局). None when none fits, or two fit equally.
    """
    return _unit_named(name.strip(), today())


@remembered
def _unit_named(name: str, day: date) -> Unit | None:
    if not name:
        return None
    rows = list(valid_on(Unit.objects.select_related("region", "liaison"), day))
    places = {plain(region) for region in Region.objects.values_list("name", flat=True)}
    spellings = (str, plain, lambda text: _without_places(plain(text), places))
    for spelling in spellings:
        wanted = spelling(name)
        found = [row for row in rows if wanted in {spelling(word) for word in _names(row)}]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _names(unit: Unit) -> Iterable[str]:
    return (word for word in (unit.code, unit.name, unit.short_name) if word)


def _without_places(name: str, places: set[str]) -> str:
    for place in sorted(places, key=len, reverse=True):
        if name.startswith(place) and len(name) > len(place) + 2:
            return _without_places(name[len(place) :], places)
    return name


def liaison_of(unit: Unit) -> Post:
    """The post that gets this unit's orders in person 定专人. Raises Refused when none holds it today."""
    return _liaison(unit.pk, unit.name, today())


@remembered
def _liaison(unit_id: int, name: str, day: date) -> Post:
    post = valid_on(Post.objects.select_related("user", "unit"), day).filter(liaison_for=unit_id).first()
    if post is None or not post.user.is_active:
        raise Refused(
            _("%(unit)s还没有联络员，工单派不出去。") % {"unit": name},
            code="no_liaison",
            instead=_("请管理员在单位资料里为它设一名在任的联络员，再派一次。"),
        )
    return post


# ── Duty lists 职责清单 ──────────────────────────────────────────────────


@remembered
def _duties(unit_id: int) -> list[DutyItem]:
    """The unit's duty list of all times: dates are looked at in memory, for a history has thousands of days."""
    return list(DutyItem.objects.filter(unit=unit_id).order_by("pk"))


def duty_in(unit: Unit, category: Filed | None, *, day: date) -> frozenset[str]:
    """The parts that the unit's duty list gives it in a category: the line nearest to the category speaks."""
    listed = _duties(unit.pk) if category else []
    for code in reversed(codes_of(category.path) if category else []):
        parts = [line.part for line in listed if line.category_code == code and _holds(line, day)]
        if parts:
            return frozenset(parts)
    return frozenset()


def _holds(line: DutyItem | Unit, day: date) -> bool:
    return (line.valid_from or day) <= day <= (line.valid_to or day)


def leads(unit: Unit, category: Filed | None, *, day: date) -> bool:
    """Whether the unit's duty list names it as lead in this category or one above it."""
    return DutyItem.Part.LEAD in duty_in(unit, category, day=day)


def may_receive(unit: Unit, category: Filed | None, *, part: str, day: date) -> bool:
    """Whether an order of this part ("lead" or "assist") may be given to the unit.

    A community receives only what is on its duty list, and leads only where the list says lead (Beijing
    Regulations on Handling Complaints upon Receipt 北京市接诉即办工作条例 art. 17). Other units receive
    everything, but do not lead where their own list says that they only assist.
    """
    listed = duty_in(unit, category, day=day)
    if DutyItem.Part.LEAD in listed:
        return True
    if DutyItem.Part.ASSIST in listed:
        return part == DutyItem.Part.ASSIST
    return unit.kind != Unit.Kind.COMMUNITY


def leaders_in(path: str, day: date) -> tuple[Unit, ...]:
    """Units whose duty list names them as lead for a category path, the nearest line first."""
    return tuple(dict.fromkeys(line.unit for line in leading_lines(path, day)))


@remembered
def leading_lines(path: str, day: date) -> tuple[DutyItem, ...]:
    """Lines of duty lists that name a unit as lead for a category path, the nearest to the category first."""
    depth = {code: place for place, code in enumerate(codes_of(path))}
    rows = DutyItem.objects.filter(category_code__in=depth, part=DutyItem.Part.LEAD).filter(holds_on(day))
    rows = rows.filter(holds_on(day, prefix="unit__")).select_related("unit", "unit__region")
    return tuple(sorted(rows, key=lambda row: (-depth[row.category_code], row.unit_id)))


# ── Posts ──────────────────────────────────────────────────


def posts_of(user: User, day: date) -> QuerySet[Post]:
    """The posts that a person holds on a day, in units standing on that day; the first is the default."""
    return held_by(user, day).filter(holds_on(day, prefix="unit__")).select_related("user")


def held_by(user: User, day: date) -> QuerySet[Post]:
    """Every post that a person holds on a day, also in units that have ended."""
    return valid_on(Post.objects.filter(user=user.pk).select_related("unit__region"), day).order_by("id")


# Asked with every request of the office: the same posts, each with the person who holds it.
HELD_BY: Composed[Post] = Composed(
    lambda user, day: valid_on(
        Post.objects.filter(user=user).select_related("user", "unit__region"), day
    ).order_by("id")
)


def in_standing_units(posts: Iterable[Post], day: date) -> list[Post]:
    """Those of the posts whose unit stands on a day."""
    return [post for post in posts if _holds(post.unit, day)]


def posts_in(unit: Unit, *, roles: Iterable[str], day: date) -> QuerySet[Post]:
    """The posts of a unit with one of these roles, held on a day by people who may sign in."""
    posts = Post.objects.filter(unit=unit.pk, role__in=list(roles), user__is_active=True)
    return valid_on(posts.select_related("user", "unit"), day).order_by("id")


def is_led(unit: Unit, *, day: date) -> bool:
    """Whether anybody answers for the unit as its head; where nobody does, all who handle its matters do."""
    return _is_led(unit.pk, day)


def answering_in(units: Iterable[int], *, day: date) -> dict[int, set[int]]:
    """By the keys of the units, the people to whom their matters fall as `is_led` says: the heads, or all."""
    posts = Post.objects.filter(unit__in=list(units), role__in=UNIT, user__is_active=True)
    found: dict[bool, dict[int, set[int]]] = {True: {}, False: {}}
    for unit, role, user in valid_on(posts, day).values_list("unit", "role", "user"):
        found[role == Role.UNIT_LEADER].setdefault(unit, set()).add(user)
    return found[False] | found[True]


@remembered
def _is_led(unit_id: int, day: date) -> bool:
    heads = Post.objects.filter(unit=unit_id, role=Role.UNIT_LEADER, user__is_active=True)
    return valid_on(heads, day).exists()


def posts_named(text: str) -> list[Post]:
    """The posts held today by anybody of the office whose full name stands in a text, however it is spelled there."""
    posts = valid_on(Post.objects.select_related("user", "unit"), today()).exclude(user__name="")
    read = Read(text)
    return [post for post in posts if read.names(post.user.name)]


def posts_over(region: Region, *, roles: Iterable[str]) -> list[Post]:
    """The posts with one of these roles in units whose place is the region or lies around it, the nearest first."""
    posts = Post.objects.filter(unit__region__path__in=paths_above(region.path), role__in=list(roles))
    found = valid_on(posts.filter(user__is_active=True).select_related("user", "unit__region"), today())
    return sorted(found, key=lambda post: (-len(post.unit.region.path), post.pk))


def posts_within(region: Region, *, day: date | None = None) -> QuerySet[Post]:
    """The posts of every unit in the region or below it, unit by unit."""
    posts = Post.objects.filter(unit__region__path__startswith=region.path, user__is_active=True)
    return valid_on(posts.select_related("user", "unit"), day or today()).order_by("unit__path", "id")
