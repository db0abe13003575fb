"""抽取: whoever has just been told an answer is looked at once: called by rule, by lot, or not at all."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases.models import Case, Party, Point, Round
from huiyin.cases.queries import EVENT_PREFIX
from huiyin.channels.sending import outbox
from huiyin.channels.sending.ways import SMS, way
from huiyin.evaluation.family import may_be_rated
from huiyin.evaluation.models import CallBack, Draw, Following
from huiyin.evaluation.queries import still_to_rate
from huiyin.evaluation.rules import CallBackRules, call_back_rules
from huiyin.evaluation.sampling import commitment_to, falls_on, lot_key, new_seed
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger import writing
from huiyin.ledger.models import Event
from huiyin.people import queries as people

STEP = 100  # events in one transaction: on SQLite nobody else writes meanwhile
STEPS = 20  # in one run of the task
FROM_THE_END = 5_000  # events that a new installation of this room still looks at
FRESH = timedelta(days=3)  # an answer that was told longer ago is history that somebody has brought in
AFTER = frozenset(
    {"record_told", "answer_at_once", "leave", "end_agency"}
)  # by which a round can come to be told
NAME, WORKER = "call_backs", "system:worker"
PERMIT = Permit(holder=WORKER, purpose=Purpose.NOTICE)


def look_at_told() -> int:
    """Follow the ledger and look at each round that has been told; how many parties were looked at.

    Killed anywhere, it goes on where it stopped: how far it has read moves in the transaction of what it wrote, and
    nobody is looked at twice in a round.
    """
    reveal_yesterdays()
    looked_at = 0
    for _step in range(STEPS):
        read, found = _step_on()
        looked_at += found
        if read < STEP:
            break
    return looked_at


def _step_on() -> tuple[int, int]:
    known = _known()
    news = Event.objects.filter(position__gt=known.position).order_by("position")
    rows = list(news.values_list("position", "subject", "kind")[:STEP])
    if not rows:
        return 0, 0
    numbers = {subject.removeprefix(EVENT_PREFIX) for _at, subject, kind in rows if kind in AFTER}
    with transaction.atomic():
        mine = Following.objects.filter(pk=NAME, position=known.position)
        if not mine.update(position=rows[-1][0]):
            return 0, 0  # another worker has taken them
        told = (
            Case.objects.filter(number__in=numbers).select_related("parent", "region", "desk").order_by("pk")
        )
        return len(rows), sum(look_at(case) for case in told)


def _known() -> Following:
    found = Following.objects.filter(pk=NAME).first()
    if found is not None:
        return found
    newest = Event.objects.filter(position__isnull=False).order_by("-position")
    last = newest.values_list("position", flat=True).first() or 0
    return Following.objects.get_or_create(pk=NAME, defaults={"position": max(0, last - FROM_THE_END)})[0]


def look_at(case: Case) -> int:
    """Draw for every party of a told round who can be called and has not been drawn for; how many they are.

    Reports 举报 are left out: a call at the wrong moment can give whoever reports away.
    """
    if case.nature == Case.Nature.REPORT or not may_be_rated(case):
        return 0
    round_ = Round.objects.select_related("clock").get(case=case, number=case.round)
    now, rules = clock.now(), call_back_rules()
    if round_.told_at is None or round_.told_at < now - FRESH:
        return 0
    drawn = set(CallBack.objects.filter(case=case, round=case.round).values_list("party_id", flat=True))
    callable_ = [party for party in still_to_rate(case) if can_be_called(party) and party.pk not in drawn]
    if not callable_:
        return 0
    draw, named = draw_of(clock.local_date(now), rules), rules_naming(case, round_, rules)
    rows = [_looked_at(case, party, draw, named, rules, now) for party in callable_]
    CallBack.objects.bulk_create(rows, ignore_conflicts=True)
    if way(SMS) is not None:
        invite(
            CallBack.objects.filter(
                case=case, round=case.round, state=CallBack.State.WAITING, invited_at=None
            )
        )
    return len(rows)


def _looked_at(case: Case, party: Party, draw: Draw, named: Sequence[str], rules: CallBackRules,
               now: datetime) -> CallBack:  # fmt: skip
    sampled = falls_on(draw.seed, lot_key(case.number, case.round, party.pk), share=draw.share)
    wanted = CallBack.State.WAITING if sampled or named else CallBack.State.PASSED
    return CallBack(
        case=case,
        party=party,
        round=case.round,
        draw=draw,
        sampled=sampled,
        rules=list(named),
        state=wanted,
        not_before=now + timedelta(hours=rules.wait_hours),
        until=now + timedelta(days=rules.days),
    )


def can_be_called(party: Party) -> bool:
    """Whether a person stands behind the party who left a number; posts rate by themselves."""
    return party.post_id is None and party.person is not None and party.person.phone_index is not None


def rules_naming(case: Case, round_: Round, rules: CallBackRules) -> list[str]:
    """The rules of the place that have this matter called without a lot."""
    tests = {
        "urgent": lambda: case.urgency != Case.Urgency.NORMAL,
        "redone": lambda: case.round > 1,
        "late": lambda: _told_late(round_),
        "hopping": lambda: case.hopped,
        "group": lambda: case.headcount > 1,
        "brought": lambda: Party.objects.filter(case=case, role=Party.Role.BRINGER, left_at=None).exists(),
        "explained": lambda: Point.objects.filter(
            case=case, outcome__in=(Point.Outcome.EXPLAINED, Point.Outcome.REFUSED)
        ).exists(),
    }
    found = [name for name in rules.always if name in tests and tests[name]()]
    return [*found, "category"] if _in_categories(case, rules.categories) else found


def _told_late(round_: Round) -> bool:
    due, told = round_.clock.due_at, round_.told_at
    return due is not None and told is not None and told > due


def _in_categories(case: Case, codes: Iterable[str]) -> bool:
    return case.category is not None and bool({*case.category.path.strip("/").split("/")} & {*codes})


# -- the day's lots ------------------------------------------------------------------------------------------
def draw_of(day: date, rules: CallBackRules) -> Draw:
    """The day's seed, share and rules. What is changed during a day holds from the next on; inside a transaction.

    Before the first lot the ledger gets what commits to the seed, so that no other seed can be shown later.
    """
    row, new = Draw.objects.get_or_create(
        day=day,
        defaults={
            "seed": new_seed(),
            "share": rules.thousandth,
            "rules": [*rules.always, *rules.categories],
            "began_at": clock.now(),
        },
    )
    if new:
        facts = {"commitment": commitment_to(row.seed), "share": row.share, "rules": row.rules}
        writing.record(
            subject_of(day), "begin_draw", actor=WORKER, occurred_at=row.began_at, facts=facts, first=True
        )
    return row


def reveal_yesterdays() -> int:
    """Show the seeds of days that are over, with how many were looked at and called; how many days."""
    today = clock.local_date(clock.now())
    over = list(Draw.objects.filter(revealed_at=None, day__lt=today).order_by("day"))
    for row in over:
        with transaction.atomic():
            now = clock.now()
            if not Draw.objects.filter(pk=row.pk, revealed_at=None).update(revealed_at=now):
                continue
            looked_at = CallBack.objects.filter(draw=row)
            facts = {
                "seed": row.seed,
                "looked_at": looked_at.count(),
                "sampled": looked_at.filter(sampled=True).count(),
            }
            writing.record(subject_of(row.day), "show_draw", actor=WORKER, occurred_at=now, facts=facts)
    return len(over)


def subject_of(day: date) -> str:
    """Under what the ledger keeps a day's lots."""
    return f"call-backs:{day.isoformat()}"


def drawn_again(draw: Draw) -> list[CallBack]:
    """The parties of a day whose lot, drawn again, falls otherwise than was written; none, when all is well."""
    rows = CallBack.objects.filter(draw=draw).select_related("case").order_by("pk")
    return [
        row
        for row in rows.iterator()
        if row.sampled
        != falls_on(draw.seed, lot_key(row.case.number, row.round, row.party_id), share=draw.share)
    ]


# -- asking by short message first ---------------------------------------------------------------------------
def invite(rows: Iterable[CallBack]) -> None:
    """Ask by short message that they rate by themselves; who does is not called. In the transaction of the draw."""
    now = clock.now()
    for row in rows:
        if row.party.person is None:  # erased since
            continue
        phone = people.particulars(row.party.person, PERMIT)["phone"]
        outbox.prepare(
            SMS,
            to=phone,
            text=_(
                "您的诉求 %(number)s 已经答复。请打开 %(url)s 凭编号和查询码（或手机验证码）评价。"
                "办理单位看不到您打的分。没有评价的，我们会打电话请您评。"
            )
            % {"number": row.case.number, "url": settings.HUIYIN_URL},
            key=f"call-back:{row.pk}",
            expires_at=row.until,
        )
        CallBack.objects.filter(pk=row.pk).update(invited_at=now)
