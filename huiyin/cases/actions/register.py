"""登记: a matter becomes a case with one number, one owner, one deadline and a code for each party."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.accounts.roles import Role
from huiyin.cases import access, pens, sent_again, words
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Case, Category, Exclusion, Party, Point, Round
from huiyin.cases.ordering import clock_of
from huiyin.deadlines.models import Policy
from huiyin.kernel import clock as wall
from huiyin.kernel import identifiers, masking
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Region, Unit
from huiyin.organisation.place import doors
from huiyin.organisation.succession import line_of, with_lineage
from huiyin.people import acts as people
from huiyin.people.models import Person

LONGEST_TITLE, LONGEST_PLACE, LONGEST_POINT, MOST_HEADCOUNT = 120, 120, 300, 100_000
MOST_SPOKESPERSONS = 5  # 信访工作条例 art. 20
TEXT, TITLE, PLACE = gettext_lazy("诉求内容"), gettext_lazy("标题"), gettext_lazy("地点")
ROLES = frozenset(Party.Role.values)
CHOICES = {
    "nature": frozenset(Case.Nature.values),
    "channel": frozenset(Case.Channel.values),
    "track": frozenset(Policy.Track.values),
    "urgency": frozenset(Case.Urgency.values),
    "confidentiality": frozenset(Case.Confidentiality.values),
}
ATTEMPTS = 5  # draws of a number


@dataclass(frozen=True)
class PartyIn:
    """Somebody as they come in: whatever is left empty is not known or not kept."""

    role: str = Party.Role.PETITIONER
    name: str = ""
    phone: str = ""
    address: str = ""
    identity_number: str = ""
    email: str = ""
    language: str = "zh-hans"
    private: str = ""
    post: Post | None = None
    unit: Unit | None = None


@dataclass(frozen=True)
class Intake:
    """A matter as it comes in, in the citizen's own words."""

    text: str
    title: str = ""
    nature: str = Case.Nature.APPEAL
    channel: str = Case.Channel.WEB
    track: str = "hotline"
    region: Region | None = None
    category: Category | None = None
    place: str = ""
    urgency: str = Case.Urgency.NORMAL
    confidentiality: str = Case.Confidentiality.SEALED
    reply_required: bool = True
    headcount: int = 1
    parties: Sequence[PartyIn] = (PartyIn(),)
    points: Sequence[str] = ()
    accused_units: Sequence[Unit] = ()
    accused_posts: Sequence[Post] = ()
    door: str = ""
    source: str = ""
    source_number: str = ""
    idempotency_key: str = ""
    seconds: int = 0  # how long the call took, where it came by telephone


@dataclass(frozen=True)
class Registered:
    """The case, its parties and each party's query code, in the order of the parties; the codes are shown once only.

    `again` says that it was there before: the same form had come already; `changed` that it said something else
    then. What it said then stands.
    """

    case: Case
    codes: list[str] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    again: bool = False
    changed: bool = False


def register(intake: Intake, *, by: Actor) -> Registered:
    """Register a matter: case, parties, points, first round and the citizen's clock, from now (or `by.at`).

    With an `idempotency_key` that is known already, the same case and the same codes come back and nothing
    is written. Raises `Refused` on bad input, `PermissionDenied` for somebody whom the report accuses.
    """
    text = words.required(intake.text, TEXT, most=words.LONGEST_TEXT)
    _require_possible(intake)
    for _attempt in range(ATTEMPTS):
        codes = _codes(intake)
        file, new = _begun(intake, text, codes, by)
        try:
            file.bear(new)
        except IntegrityError:
            known = _registered_before(intake)
            if known is not None:
                return _again(known, file.case, new, by)
            if not Case.objects.filter(number=file.case.number).exists():
                raise
        else:
            return Registered(file.case, codes, [row for row in new if isinstance(row, Party)])
    raise RuntimeError("no free case number was found")  # of 10^9 a year: the source of chance is broken


def _begun(intake: Intake, text: str, codes: Sequence[str], by: Actor) -> tuple[CaseFile, list[Model]]:
    """The file of a new case and all its rows, of which nothing is written yet: a transaction is to be short."""
    case = _new_case(intake, text, by)
    file = CaseFile(case, "register", by, pens.in_hand())
    access.require(by, "register", case)
    _require_not_accused(intake, by)
    file.require_lawful()
    clock = clock_of(file, "reply")
    case.due_at = clock.due_at
    file.move(Case.State.REGISTERED)
    file.hold(case.desk, Role.CLERK)
    file.facts |= {
        "nature": case.nature,
        "channel": case.channel,
        "desk": case.desk.code,
        "due": clock.due_at.isoformat(),
        **({"door": case.door} if case.door else {}),
        **({"seconds": intake.seconds} if intake.seconds else {}),
    }
    file.private = {"text": words.digest(text)}
    first = Round(case=case, number=1, began_at=file.at, clock=clock)
    points = [Point(case=case, ordinal=n, text=point) for n, point in enumerate(_points(intake), start=1)]
    return file, [clock, case, first, *points, *_people(file, intake, codes)]


def _again(known: Case, now: Case, new: Sequence[Model], by: Actor) -> Registered:
    """The case of the first sending, with the parties and codes that it had; others may have joined since."""
    stored = Party.objects.filter(case=known, code_hash__isnull=False).select_related("person")
    by_hash = {bytes(party.code_hash): party for party in stored if party.code_hash}
    codes, parties = list[str](), list[Party]()
    for n in range(len(by_hash)):
        code = _code(known.idempotency_key or "", n)
        party = by_hash.get(identifiers.code_hash(code))
        if party is None:
            break
        codes.append(code)
        parties.append(party)
    changed = sent_again.differs(known, parties, now, new, by=by)
    return Registered(known, codes, parties, again=True, changed=changed)


def _require_possible(intake: Intake) -> None:
    for name, choices in CHOICES.items():
        if getattr(intake, name) not in choices:
            raise Refused(_choose(name), code=name)
    if intake.door and intake.door not in {door.code for door in doors()}:
        raise Refused(_("没有这个窗口。请从列出的窗口里选，或者不选。"), code="door")
    if not 1 <= intake.headcount <= MOST_HEADCOUNT:
        raise Refused(_("人数应在 1 到 100000 之间，请改正。"), code="headcount")
    roles = [party.role for party in intake.parties]
    if not all(role in ROLES for role in roles) or not any(role in Party.TOLD for role in roles):
        raise Refused(_("请写明谁提出诉求；不愿留名的，可以什么都不填。"), code="parties")
    if roles.count(Party.Role.SPOKESPERSON) > MOST_SPOKESPERSONS:
        raise Refused(_("多人反映同一事项，代表人最多 5 名。请推选 5 名以内的代表。"), code="spokespersons")


def _choose(name: str) -> str:
    sentences = {
        "nature": _("请选择诉求的性质，例如求助、投诉或建议。"),
        "channel": _("请选择诉求从哪个渠道来。"),
        "track": _("请选择办理的轨道，例如热线或信访。"),
        "urgency": _("请选择紧急程度。"),
        "confidentiality": _("请选择身份信息怎样保密。"),
    }
    return sentences[name]


def _points(intake: Intake) -> list[str]:
    """The readable points; a single empty one when the matter was not divided."""
    said = [words.required(point, _("诉求点"), most=LONGEST_POINT) for point in intake.points]
    return [masking.mask(point)[:LONGEST_POINT] for point in said] or [""]


def _heads(intake: Intake) -> int:
    """The people behind the matter: as many as were said, and at least those who are named."""
    return max(intake.headcount, sum(party.role in Party.PEOPLE for party in intake.parties))


def _registered_before(intake: Intake) -> Case | None:
    """The case of the same form, when it has come before; asked only after the database's own rule has spoken."""
    key = intake.idempotency_key
    return Case.objects.filter(idempotency_key=key).first() if key else None


def _named(intake: Intake) -> list[Post]:
    """The posts of everybody of the office whose name stands in a report: they are shut out from the start.

    A namesake is shut out too; better one colleague too many than the person the report is about.
    """
    if intake.nature != Case.Nature.REPORT:
        return []
    respondents = [party.private for party in intake.parties if party.role == Party.Role.RESPONDENT]
    return organisation.posts_named("\n".join((intake.title, intake.text, *respondents)))


def _accused(intake: Intake) -> list[Unit]:
    return [*intake.accused_units, *(post.unit for post in intake.accused_posts)]


def _require_not_accused(intake: Intake, by: Actor) -> None:
    accused = _accused(intake)
    if by.kind != "staff" or (intake.nature != Case.Nature.REPORT and not accused):
        return
    itself = any(post.user_id == by.post.user_id for post in (*intake.accused_posts, *_named(intake)))
    if itself or any(unit.pk in by.barred_unit_ids for unit in accused):
        raise PermissionDenied(_("您或您的单位是被举报对象，不能登记这件举报。请由督办机构登记。"))


def _new_case(intake: Intake, text: str, by: Actor) -> Case:
    at, region = by.when(), intake.region or organisation.root()
    title = words.optional(intake.title, TITLE, most=LONGEST_TITLE) or _first_line(text)
    place = words.optional(intake.place, PLACE, most=LONGEST_PLACE)
    return Case(
        number=pens.in_hand().free_number(wall.local_date(at).year),
        version=1,
        state="",
        nature=intake.nature,
        track=intake.track,
        channel=intake.channel,
        category=intake.category,
        region=region,
        urgency=intake.urgency,
        confidentiality=intake.confidentiality,
        headcount=_heads(intake),
        reply_required=intake.reply_required,
        title=masking.mask(title)[:120],
        text=masking.mask(text),
        place=masking.mask(place)[:120],
        original_title=title,
        original_text=text,
        original_place=place or None,
        received_at=at,
        received_on=wall.local_date(at),
        recorded_at=wall.now(),
        desk=_desk(region, intake),
        door=intake.door,
        source=intake.source,
        source_number=intake.source_number,
        idempotency_key=intake.idempotency_key or None,
    )


def _desk(region: Region, intake: Intake) -> Unit:
    """The centre of the place; the supervising unit when the centre, or what is above it, is complained of."""
    accused = line_of(unit.path for unit in _accused(intake))
    desk = organisation.desk_for(region)
    if desk.path.startswith(accused) or _about_the_desk(intake, desk):
        desk = organisation.supervision_for(region)
    if desk.path.startswith(accused):
        raise Refused(
            _("受理中心和督办机构都是被举报对象，这里不能登记。请向上级机关或纪检监察机关反映。"),
            code="accused",
        )
    return desk


def _about_the_desk(intake: Intake, desk: Unit) -> bool:
    """Whether a report names somebody of the desk, or accuses somebody whom nobody here can tell."""
    named = _named(intake)
    if named and not with_lineage({desk.pk}).isdisjoint(post.unit_id for post in named):
        return True
    untold = any(p.role == Party.Role.RESPONDENT and p.private and p.unit is None for p in intake.parties)
    known = named or intake.accused_units or intake.accused_posts
    return untold and not known and organisation.has_supervision(desk.region)


def _people(file: CaseFile, intake: Intake, codes: Sequence[str]) -> list[Model]:
    """Every party with the person behind it, and whoever is shut out."""
    case, new = file.case, list[Model]()
    for party, code in zip(intake.parties, codes, strict=True):
        keeps = intake.confidentiality != Case.Confidentiality.NONE or party.role == Party.Role.BRINGER
        person = person_of(party, file.at) if keeps and identifies(party) else None
        new += [person] if person else []
        new.append(
            Party(
                case=case,
                role=party.role,
                person=person,
                unit=party.unit,
                post=party.post,
                private=party.private or None,
                code_hash=identifiers.code_hash(code),
                joined_at=file.at,
            )
        )
    new += [Exclusion(case=case, unit=unit) for unit in intake.accused_units]
    new += [Exclusion(case=case, unit=post.unit, user=post.user) for post in intake.accused_posts]
    new += [Exclusion(case=case, user=user) for user in dict.fromkeys(post.user for post in _named(intake))]
    return new


def identifies(party: PartyIn) -> bool:
    """Whether anything was said of who it is."""
    return any((party.name, party.phone, party.address, party.identity_number, party.email))


def person_of(party: PartyIn, at: datetime) -> Person:
    """Their particulars, sealed and not saved yet. Raises `Unreadable`, naming the field."""
    return people.build(
        at=at,
        name=party.name,
        phone=party.phone,
        address=party.address,
        identity_number=party.identity_number,
        email=party.email,
        language=party.language,
    )


def _codes(intake: Intake) -> list[str]:
    """A code for each party; with an idempotency key the same ones again, so that a second click loses nothing."""
    if not intake.idempotency_key:
        return [identifiers.query_code() for _party in intake.parties]
    return [_code(intake.idempotency_key, n) for n, _party in enumerate(intake.parties)]


def _code(key: str, n: int) -> str:
    return identifiers.query_code_from(f"{key}:{n}")


def _first_line(text: str) -> str:
    line = text.splitlines()[0].strip()
    return line if len(line) <= 30 else line[:29] + "…"
