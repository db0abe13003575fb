"""Bulletins of a demonstration: last month's issued for everybody, a notice of a unit, last week's still a draft."""

from datetime import datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Count

from huiyin.accounts.roles import Role
from huiyin.analytics import snapshot
from huiyin.analytics.freezing import freeze_due
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.organisation.queries import today, valid_on
from huiyin.publication.bulletins import actions
from huiyin.publication.bulletins.models import Bulletin
from huiyin.publication.bulletins.periods import over
from huiyin.publication.models import Publication


def issue_some() -> int:
    """Draft them once, and issue what is issued; how many. None in a place without a desk or somebody to approve."""
    writer, approver = _post(Role.CLERK), _post(Role.LEADER) or _post(Role.SUPERVISOR)
    if writer is None or approver is None or writer.user_id == approver.user_id or Bulletin.objects.exists():
        return 0
    wanted = [("monthly", "month", "", True), ("weekly", "week", "", False)]
    unit = _most_told_of()
    if unit:
        wanted.insert(1, ("notice-unit", "month", unit, True))
    made = 0
    snapshot.brought_up_to_date()
    freeze_due()  # as the worker does, so that the monthly one has what people said
    for code, every, scope, is_issued in wanted:
        last = over(every, today())[0]
        try:
            row = actions.draft(
                by=Actor.of(writer), code=code, since=last.since, until=last.until, scope=scope
            )
            if is_issued:
                _issued(row, writer, approver)
        except (Refused, PermissionDenied):  # a place whose own templates have other codes
            continue
        made += 1
    return made


def _most_told_of() -> str:
    """The code of the unit of which most became public in the last month that is over; "" where nothing did."""
    last = over("month", today())[0]
    began, ended = (
        datetime.combine(day, time(), clock.zone()) for day in (last.since, last.until + timedelta(days=1))
    )
    told = Publication.objects.filter(state="published", confirmed_at__gte=began, confirmed_at__lt=ended)
    counted = told.values_list("unit__code").annotate(n=Count("pk")).order_by("-n", "unit__code")
    return next((code for code, _n in counted if code), "")


def _issued(row: Bulletin, writer: Post, approver: Post) -> None:
    row = actions.submit(row, by=Actor.of(writer), version=row.version)
    row = actions.approve(row, by=Actor.of(approver), version=row.version)
    actions.issue(row, by=Actor.of(writer))


def _post(role: str) -> Post | None:
    rows = Post.objects.filter(role=role).select_related("unit", "unit__region", "user")
    return valid_on(rows, today()).order_by("unit__region__path", "pk").first()
