"""The annual sheet of posts and of representatives: what went through their hands, never what people said of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from huiyin.accounts.roles import Role
from huiyin.assessment import access, closing, source
from huiyin.assessment.periods import Period
from huiyin.assessment.source import OfPosts
from huiyin.assessment.statistics import Share, pooled
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post


@dataclass(frozen=True)
class InHand:
    """A share of what a post had in hand: `kept` counts, `whole` has what is left out in it too."""

    kept: Share
    whole: Share

    @property
    def omitted(self) -> int:
        """How many are left out."""
        return self.whole.n - self.kept.n


@dataclass(frozen=True)
class PostLine:
    """A post that was in charge of orders: in time, signed in time, redone."""

    post: Post
    on_time: InHand
    signed: InHand
    redone: InHand


@dataclass(frozen=True)
class BringerLine:
    """A representative: matters brought in, those answered, and how many of the brought ones the person rated."""

    post: Post
    brought: int
    answered: int
    rated: int

    @property
    def share(self) -> Share:
        """Those answered, of those brought in."""
        return Share(self.answered, self.brought)


def posts(by: Actor, period: Period) -> Sequence[PostLine]:
    """Posts in the actor's sight: everybody's for those who oversee, else those of the own unit. By unit and post.

    Months that are closed are read as they were closed.
    Raises PermissionDenied for whoever reads no figures.
    """
    access.require_reader(by, by.unit)
    sight = access.sight(by)
    with source.opened() as book:
        shares = closing.by_post(book, sight, period)
    had = {post for (post, _omitted), each in shares.items() if each}
    found = Post.objects.select_related("unit", "user").in_bulk(had)
    lines = [
        PostLine(post, *(_in_hand(shares, key, name) for name in source.POST_NAMES))
        for key, post in found.items()
    ]
    return sorted(lines, key=lambda line: (line.post.unit.code, line.post.code))


def _in_hand(shares: OfPosts, post: int, name: str) -> InHand:
    kept, left_out = (shares.get((post, omitted), {}).get(name, Share(0, 0)) for omitted in (False, True))
    return InHand(kept, pooled([kept, left_out]))


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
