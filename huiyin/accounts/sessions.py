"""Sessions in the database, as Django keeps them; the question that every request begins with is composed once."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.contrib.sessions.models import Session
from django.utils import timezone

from huiyin.kernel.composed import Composed

SESSION: Composed[Session] = Composed(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now)
)


class SessionStore(InDatabase):
    """Django's own in all but how it asks."""

    def _get_session_from_db(self) -> Any:
        if not self.session_key:
            return None
        found = SESSION(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return None
        return found[0]
