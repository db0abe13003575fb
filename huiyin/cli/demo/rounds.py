"""A sweep of the place as it stands on its tenth day: some grids walked, one overdue, the next round begun."""

from datetime import timedelta

from huiyin.cli.demo.stage import Stage
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.supervision.sweeps.actions import finish_sheet, plan_sweep
from huiyin.supervision.sweeps.models import Sweep
from huiyin.supervision.sweeps.rules import in_season

BEGAN, LASTS, WALKED = timedelta(days=9), timedelta(days=27), timedelta(days=2)
ROUND = 8  # days


def sweep_the_place(stage: Stage) -> None:
    """Plan the sweep of the season once, and walk all grids of its first round but one; nothing was found there.

    A place without kinds of sweep, without supervision, or without anybody on the ground has none.
    """
    began = stage.now - BEGAN
    kinds, supervisor = in_season(clock.local_date(began).month), stage.supervisor
    if not kinds or supervisor is None or Sweep.objects.exists():
        return
    since = clock.local_date(began)
    try:
        sweep = plan_sweep(
            by=Actor.of(supervisor).claiming(began),
            kind=kinds[0],
            title=kinds[0].name,
            what=kinds[0].what,
            region=supervisor.unit.region,
            since=since,
            until=since + LASTS,
            every=ROUND,
        )
    except Refused:
        return
    for sheet in list(sweep.sheets.filter(round=1).select_related("person__unit").order_by("pk"))[1:]:
        by = Actor.of(sheet.person).claiming(began + WALKED)
        finish_sheet(sheet, by=by, nothing=True)
