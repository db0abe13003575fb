"""A form that somebody sent from a web page becomes a case, once, however often it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.cases import actions, pens, sent_again
from huiyin.cases.actions import Intake, PartyIn, Registered
from huiyin.cases.actions.attach import StoredFile
from huiyin.cases.models import Case, Party
from huiyin.cases.words import clean
from huiyin.kernel.refusals import Refused
from huiyin.ledger import queries as ledger
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.directory import places_within, units_in
from huiyin.organisation.models import Region, Unit


@dataclass(frozen=True)
class Message:
    """What somebody wrote, field by field; codes name regions and units. `key` is the form's own, used once."""

    text: str
    key: str
    nature: str = Case.Nature.APPEAL
    region: str = ""
    place: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    confidentiality: str = Case.Confidentiality.SEALED
    reply_required: bool = True
    headcount: int = 1
    accused_unit: str = ""
    accused: str = ""
    files: Sequence[StoredFile] = field(default=())


@dataclass(frozen=True)
class HandedIn:
    """The case, whose part the sender has in it, and their query code.

    `changed` says that the same form had come before and said something else, which stands as it was.
    """

    number: str
    party_id: int
    code: str
    changed: bool = False


def hand_in(message: Message) -> HandedIn:
    """Register the message and join its files. A form sent twice is one case, with what came the first time.

    Raises `Refused` with a sentence for the sender; then nothing is kept.
    """
    intake = _intake(message)
    if not message.files:
        return _handed_in(actions.register(intake, by=Actor.citizen()), message.files)
    with transaction.atomic():
        registered = actions.register(intake, by=Actor.citizen())
        if not registered.again:
            _join_files(registered, message.files)
        return _handed_in(registered, message.files)


def _handed_in(registered: Registered, files: Sequence[StoredFile]) -> HandedIn:
    sender = registered.parties[0]
    digests = {stored.digest for stored in files}
    changed = registered.changed or (
        registered.again and sent_again.files_differ(registered.case, sender, digests)
    )
    return HandedIn(registered.case.number, sender.pk, registered.codes[0], changed)


def _join_files(registered: Registered, files: Sequence[StoredFile]) -> None:
    sender = registered.parties[0]
    for stored in {each.digest: each for each in files}.values():
        actions.attach(registered.case, by=Actor.citizen(sender.pk), stored=stored)


def _intake(message: Message) -> Intake:
    report = message.nature == Case.Nature.REPORT
    unit = _unit(message.accused_unit) if report else None
    return Intake(
        text=_text(message, report),
        nature=message.nature,
        channel=Case.Channel.WEB,
        region=_region(message.region),
        place=message.place,
        confidentiality=message.confidentiality,
        reply_required=message.reply_required,
        headcount=message.headcount,
        parties=_parties(message, unit, report),
        accused_units=[unit] if unit else (),
        idempotency_key=f"web:{message.key}",
    )


def _text(message: Message, report: bool) -> str:
    """The sender's words; whom a report complains of stands in it too, where every reader at the desk finds it."""
    accused = clean(message.accused) if report else ""
    return f"{message.text}\n\n{_('被反映的人或单位：')}{accused}" if accused else message.text


def _parties(message: Message, unit: Unit | None, report: bool) -> list[PartyIn]:
    sender = PartyIn(
        name=message.name,
        phone=message.phone,
        email=message.email,
        language=get_language() or "zh-hans",
    )
    accused = clean(message.accused) if report else ""
    if not (unit or accused):
        return [sender]
    return [sender, PartyIn(role=Party.Role.RESPONDENT, unit=unit, private=accused)]


def _region(code: str) -> Region | None:
    if not code:
        return None
    listed = (place for place in places() if place.code == code)
    found = next(listed, None) or organisation.region_by_code(code)
    if found is None:
        raise Refused(_("没有这个地方。请从列出的里面选，或者选“说不清”。"), code="region")
    return found


def _unit(code: str) -> Unit | None:
    if not code:
        return None
    found = next((unit for unit in complained_of() if unit.code == code), None)
    if found is None:
        raise Refused(_("没有这个单位。请从列出的里面选，或者用文字写明。"), code="accused_unit")
    return found


# -- what the form offers ------------------------------------------------------------------------------------
def places() -> tuple[Region, ...]:
    """The places to choose from, down to communities; a grid means nothing to those who live in it."""
    return places_within(organisation.root().path)


def complained_of() -> tuple[Unit, ...]:
    """The units that a report may complain of."""
    return units_in(organisation.root().path)


def receipt_of(number: str) -> dict:
    """What a receipt tells besides the code: when, whose turn, until when, by which rule, and the event's head."""
    case = Case.objects.select_related("desk", "holder_unit").get(number=number)
    first = case.rounds.select_related("clock__policy").get(number=1)
    event = ledger.history(pens.subject_of(case)).first()
    return {
        "number": case.number,
        "handed_in": case.received_at,
        "title": case.title,
        "due": first.clock.due_at,
        "basis": first.clock.policy.basis,
        "holder": str(case.holder_unit or case.desk),
        "signature": bytes(event.hash).hex()[:16] if event else "",
    }


@transaction.atomic
def add_material(case: Case, *, by: Actor, text: str = "", files: Sequence[StoredFile] = ()) -> None:
    """Add a party's words, files or both to their case, all of it or nothing."""
    if not (clean(text) or files):
        raise Refused(_("请写点什么，或者选一个文件。"), code="missing")
    if clean(text):
        actions.note(case, by=by, text=text)
    for stored in files:
        actions.attach(case, by=by, stored=stored)
