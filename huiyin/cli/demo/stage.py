"""The stage: which posts act, which unit answers for what, and when an office is open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property
from random import Random

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases.models import Category, Reason
from huiyin.deadlines.queries import work_calendar
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.models import DutyItem, Post, Region, Unit

OPENS, CLOSES = time(8, 40), time(17, 20)
AHEAD = timedelta(days=24)  # the longest limit that a story can still set running today


@dataclass
class Stage:
    """Everybody and everything that the stories need of the profile, asked for by role and duty, never by name."""

    now: datetime
    _ranked: dict[str, Sequence[Unit]] = field(default_factory=dict)

    @cached_property
    def home(self) -> Region:
        """The place that this installation answers for."""
        return organisation.root()

    @cached_property
    def desk(self) -> Unit:
        """Its centre."""
        return organisation.desk_for(self.home)

    @cached_property
    def posts(self) -> dict[str, list[Post]]:
        """The desk's posts by role."""
        found: dict[str, list[Post]] = {}
        roles = (Role.CLERK, Role.DISPATCHER, Role.REVIEWER, Role.CALLER)
        for post in organisation.posts_in(self.desk, roles=roles, day=organisation.today()):
            found.setdefault(post.role, []).append(post)
        if len(found) < len(roles):
            raise Refused(_("受理中心要有受理员、分办员、审核员和回访员各一名，才能演示。"), code="posts")
        return found

    @cached_property
    def supervisor(self) -> Post | None:
        """Somebody who watches over the whole place."""
        rows = Post.objects.filter(role=Role.SUPERVISOR).select_related("unit", "unit__region", "user")
        return organisation.valid_on(rows, organisation.today()).order_by("unit__region__path", "pk").first()

    @cached_property
    def magistrate(self) -> Post | None:
        """Somebody who leads the whole place."""
        rows = Post.objects.filter(role=Role.LEADER).select_related("unit", "unit__region", "user")
        return organisation.valid_on(rows, organisation.today()).order_by("unit__region__path", "pk").first()

    @cached_property
    def monitor(self) -> Post | None:
        """Somebody from outside who reads over the shoulders of the whole place."""
        rows = Post.objects.filter(role=Role.MONITOR).select_related("unit", "unit__region", "user")
        return organisation.valid_on(rows, organisation.today()).order_by("unit__region__path", "pk").first()

    @cached_property
    def representative(self) -> Post | None:
        """Somebody who brings matters in for others."""
        rows = Post.objects.filter(role=Role.REPRESENTATIVE).select_related("unit", "unit__region", "user")
        return organisation.valid_on(rows, organisation.today()).order_by("pk").first()

    @cached_property
    def categories(self) -> dict[str, Category]:
        """Categories by code."""
        return {row.code: row for row in Category.objects.all()}

    @cached_property
    def reasons(self) -> dict[str, list[Reason]]:
        """Reasons by kind, in the order of their codes."""
        found: dict[str, list[Reason]] = {}
        for row in Reason.objects.order_by("code"):
            found.setdefault(row.kind, []).append(row)
        return found

    @cached_property
    def bodies(self) -> list[Unit]:
        """Units with somebody to send an order to."""
        rows = organisation.units_within(self.home).filter(liaison__isnull=False)
        return list(rows.select_related("liaison", "liaison__user"))

    def regions(self, codes: list[str]) -> list[Region]:
        """The regions of these codes that exist, in the order of the codes."""
        found = (organisation.region_by_code(code) for code in sorted(codes))
        return [region for region in found if region is not None]

    def leader(self, category: str, region: Region) -> Unit:
        """The unit with a liaison whose duty list names it, and whose area takes the region in; the nearest first."""
        able = {unit.pk for unit in self.bodies}
        for unit in self._leaders(category):
            if unit.pk in able and region.path.startswith(unit.region.path):
                return unit
        raise Refused(
            _("没有单位负责“%(category)s”，无法演示。") % {"category": self.categories[category]},
            code="no_leader",
        )

    def _leaders(self, category: str) -> Sequence[Unit]:
        if category not in self._ranked:
            path = self.categories[category].path
            self._ranked[category] = list(organisation.leaders_in(path, organisation.today()))
        return self._ranked[category]

    def stranger(self, category: str, region: Region, chance: Random) -> Unit:
        """A department to which the order would be sent by mistake."""
        right, filed, day = self.leader(category, region), self.categories[category], organisation.today()
        others = [
            unit
            for unit in self.bodies
            if unit.kind == Unit.Kind.DEPARTMENT
            and unit.pk != right.pk
            and organisation.may_receive(unit, filed, part=DutyItem.Part.LEAD, day=day)
        ]
        return chance.choice(others)

    def office_hour(self, moment: datetime, chance: Random) -> datetime:
        """The moment itself when offices are open, else some minutes into the next working morning."""
        local = moment.astimezone(clock.zone())
        if local.time() > CLOSES:
            local = datetime.combine(local.date() + timedelta(days=1), time.min, tzinfo=clock.zone())
        while not work_calendar().is_working(local.date()):
            local = datetime.combine(local.date() + timedelta(days=1), time.min, tzinfo=clock.zone())
        if local.time() < OPENS:
            local = datetime.combine(local.date(), OPENS, tzinfo=clock.zone())
            local += timedelta(minutes=chance.randint(0, 90))
        return local


def today_of_the_stories() -> datetime:
    """Now; or, towards the end of the last year whose working days are known, a day from which limits can be set."""
    last = datetime(work_calendar().last_year, 12, 31, 12, tzinfo=clock.zone())
    return min(clock.now(), last - AHEAD)
