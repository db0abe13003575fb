"""Bulletins of a demonstration: last month's issued for everybody, a notice of a unit, last week's still a draft."""

from django.core.exceptions import PermissionDenied

from huiyin.accounts.roles import Role
from huiyin.analytics import snapshot
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
    newest = (
        Publication.objects.filter(state="published").select_related("unit").order_by("-confirmed_at").first()
    )
    wanted = [("monthly", "month", "", True), ("weekly", "week", "", False)]
    if newest is not None:
        wanted.insert(1, ("notice-unit", "month", newest.unit.code, True))
    made = 0
    snapshot.brought_up_to_date()
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


def _issued(row: Bulletin, writer: Post, approver: Post) -> None:
    row = actions.submit(row, by=Actor.of(writer), version=row.version)
    row = actions.approve(row, by=Actor.of(approver), version=row.version)
    actions.issue(row, by=Actor.of(writer))


def _post(role: str) -> Post | None:
    rows = Post.objects.filter(role=role).select_related("unit", "unit__region", "user")
    return valid_on(rows, today()).order_by("unit__region__path", "pk").first()
