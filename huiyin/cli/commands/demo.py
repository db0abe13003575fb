"""huiyin demo: invented cases, walked through the real acts by the posts of a demonstration."""

import argparse
from datetime import datetime
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.channels.bulk.progress import Bar, bar, silent
from huiyin.cli.demo import stories
from huiyin.cli.demo.book import Book, read_book
from huiyin.cli.demo.copies import YEARS, fill, plan
from huiyin.cli.demo.issued import issue_some
from huiyin.cli.demo.omitted import leave_out
from huiyin.cli.demo.past import left_out, remember
from huiyin.cli.demo.present import lay_out
from huiyin.cli.demo.rounds import sweep_the_place
from huiyin.cli.demo.stage import Stage, today_of_the_stories
from huiyin.cli.demo.tale import NotYet, Tale
from huiyin.cli.demo.viewed import look_at_some
from huiyin.cli.frame import EXIT
from huiyin.cli.output import add_json, as_json
from huiyin.deadlines.tasks import sweep
from huiyin.evaluation.blocks import make_blocks
from huiyin.kernel.refusals import Refused
from huiyin.ledger.sequencer import sequence
from huiyin.organisation.place import is_demonstration, is_loaded

NAME = "demo"
HELP = _("装入虚构的诉求，各环节都有，只用于演示资料")
CASES = 64
MOST = 5_000_000
WALKED = 400  # more than these are cast from them, and from some that came to their end before
SEASONS, OF_A_SEASON = 12, 20  # stories walked from a day in each quarter of the last three years


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many, and by which chance."""
    parser.add_argument("--cases", type=_count, default=CASES, help=_("至少装入多少件，默认 64"))
    parser.add_argument(
        "--past", type=_count, default=0, help=_("另外装入多少件往年已经办结的，供看统计，默认没有")
    )
    parser.add_argument("--seed", type=int, default=1, help=_("同一个数得到同样的故事；已装入的会跳过"))
    add_json(parser)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 7 and 0 < int(text) <= MOST):
        raise argparse.ArgumentTypeError(_("请写 1 到 5000000 之间的数。"))
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Walk the cases; those of an earlier, perhaps killed, run are known again and left as they are."""
    if not is_demonstration():
        raise Refused(
            _("这套系统用的不是演示资料，没有装入任何诉求。"),
            code="not_demo",
            instead=_("要看演示，请另设一个 HUIYIN_HOME，并设 HUIYIN_PROFILE=demo。"),
        )
    if not is_loaded():
        raise Refused(
            _("还没有装入“%(name)s”的资料，没有装入任何诉求。") % {"name": settings.HUIYIN_PROFILE},
            code="not_loaded",
            instead=_("请先运行：huiyin profile load"),
        )
    book = read_book(settings.HUIYIN_PROFILES / settings.HUIYIN_PROFILE)
    stage = Stage(today_of_the_stories())
    folder = settings.HUIYIN_PROFILES / settings.HUIYIN_PROFILE
    remembered = remember(stage, book, folder, wanted=options.past, seed=options.seed)
    progress = silent(options.cases) if options.json else bar(options.cases, label=_("虚构诉求"))
    with progress:
        made, known = walk_all(stage, book, options, progress)
        if made + known < options.cases:
            new, old = walk_seasons(stage.now, book, options, progress)
            made, known = made + new, known + old
        if made + known < options.cases:
            while sequence():
                pass
            left = options.cases - made - known
            new, old = fill(plan(options.seed), wanted=left, tell=progress.advance)
            made, known = made + new, known + old
    sweep_the_place(stage, book)
    leave_out(left_out(folder))
    look_at_some(stage, book)
    lay_out(stage, book, seed=options.seed)
    make_blocks()
    while sequence():
        pass
    issue_some()
    while sequence():
        pass
    sweep()
    made += remembered
    if options.json:
        print(as_json({"made": made, "known": known}))
    else:
        print(_("装入 %(made)d 件虚构诉求，已有 %(known)d 件。") % {"made": made, "known": known})
    return EXIT.DONE


def walk_all(stage: Stage, book: Book, options: argparse.Namespace, progress: Bar) -> tuple[int, int]:
    """Walk as many as are asked for, up to WALKED: how many are new, how many stood already."""
    made = known = turn = 0
    while made + known < min(options.cases, WALKED):
        new, old = walk(stage, book, turn=turn, seed=options.seed)
        made, known, turn = made + new, known + old, turn + 1
        progress.advance(new + old)
    return made, known


def walk_seasons(now: datetime, book: Book, options: argparse.Namespace, progress: Bar) -> tuple[int, int]:
    """Walk stories as of days in the past; only those that had come to their end by then are kept."""
    made = known = 0
    for season in range(1, SEASONS + 1):
        stage = Stage(now - season * (YEARS / SEASONS))
        for turn in range(OF_A_SEASON):
            seed = options.seed * 1000 + season
            try:
                with transaction.atomic():
                    new, old = walk(stage, book, turn=turn, seed=seed)
                    if new and not ended(f"demo:{seed}:{turn}"):
                        raise NotYet
            except (NotYet, Refused):
                continue
            made, known = made + new, known + old
            progress.advance(new + old)
    return made, known


def ended(key: str) -> bool:
    """Whether nothing of a story is still open."""
    mine = Case.objects.filter(idempotency_key__in=(key, f"{key}:second"))
    return not mine.filter(ended_at=None).exists()


def walk(stage: Stage, book: Book, *, turn: int, seed: int) -> tuple[int, int]:
    """Walk the story of one turn in one transaction: how many cases it made, or how many stood already."""
    key = f"demo:{seed}:{turn}"
    standing = Case.objects.filter(idempotency_key__in=(key, f"{key}:second"))
    before = standing.count()
    if before:
        return 0, before
    cards = stories.deck(seed)
    story = cards[turn % len(cards)]
    tale = Tale(stage, book, Random(f"{seed}:{turn}"), key=key)  # noqa: S311 (invented cases, not secrets)
    with transaction.atomic():
        stories.begin(story, tale, turn=turn, seed=seed)
        try:
            story.walk(tale)
        except NotYet:  # the case rests where today finds it
            pass
    return standing.count(), 0
