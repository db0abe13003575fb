"""终结: a petition has gone through its instances, or their time has passed: no further one is left."""

from django.utils.translation import gettext as _

from huiyin.cases import petitions
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Review
from huiyin.deadlines.arithmetic import last_day
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def finalise(case: Case, *, by: Actor) -> None:
    """Record that no instance is left: after 复核, or when nobody asked in time (信访工作条例 art. 35-36).

    Raises `Refused` while somebody can still ask. A later round (new facts) takes the mark off again.
    """
    with opened(case, "finalise", by=by) as file:
        if file.case.finalised_at is not None:
            raise Refused(_("这件信访事项已经终结。"), code="final")
        because = _ground(file)
        file.set(finalised_at=file.at)
        file.move(file.case.state)
        file.facts["because"] = because


def _ground(file: CaseFile) -> str:
    level = petitions.level_of(file)
    if level is None:
        if any(
            row.round == file.case.round and row.state == Review.State.DECIDED for row in file.parts(Review)
        ):
            return "rereviewed"
        raise Refused(_("这一轮没有处理意见书，不能终结。"), code="instance")
    until = max(petitions.ask_until(file, level, party) for party in file.told_parties)
    if file.at <= until:
        raise Refused(
            _("诉求人在 %(day)s 以前还可以申请%(level)s，现在不能终结。")
            % {
                "day": last_day(until, wall.zone()).isoformat(),
                "level": Review.Level(level).label,
            },
            code="too_early",
        )
    return "not_asked"
