"""What somebody of the office wrote down for a person becomes a case, answered at once if it was."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import actions
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.models import Case, Party, Point
from huiyin.cases.words import clean
from huiyin.deadlines.models import Policy
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.directory import units_in
from huiyin.organisation.models import Region, Unit
from huiyin.organisation.place import doors
from huiyin.people.acts import phone_of

MOST_MEMBERS = 30
MOST_POINTS = 20
C = Case.Channel
CHANNELS = (C.PHONE, C.VISIT, C.LETTER, C.MAILBOX, C.REPRESENTATIVE, C.MEDIA)
NAMED = (Party.Role.PETITIONER, Party.Role.MEMBER)  # whose codes are on the receipt
ANSWERERS = (Role.CLERK, Role.DISPATCHER)  # who may answer at once, at their own desk


LONGEST_CALL = 4 * 3600  # seconds; a form left open overnight is no call


@dataclass(frozen=True)
class Member:
    """Somebody who joins in, as far as they said who they are."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Statement:
    """What was said, as it was written down; codes name regions and units. `key` is the form's own, used once.

    A `track` left empty follows from channel and urgency.
    `door` is a duty of the front desk, where it has several. With an `answer` the matter is answered at once.
    """

    text: str
    key: str
    channel: str = C.PHONE
    title: str = ""
    nature: str = Case.Nature.APPEAL
    urgency: str = Case.Urgency.NORMAL
    track: str = ""
    region: str = ""
    place: str = ""
    confidentiality: str = Case.Confidentiality.SEALED
    reply_required: bool = True
    headcount: int = 1
    name: str = ""
    phone: str = ""
    address: str = ""
    members: Sequence[Member] = ()
    points: Sequence[str] = ()
    accused_units: Sequence[str] = ()
    accused: str = ""
    door: str = ""
    answer: str = ""
    outcome: str = ""
    seconds: int = 0  # since whoever writes took the call; kept for calls alone


@dataclass(frozen=True)
class TakenDown:
    """The new case with the query codes of the petitioner and the members, in that order.

    `changed` says that the same form had come before and said something else, which stands as it was.
    """

    number: str
    codes: list[str] = field(default_factory=list)
    answered: bool = False
    changed: bool = False


def take_down(statement: Statement, *, by: Actor) -> TakenDown:
    """Register what was said, and answer it in the same transaction if it was answered on the spot.

    A form sent twice is one case. Raises `Refused` with a sentence for whoever writes, and `PermissionDenied`
    when the writer, or a unit of theirs, is complained of.
    """
    intake = _intake(statement, by)
    if clean(statement.answer):
        registered = actions.register_and_answer(
            intake, by=by, text=statement.answer, outcome=statement.outcome or Point.Outcome.INFORMED
        )
    else:
        registered = actions.register(intake, by=by)
    coded = zip(registered.parties, registered.codes, strict=True)
    return TakenDown(
        number=registered.case.number,
        codes=[code for party, code in coded if party.role in NAMED],
        answered=registered.case.state == Case.State.TOLD,
        changed=registered.changed,
    )


def _intake(statement: Statement, by: Actor) -> Intake:
    report = statement.nature == Case.Nature.REPORT
    units = [_unit(code) for code in statement.accused_units] if report else []
    accused = clean(statement.accused) if report else ""
    return Intake(
        text=_text(statement),
        title=statement.title,
        nature=statement.nature,
        channel=statement.channel,
        track=statement.track or track_of(statement.channel, statement.urgency),
        region=_region(statement.region),
        place=statement.place,
        urgency=statement.urgency,
        confidentiality=statement.confidentiality,
        reply_required=statement.reply_required,
        headcount=statement.headcount,
        parties=[*_people(statement), *_bringer(by), *_respondents(units, accused)],
        points=statement.points,
        accused_units=units,
        door=statement.door,
        idempotency_key=f"clerk:{statement.key}",
        seconds=min(statement.seconds, LONGEST_CALL) if statement.channel == C.PHONE else 0,
    )


def track_of(channel: str, urgency: str) -> str:
    """The track that a matter takes when nobody chose one: urgent ones have their own, letters to the mailbox too."""
    if urgency == Case.Urgency.IMMEDIATE:
        return Policy.Track.URGENT
    return Policy.Track.MAILBOX if channel == C.MAILBOX else Policy.Track.HOTLINE


def _text(statement: Statement) -> str:
    """The words; whom a report complains of stands in them too, where every reader at the desk finds it."""
    accused = clean(statement.accused) if statement.nature == Case.Nature.REPORT else ""
    return f"{statement.text}\n\n{_('被反映的人或单位：')}{accused}" if accused else statement.text


def _people(statement: Statement) -> list[PartyIn]:
    petitioner = PartyIn(name=statement.name, phone=statement.phone, address=statement.address)
    joined = [PartyIn(role=Party.Role.MEMBER, name=m.name, phone=m.phone) for m in statement.members]
    return [petitioner, *joined]


def _bringer(by: Actor) -> list[PartyIn]:
    """A representative stays part of what they brought: is told, sees it, rates it."""
    return [PartyIn(role=Party.Role.BRINGER, post=by.post)] if by.role == Role.REPRESENTATIVE else []


def _respondents(units: Sequence[Unit], accused: str) -> list[PartyIn]:
    role = Party.Role.RESPONDENT
    named = [PartyIn(role=role, unit=unit) for unit in units]
    return [*named, PartyIn(role=role, private=accused)] if accused else named


def _region(code: str) -> Region | None:
    if not code:
        return None
    found = organisation.region_by_code(code)
    if found is None:
        raise Refused(_("没有这个地方。请从列出的里面选，或者选“说不清”。"), code="region")
    return found


def _unit(code: str) -> Unit:
    found = next((unit for unit in complained_of() if unit.code == code), None)
    if found is None:
        raise Refused(_("没有这个单位。请从列出的里面选，或者用文字写明。"), code="accused_units")
    return found


# -- what the form offers, and how its lines are read --------------------------------------------------------
def complained_of() -> tuple[Unit, ...]:
    """The units that a report may complain of."""
    return units_in(organisation.root().path)


def channels() -> list[tuple[str, str]]:
    """The channels by which a matter reaches somebody who writes it down, with their words."""
    return [(str(channel), str(C(channel).label)) for channel in CHANNELS]


def doors_offered() -> list[tuple[str, str]]:
    """The doors of the front desk with what they are for; none where there is one desk for everything."""
    return [(door.code, f"{door.name}：{door.duty}" if door.duty else door.name) for door in doors()]


PHONE_AT_END = re.compile(
    r"(?P<name>.*?)[\s,，、:：]*(?P<phone>\+?\d[\d\s-]*\d)\s*"
)  # any number: too short is an error, no name


def members_of(text: str) -> list[Member]:
    """People who join in, one a line, name and then phone; either may be missing.

    Raises `Refused`, naming the line, for a phone number that cannot be one, and for more than MOST_MEMBERS.
    """
    lines = [line for line in enumerate(clean(text).splitlines(), start=1) if line[1].strip()]
    if len(lines) > MOST_MEMBERS:
        raise Refused(
            _("一次最多写 %(most)d 个人，现在有 %(n)d 个。请只写代表，把总人数填在“人次”里。")
            % {"most": MOST_MEMBERS, "n": len(lines)},
            code="members",
        )
    return [_member(number, line) for number, line in lines]


def _member(number: int, line: str) -> Member:
    plain = unicodedata.normalize("NFKC", line).strip()
    found = PHONE_AT_END.fullmatch(plain)
    name, phone = (found["name"], found["phone"]) if found else (plain, "")
    try:
        phone_of(phone)
    except Refused as refusal:
        raise Refused(
            _("第 %(line)d 行的电话不对：%(why)s") % {"line": number, "why": refusal}, code="members"
        ) from refusal
    if len(name) > 60:
        raise Refused(_("第 %(line)d 行的姓名太长，一行写一个人。") % {"line": number}, code="members")
    return Member(name.strip(" ,，、:："), phone)


def points_of(text: str) -> list[str]:
    """The points of a matter, one a line. Raises `Refused` for more than MOST_POINTS."""
    lines = [line.strip() for line in clean(text).splitlines() if line.strip()]
    if len(lines) > MOST_POINTS:
        raise Refused(
            _("一件诉求最多分成 %(most)d 个诉求点，现在有 %(n)d 个。请合并，或者分成几件登记。")
            % {"most": MOST_POINTS, "n": len(lines)},
            code="points",
        )
    return lines
