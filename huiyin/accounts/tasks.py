"""Standing tasks of accounts."""

from django.contrib.sessions.models import Session

from huiyin.kernel import clock


def forget_sessions() -> int:
    """Delete the sessions that have run out; how many."""
    deleted, _each = Session.objects.filter(expire_date__lt=clock.now()).delete()
    return deleted
