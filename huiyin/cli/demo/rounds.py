"""A sweep of the place as it stands on its tenth day: some grids walked, one overdue, the next round begun.

What was found has become matters: one has come to its end, one is in hand, one has just come in.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random

from huiyin.cases.models import Case
from huiyin.cli.demo.book import Book, Matter, filled
from huiyin.cli.demo.stage import Stage
from huiyin.cli.demo.tale import NotYet, Tale
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.supervision.sweeps.actions import finish_sheet, plan_sweep, report_finding
from huiyin.supervision.sweeps.models import Sheet, Sweep
from huiyin.supervision.sweeps.rules import SweepKind, in_season

BEGAN, LASTS, WALKED = timedelta(days=9), timedelta(days=27), timedelta(days=2)
ROUND = 8  # days


def sweep_the_place(stage: Stage, book: Book) -> None:
    """Plan the sweep of the season once, and walk all grids of its first round but one.

    A place without kinds of sweep, without supervision, or without anybody on the ground has none.
    """
    began = stage.now - BEGAN
    month, supervisor = clock.local_date(began).month, stage.supervisor
    known = Counter(each.sweep for each in book.findings)
    kinds = [each for each in in_season(month) if not each.months or month in each.months]
    kinds.sort(key=lambda kind: -known[kind.code])  # what something can be found by comes first
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
    sheets = sweep.sheets.filter(round=1).select_related("person__unit__region", "region").order_by("pk")
    _walked(stage, book, kinds[0], list(sheets)[1:])


def _walked(stage: Stage, book: Book, kind: SweepKind, sheets: Sequence[Sheet]) -> None:
    """Each sheet is finished two days after the sweep began; the first ones with something found."""
    known = [each for each in book.findings if each.sweep == kind.code]
    for at, sheet in enumerate(sheets):
        by = Actor.of(sheet.person).claiming(stage.now - BEGAN + WALKED)
        found = at < len(known) and _found(stage, book, sheet, known[at], by, LEADS_TO[at % len(LEADS_TO)])
        words = book.words.get("finding" if found else "no_finding", "")
        finish_sheet(sheet, by=by, nothing=not found, text=words if isinstance(words, str) else "")


def _found(
    stage: Stage, book: Book, sheet: Sheet, matter: Matter, by: Actor, goes_on: Callable[[Tale], None]
) -> bool:
    """Bring in what was found, and let it go on from there; whether it was found here."""
    streets = book.places_of(matter).get(sheet.region.code)
    if not streets:
        return False
    tale = Tale(stage, book, Random(f"sweep:{sheet.pk}"), key=f"demo-sweep:{sheet.pk}")  # noqa: S311 (invented)
    tale.region, tale.place, tale.channel, tale.at = sheet.region, streets[0], "visit", by.when()
    place = f"{sheet.region.name}{streets[0]}"
    tale.matter = filled(matter, place=place, n=3)
    person = tale.person()
    taken = report_finding(
        sheet, by=by, key="found", title=tale.matter.title, text=tale.matter.text, place=place,
        name=person.name, phone=person.phone,
    )  # fmt: skip
    tale.case = Case.objects.get(number=taken.number)
    try:
        goes_on(tale)
    except NotYet:  # the case rests where today finds it
        pass
    return True


def _ends(tale: Tale) -> None:
    _in_hand(tale)
    tale.answers(0.2, 0.8)
    tale.approves()
    tale.tells()
    tale.rates("yes", 5)


def _in_hand(tale: Tale) -> None:
    tale.wait(0.05, 0.3)
    tale.accepts()
    tale.wait(0.02, 0.15)
    tale.dispatches()
    tale.signs()


def _waits(tale: Tale) -> None:
    del tale  # nobody has looked at it yet


LEADS_TO: Sequence[Callable[[Tale], None]] = (_ends, _in_hand, _waits)
