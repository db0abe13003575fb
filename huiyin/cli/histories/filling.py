"""Making what is missing of a profile's history; done again, it finds nothing missing."""

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils.translation import gettext as _

from huiyin.channels.bulk.progress import Bar, bar, silent
from huiyin.cli.demo.book import read_book
from huiyin.cli.demo.stage import Stage, today_of_the_stories
from huiyin.cli.histories import shape, walking
from huiyin.deadlines.tasks import sweep
from huiyin.kernel.refusals import Refused
from huiyin.ledger.sequencer import sequence
from huiyin.organisation.place import profile_folder


def fill(*, seed: int, silently: bool) -> int:
    """Make what is missing; how many cases. Raises Refused for a profile without a history."""
    folder = profile_folder(settings.HUIYIN_PROFILE)
    asked = shape.asked_of(folder)
    if asked is None:
        raise Refused(
            _("资料“%(name)s”没有自己的历史（%(file)s）。") % {"name": folder.name, "file": shape.FILE},
            code="no_history",
            instead=_("要装演示诉求，请设 HUIYIN_PROFILE 后运行：huiyin demo"),
        )
    _put_in_order()
    wanted = shape.kinds(shape.left(asked, shape.standing()), seed=seed)
    shown: AbstractContextManager[Bar] = (
        silent(len(wanted)) if silently else bar(len(wanted), label=_("虚构诉求"))
    )
    with shown as progress:
        made = walking.fill(
            Stage(today_of_the_stories()), read_book(folder), wanted, seed=seed, tell=progress.advance
        )
    _put_in_order()
    sweep()
    return made


def _put_in_order() -> None:
    while sequence():
        pass
