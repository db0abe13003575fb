"""分案: a message that holds several matters becomes several cases, each with its own road to an answer."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import words
from huiyin.cases.actions.register import LONGEST_TITLE
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Answer, Attachment, Case, Exclusion, Notice, Order, Party, Point, Round
from huiyin.cases.ordering import owe
from huiyin.deadlines import clocks
from huiyin.deadlines.models import Clock
from huiyin.kernel import clock as wall
from huiyin.kernel import masking
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

SAME = (
    "nature", "track", "channel", "category", "region", "urgency", "confidentiality", "reply_required", "desk",
    "place", "original_place", "received_at", "received_on", "door",
)  # fmt: skip


def split(
    case: Case,
    *,
    by: Actor,
    title: str,
    text: str,
    points: Sequence[Point] = (),
    files: Sequence[Attachment] = (),
) -> Case:
    """Make a case of its own of a part of a message: of the chosen points, or of what `text` says.

    The same people are its parties, with the same query codes; its clock is the one of the message, so that
    splitting wins nobody any time; and it adds no head to any figure (decision 0013). The chosen files, and those
    that belong to a chosen point, stand in both; what is stored is the same.
    """
    named = words.required(title, _("标题"), most=LONGEST_TITLE)
    said = words.required(text, _("诉求内容"), most=words.LONGEST_TEXT)
    with opened(case, "split", by=by) as file:
        chosen = [file.part(point) for point in points]
        _require_splittable(file, chosen, masking.mask(said))
        going = _going(file, chosen, files)
        child = _child(file, named, said)
        _write(file, child, chosen, said, going)
        file.move(file.case.state)
        owe(file, file.told_parties, Notice.About.SPLIT)
        file.facts |= {"child": child.number, "points": len(chosen), "files": len(going)}
        file.private["text"] = words.digest(said)
    return child


def _require_splittable(file: CaseFile, chosen: Sequence[Point], readable: str) -> None:
    if any(order.round == file.case.round for order in file.parts(Order)):
        raise Refused(
            _("这件诉求已派出工单，不能再分案。还没派的诉求点可以单独派单。"),
            code="dispatched",
            instead=_("派单"),
        )
    if file.round.clock.state != Clock.State.RUNNING:
        raise Refused(_("正在等诉求人补充，补充以后再分案。"), code="paused")
    if len(chosen) == len(file.points):
        raise Refused(_("至少留一个诉求点在原件里。"), code="points")
    done = {order.point_id for order in file.parts(Order)} | {each.point_id for each in file.parts(Answer)}
    if any(point.pk in done for point in chosen):
        raise Refused(_("选定的诉求点以前办过，要留在原件里。"), code="handled")
    before = Case.objects.filter(split_from=file.case, text=readable).first()
    if before is not None:
        raise Refused(_("这一段已经分出，编号 %(number)s。") % {"number": before.number}, code="before")


def _going(file: CaseFile, chosen: Sequence[Point], files: Sequence[Attachment]) -> list[Attachment]:
    """The files that go along: those that were picked, and those of the chosen points."""
    here = {row.pk: row for row in Attachment.objects.filter(case=file.case).order_by("pk")}
    if any(row.pk not in here for row in files):
        raise Refused(_("这份材料不在这件诉求里。请刷新页面。"), code="gone")
    picked, points = {row.pk for row in files}, {point.pk for point in chosen}
    return [row for row in here.values() if row.pk in picked or row.point_id in points]


def _child(file: CaseFile, title: str, text: str) -> Case:
    return Case(
        number=file.pen.free_number(wall.local_date(file.at).year),
        version=1,
        state="",
        split_from=file.case,
        headcount=0,  # its people are counted with the message
        title=masking.mask(title)[:LONGEST_TITLE],
        text=masking.mask(text),
        original_title=title,
        original_text=text,
        recorded_at=wall.now(),
        **{name: getattr(file.case, name) for name in SAME},
    )


def _write(
    file: CaseFile, child: Case, chosen: Sequence[Point], text: str, going: Sequence[Attachment]
) -> None:
    """Register the child, as its own first event, with the people, the clock and the exclusions of the parent."""
    clock, pauses = clocks.carried_on(file.round.clock)
    clock.subject = child.number
    own = CaseFile(child, "register", file.by, file.pen)
    child.due_at = clock.due_at
    own.move(Case.State.REGISTERED)
    own.hold(child.desk, Role.CLERK)
    own.facts |= {
        "nature": child.nature,
        "channel": child.channel,
        "desk": child.desk.code,
        "due": clock.due_at.isoformat(),
        "split_from": file.case.number,
    }
    own.private = {"text": words.digest(text)}
    points = [] if chosen else [Point(case=child, ordinal=1)]
    first = Round(case=child, number=1, began_at=file.round.began_at, clock=clock)
    people = _people(file, child)
    copies = [_copy(row, child, people) for row in going]
    own.bear([clock, *pauses, child, first, *points, *people.values(), *_shut_out(file, child), *copies])
    for row in going:
        if row.point_id in {point.pk for point in chosen}:  # the point is the part's now
            file.change(row, point=None)
    for ordinal, point in enumerate(chosen, start=1):
        file.change(point, case=child, ordinal=ordinal)


def _people(file: CaseFile, child: Case) -> dict[int, Party]:
    """The same people once more, by the keys that they have in the message.

    Who has left stays away, and an agent speaks for the same one as before.
    """
    copies: dict[int, Party] = {}
    for party in file.parts(Party):
        if party.left_at is None:
            copies[party.pk] = Party(
                case=child,
                role=party.role,
                person=party.person,
                unit_id=party.unit_id,
                post_id=party.post_id,
                code_hash=party.code_hash,
                private=party.private,
                acts_for=copies.get(party.acts_for_id) if party.acts_for_id else None,
                authority_id=party.authority_id,
                joined_at=party.joined_at,
            )
    return copies


def _shut_out(file: CaseFile, child: Case) -> list[Exclusion]:
    return [Exclusion(case=child, unit=row.unit, user_id=row.user_id) for row in file.parts(Exclusion)]


def _copy(row: Attachment, child: Case, people: Mapping[int, Party]) -> Attachment:
    """The same stored file in the part, brought by the same person at the same time."""
    same = ("point_id", "readers", "name", "kind", "size", "digest", "stored_as", "at", "by_id")
    copied = Attachment(case=child, **{name: getattr(row, name) for name in same})
    copied.party = people.get(row.party_id) if row.party_id else None
    return copied
