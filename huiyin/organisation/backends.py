"""Who comes with a session, and the posts they hold: read with one statement, by every request of the office."""

from allauth.account.auth_backends import AuthenticationBackend

from huiyin.accounts.models import User
from huiyin.organisation import queries

READ_WITH = "held"  # the attribute under which the posts of today stay with the person


class Backend(AuthenticationBackend):
    """Signing in as allauth does it; whoever holds a post today is read together with all their posts."""

    def get_user(self, user_id: object) -> User | None:
        """The person of a session, or None when they may not sign in any more."""
        held = queries.HELD_BY(user=int(str(user_id)), day=queries.today())
        if not held:
            return super().get_user(user_id)  # type: ignore[return-value]
        user = held[0].user
        for post in held:
            post.user = user
        setattr(user, READ_WITH, held)
        return user if self.user_can_authenticate(user) else None
