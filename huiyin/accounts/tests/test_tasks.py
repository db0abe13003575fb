"""Standing tasks of accounts."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from huiyin.accounts.tasks import forget_sessions
from huiyin.kernel import clock


@pytest.mark.django_db
def test_only_sessions_that_ran_out_are_forgotten() -> None:
    for key, hours in (("old", -1), ("new", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=clock.now() + timedelta(hours=hours)
        )
    assert forget_sessions() == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
