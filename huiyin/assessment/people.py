"""The annual sheet of posts and of representatives: what went through their hands, never what people said of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from huiyin.accounts.roles import Role
from huiyin.assessment import access, source
from huiyin.assessment.periods import Period
from huiyin.assessment.statistics import Share
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post


@dataclass(frozen=True)
class PostLine:
    """A post that was in charge of orders: in time, signed in time, redone."""

    post: Post
    on_time: Share
    signed: Share
    redone: Share


@dataclass(frozen=True)
class BringerLine:
    """A representative: matters brought in, those answered, and how many of the brought ones the person rated."""

    post: Post
    brought: int
    answered: int
    rated: int


def posts(by: Actor, period: Period) -> Sequence[PostLine]:
    """Posts in the actor's sight: everybody's for those who oversee, else those of the own unit. By unit and post.

    Raises PermissionDenied for whoever reads no figures.
    """
    access.require_reader(by, by.unit)
    own = Q() if access.oversees(by) else Q(unit=by.unit)
    cases = access.judged(by)
    due = source.due(cases, period).filter(own).order_by().values("person")
    on_time = {
        row["person"]: Share(row["good"], row["n"])
        for row in due.annotate(n=Count("pk"), good=_count("is_good"))
    }
    sent = source.sent(cases, period).filter(own, source.waited()).order_by().values("person")
    in_time = Count("pk", filter=source.IN_TIME)
    signed = {
        row["person"]: Share(row["good"], row["n"]) for row in sent.annotate(n=Count("pk"), good=in_time)
    }
    given = source.answers(cases, period).filter(own, given_by__isnull=False).order_by().values("given_by")
    redone = {
        row["given_by"]: Share(row["good"], row["n"])
        for row in given.annotate(n=Count("pk"), good=_count("redone"))
    }
    found = Post.objects.select_related("unit", "user").in_bulk({*on_time, *signed, *redone})
    nothing = Share(0, 0)
    lines = [
        PostLine(post, on_time.get(key, nothing), signed.get(key, nothing), redone.get(key, nothing))
        for key, post in found.items()
    ]
    return sorted(lines, key=lambda line: (line.post.unit.code, line.post.code))


def representatives(by: Actor, period: Period) -> Sequence[BringerLine]:
    """Representatives in the actor's sight: all for those who oversee, else only oneself. By post."""
    if by.role != Role.REPRESENTATIVE:
        access.require_reader(by)
    mine = Q(post=by.post) if by.role == Role.REPRESENTATIVE else Q()
    rows = (
        source.brought(access.judged(by), period)
        .filter(mine)
        .order_by()
        .values("post")
        .annotate(
            brought=Count("pk", distinct=True),
            answered=Count("pk", filter=Q(told=True), distinct=True),
            rated=Count("ratings__pk", filter=Q(ratings__set_aside=""), distinct=True),
        )
    )
    counted = {row["post"]: (row["brought"], row["answered"], row["rated"]) for row in rows}
    known = Post.objects.select_related("unit", "user").in_bulk(counted)
    lines = [BringerLine(known[key], *counts) for key, counts in counted.items()]
    return sorted(lines, key=lambda line: line.post.code)


def _count(flag: str) -> Count:
    return Count("pk", filter=Q(**{flag: True}))
