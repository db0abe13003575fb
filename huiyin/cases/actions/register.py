"""登记: a matter becomes a case with one number, one owner, one deadline and a code for each party."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import access, pens, words
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Case, Category, Exclusion, Party, Point, Round
from huiyin.cases.ordering import start_clock
from huiyin.kernel import clock as wall
from huiyin.kernel import identifiers, masking
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Region, Unit
from huiyin.people import acts as people
from huiyin.people.models import Person

LONGEST_TITLE, LONGEST_PLACE, MOST_HEADCOUNT = 120, 120, 100_000
MOST_SPOKESPERSONS = 5  # 信访工作条例 art. 20


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
    source: str = ""
    source_number: str = ""
    idempotency_key: str = ""


@dataclass(frozen=True)
class Registered:
    """The new case and each party's query code, in the order of the parties; the codes are shown once only."""

    case: Case
    codes: list[str] = field(default_factory=list)


def register(intake: Intake, *, by: Actor) -> Registered:
    """Register a matter: case, parties, points, first round and the citizen's clock, from now (or `by.at`).

    With an `idempotency_key` that is known already, the same case and the same codes come back and nothing
    is written. Raises `Refused` on bad input, `PermissionDenied` for somebody whom the report accuses.
    """
    pen = pens.in_hand()
    text = words.required(intake.text, _("诉求内容"), most=words.LONGEST_TEXT)
    _require_possible(intake)
    with pen.atomic():
        known = _registered_before(intake)
        if known is not None:
            return Registered(known, _codes(intake))
        case = _new_case(intake, text, by)
        file = CaseFile(case, "register", by, pen)
        access.require(by, "register", case)
        _require_not_accused(intake, by)
        clock = start_clock(file, "reply")
        case.due_at = clock.due_at
        file.move(Case.State.REGISTERED)
        file.hold(case.desk, Role.CLERK)
        file.add(case)
        file.add(Round(case=case, number=1, began_at=file.at, clock=clock))
        for ordinal, point in enumerate(intake.points or [""], start=1):
            file.add(Point(case=case, ordinal=ordinal, text=masking.mask(words.clean(point))[:300]))
        codes = _add_parties(file, intake)
        file.facts |= {
            "nature": case.nature,
            "channel": case.channel,
            "desk": case.desk.code,
            "due": clock.due_at.isoformat(),
        }
        file.private = {"text": words.digest(text)}
        file.close()
    return Registered(case, codes)


def _require_possible(intake: Intake) -> None:
    if intake.nature not in Case.Nature.values:
        raise Refused(_("请选择诉求的性质，例如求助、投诉或建议。"), code="nature")
    if not 1 <= intake.headcount <= MOST_HEADCOUNT:
        raise Refused(_("人数应在 1 到 100000 之间，请改正。"), code="headcount")
    if sum(party.role == Party.Role.SPOKESPERSON for party in intake.parties) > MOST_SPOKESPERSONS:
        raise Refused(_("多人反映同一事项，代表人最多 5 名。请推选 5 名以内的代表。"), code="spokespersons")


def _registered_before(intake: Intake) -> Case | None:
    if not intake.idempotency_key:
        return None
    return Case.objects.filter(idempotency_key=intake.idempotency_key).first()


def _require_not_accused(intake: Intake, by: Actor) -> None:
    if by.kind != "staff":
        return
    barred = by.barred_unit_ids
    if any(unit.pk in barred for unit in intake.accused_units) or any(
        post.user_id == by.user.pk for post in intake.accused_posts if by.user
    ):
        raise Refused(_("您或您的单位是被举报对象，不能登记这件举报。请由督办机构登记。"), code="accused")


def _new_case(intake: Intake, text: str, by: Actor) -> Case:
    at, region = by.when(), intake.region or organisation.root()
    title = words.optional(intake.title, _("标题"), most=LONGEST_TITLE) or _first_line(text)
    place = words.optional(intake.place, _("地点"), most=LONGEST_PLACE)
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
        headcount=intake.headcount,
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
        source=intake.source,
        source_number=intake.source_number,
        idempotency_key=intake.idempotency_key or None,
    )


def _desk(region: Region, intake: Intake) -> Unit:
    accused = {unit.pk for unit in intake.accused_units} | {post.unit_id for post in intake.accused_posts}
    desk = organisation.desk_for(region)
    return desk if desk.pk not in accused else organisation.supervision_for(region)


def _add_parties(file: CaseFile, intake: Intake) -> list[str]:
    codes = _codes(intake)
    for party, code in zip(intake.parties, codes, strict=True):
        keeps = intake.confidentiality != Case.Confidentiality.NONE or party.role == Party.Role.BRINGER
        person = file.add(_person(party, file.at)) if keeps and _identifies(party) else None
        file.add(
            Party(
                case=file.case,
                role=party.role,
                person=person,
                unit=party.unit,
                post=party.post,
                private=party.private or None,
                code_hash=identifiers.code_hash(code),
                joined_at=file.at,
            )
        )
    for unit in intake.accused_units:
        file.add(Exclusion(case=file.case, unit=unit))
    for post in intake.accused_posts:
        file.add(Exclusion(case=file.case, unit=post.unit, user=post.user))
    return codes


def _identifies(party: PartyIn) -> bool:
    return any((party.name, party.phone, party.address, party.identity_number, party.email))


def _person(party: PartyIn, at: datetime) -> Person:
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
    return [
        identifiers.query_code_from(f"{intake.idempotency_key}:{n}")
        for n, _party in enumerate(intake.parties)
    ]


def _first_line(text: str) -> str:
    line = text.splitlines()[0].strip()
    return line if len(line) <= 30 else line[:29] + "…"
