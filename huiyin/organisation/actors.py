"""Who is acting: a person in one of their posts, a citizen in their part of a case, or the system itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from huiyin.accounts.models import User
from huiyin.kernel import clock
from huiyin.organisation import barring, queries
from huiyin.organisation.models import Post, Unit


@dataclass(frozen=True)
class Actor:
    """Presented to every act: who does it, whose name the ledger gets, when it is claimed to be done."""

    kind: Literal["staff", "citizen", "system"]
    post: Post | None = None
    party_id: int | None = None
    at: datetime | None = None
    label: str = ""
    held: tuple[Post, ...] = ()  # every post that the person holds today, where that was read with the post

    @classmethod
    def of(cls, post: Post, *, held: Iterable[Post] = ()) -> Actor:
        """A person of the office, acting under one post."""
        return cls("staff", post=post, held=tuple(held))

    @classmethod
    def citizen(cls, party_id: int | None = None) -> Actor:
        """Somebody outside the office; without a party while they are only just handing a matter in."""
        return cls("citizen", party_id=party_id)

    @classmethod
    def system(cls, label: str) -> Actor:
        """The program acting by itself: "worker", "import", "profile"."""
        return cls("system", label=label)

    def claiming(self, at: datetime | None) -> Actor:
        """The same actor, whose act is claimed to have happened at another time (aware)."""
        return replace(self, at=at)

    def when(self) -> datetime:
        """The claimed time of the act: the one given, else now."""
        return self.at or clock.now()

    @property
    def name(self) -> str:
        """The name in the ledger: of a post, a party or a part of the program, never of a person."""
        if self.post is not None:
            return f"post:{self.post.code}"
        if self.kind == "citizen":
            return f"party:{self.party_id}" if self.party_id is not None else "citizen"
        return f"system:{self.label}"

    @property
    def is_staff(self) -> bool:
        """Whether a post of the office is acting."""
        return self.post is not None

    @property
    def role(self) -> str:
        """The role of the post (accounts.roles.Role), or "" for a citizen and the system."""
        return self.post.role if self.post else ""

    @property
    def unit(self) -> Unit | None:
        """The unit of the post."""
        return self.post.unit if self.post else None

    @property
    def user(self) -> User | None:
        """The person who holds the post."""
        return self.post.user if self.post else None

    @cached_property
    def posts_today(self) -> tuple[Post, ...]:
        """Every post that the person holds today in a unit that stands, whichever they act under; read once."""
        if self.post is None:
            return ()
        return tuple(queries.posts_of(self.post.user, clock.local_date(clock.now())))

    @cached_property
    def barred_unit_ids(self) -> frozenset[int]:
        """Units whose being complained of bars this actor: each unit where the person holds any post that is
        valid today, under whichever post they act now, and everything above it (an accused bureau bars its
        stations' people too), with every unit that was merged into one of these or that one of these became.
        Source: Regulations on Petition Work 信访工作条例 art. 30.
        """
        if self.post is None:
            return frozenset()
        today = clock.local_date(clock.now())
        if self.held:
            return barring.units_at_or_above((post.unit.path for post in self.held), day=today)
        return barring.units_answering_for(self.post.user_id, day=today)
