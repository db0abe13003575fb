"""huiyin demo: invented cases, walked through the real acts by the posts of a demonstration."""

import argparse
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.channels.bulk.progress import bar, silent
from huiyin.cli.demo import stories
from huiyin.cli.demo.book import Book, read_book
from huiyin.cli.demo.stage import Stage, today_of_the_stories
from huiyin.cli.demo.tale import NotYet, Tale
from huiyin.cli.frame import EXIT
from huiyin.cli.output import add_json, as_json
from huiyin.deadlines.tasks import sweep
from huiyin.kernel.refusals import Refused
from huiyin.ledger.sequencer import sequence
from huiyin.organisation.place import is_demonstration, is_loaded

NAME = "demo"
HELP = _("装入虚构的诉求，各环节都有，只用于演示资料")
CASES = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many, and by which chance."""
    parser.add_argument("--cases", type=_count, default=CASES, help=_("至少装入多少件，默认 60"))
    parser.add_argument("--seed", type=int, default=1, help=_("同一个数得到同样的故事；已装入的会跳过"))
    add_json(parser)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= 100_000):
        raise argparse.ArgumentTypeError(_("请写 1 到 100000 之间的数。"))
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
    progress = silent(options.cases) if options.json else bar(options.cases, label=_("虚构诉求"))
    made = known = turn = 0
    with progress:
        while made + known < options.cases:
            new, old = walk(stage, book, turn=turn, seed=options.seed)
            made, known, turn = made + new, known + old, turn + 1
            progress.advance(new + old)
    while sequence():
        pass
    sweep()
    if options.json:
        print(as_json({"made": made, "known": known}))
    else:
        print(_("装入 %(made)d 件虚构诉求，已有 %(known)d 件。") % {"made": made, "known": known})
    return EXIT.DONE


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
