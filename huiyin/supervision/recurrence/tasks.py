"""Standing tasks of the re-inspection, run by the worker."""

from datetime import timedelta

from django.db import IntegrityError

from huiyin.kernel import clock as wall
from huiyin.supervision.recurrence.drawing import draw_day
from huiyin.supervision.recurrence.models import Recheck
from huiyin.supervision.recurrence.rules import recheck_rules

BEHIND = 7  # days for which a worker that stood still catches up


def draw() -> int:
    """Draw for every rule among what was closed its number of days ago; returns how many draws were made.

    Safe to be killed anywhere: a draw is one transaction, and no day is drawn twice.
    """
    today = wall.local_date(wall.now())
    made = 0
    for rule in recheck_rules():
        for late in reversed(range(BEHIND)):
            day = today - timedelta(days=rule.days + late)
            try:
                made += draw_day(rule, day) is not None
            except IntegrityError:  # another worker was quicker
                continue
    return made


def lapse() -> int:
    """What nobody answered in time is asked no longer; returns how many."""
    over = Recheck.objects.filter(state=Recheck.State.ASKED, until__lt=wall.local_date(wall.now()))
    return over.update(state=Recheck.State.LAPSED)
