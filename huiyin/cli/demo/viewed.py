"""单位复看 in a demonstration: one unit has given its view, another owes one."""

from datetime import datetime, timedelta

from huiyin.accounts.roles import UNIT, Role
from huiyin.cases import actions, peers
from huiyin.cases.models import Case, PeerView
from huiyin.cases.pens import subject_of
from huiyin.cli.demo.book import Book
from huiyin.cli.demo.stage import Stage
from huiyin.ledger.queries import latest
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit

SOON, LATER = timedelta(hours=3), timedelta(days=1)
EXAMINED = 20  # matters looked at for one of which another unit knows something


def look_at_some(stage: Stage, book: Book) -> int:
    """Ask two units, once, and let one answer; how many were asked.

    The reviewer asks about an answer that waits, the supervisor about one that was told and is called unsolved.
    """
    if PeerView.objects.exists():
        return 0
    reviewer, supervisor = stage.posts[Role.REVIEWER][0], stage.supervisor
    waiting = _ask(stage, Case.State.REVIEWING, reviewer, book.words["ask_peer"][0])
    given = _ask(stage, Case.State.TOLD, supervisor, book.words["ask_peer"][1]) if supervisor else None
    if given is not None:
        at = after_latest(given.case, LATER, stage.now)
        by = Actor.of(_head(given.unit)).claiming(at)
        words = book.words["peer_view"]
        actions.give_view(given, by=by, verdict="partly", opinion=words[0], basis=words[1])
    return sum(row is not None for row in (waiting, given))


def _ask(stage: Stage, state: str, post: Post, question: str) -> PeerView | None:
    """Ask a department about one of the matters in this state: one that knows of it and has a head, if any does."""
    rows = Case.objects.filter(state=state, parent=None).exclude(nature=Case.Nature.REPORT)
    plain = (
        rows.exclude(nature=Case.Nature.PRAISE).select_related("category", "desk", "region").order_by("pk")
    )
    pairs = [(case, unit) for case in plain[:EXAMINED] for units in peers.able(case) for unit in units]
    found = max((pair for pair in pairs if pair[1].kind == Unit.Kind.DEPARTMENT), key=_apt, default=None)
    if found is None:
        return None
    case, unit = found
    by = Actor.of(post).claiming(after_latest(case, SOON, stage.now))
    return actions.ask_peer(case, by=by, unit=unit, question=question)


def _apt(pair: tuple[Case, Unit]) -> tuple[bool, bool]:
    case, unit = pair
    day = organisation.today()
    return bool(organisation.duty_in(unit, case.category, day=day)), organisation.is_led(unit, day=day)


def after_latest(case: Case, pause: timedelta, now: datetime) -> datetime:
    """Some time after the latest step of a case, and not in the future."""
    event = latest(subject_of(case))
    return min(event.occurred_at + pause, now) if event else now


def _head(unit: Unit) -> Post:
    """Who answers for it: its head, or whoever works there."""
    posts = list(organisation.posts_in(unit, roles=UNIT, day=organisation.today()))
    return next((post for post in posts if post.role == Role.UNIT_LEADER), posts[0])
