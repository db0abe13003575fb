"""请单位复看: a unit without a part in a matter is asked for its view, by a day that the place's rules give."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from huiyin.accounts.roles import UNIT, Role
from huiyin.cases import access, peers, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, PeerView
from huiyin.deadlines.queries import work_calendar
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit
from huiyin.organisation.place import limit

State = PeerView.State


def ask_peer(case: Case, *, by: Actor, unit: Unit, question: str) -> PeerView:
    """Ask a unit that had no part in it whether the matter could be solved, within `peer_days` working days.

    One waits at a time, and a unit is asked once a round. Raises `Refused` for a unit with a part in it or near one
    (`peers.taking_part`), and for a report in which nobody was named yet: it could be the very unit.
    """
    said = words.required(question, _("请复看什么"))
    with opened(case, "ask_peer", by=by) as file:
        peers.require_able(file, unit)
        day = wall.local_date(file.at)
        row = PeerView(
            case=file.case,
            round=file.case.round,
            unit=unit,
            question=said,
            due_on=work_calendar().add_working_days(day, limit("peer_days")),
            asked_at=file.at,
            asked_by=by.post,
        )
        file.add(row)
        file.move(file.case.state)
        file.facts |= {"unit": unit.code, "due_on": row.due_on.isoformat()}
        file.private["question"] = words.digest(said)
    return row


def take_peer_back(view: PeerView, *, by: Actor) -> None:
    """Take the asking back, while the unit has said nothing."""
    with opened(view.case, "take_peer_back", by=by) as file:
        row = waiting(file, view)
        file.change(row, state=State.TAKEN_BACK)
        file.move(file.case.state)
        file.facts["unit"] = row.unit.code


def entrust_view(view: PeerView, *, by: Actor, person: Post) -> None:
    """Let a colleague of the unit that was asked look at it too, and write the view; the unit's head still may.

    Only the unit's head does. Raises `Refused` for somebody who is not of the unit today, or is not apart
    from those who handled the matter (`peers.is_apart`).
    """
    if by.role != Role.UNIT_LEADER:
        raise PermissionDenied(_("由本单位的分管负责人来定交给谁。"))
    with opened(view.case, "entrust_view", by=by) as file:
        row = own_waiting(file, view)
        if person not in colleagues(row):
            raise Refused(_("请选本单位在任的人。"), code="person")
        peers.require_apart(file.case, by)
        if not peers.is_apart(file.case, Actor.of(person)):
            raise Refused(
                _("“%(name)s”办过这件诉求，或者在办过它的单位有岗位，请另选一位。")
                % {"name": person.user.name},
                code="part",
            )
        file.change(row, person=person)
        file.move(file.case.state)
        file.facts |= {"unit": row.unit.code, "person": person.code}


def colleagues(view: PeerView) -> list[Post]:
    """Those of the unit, or of the one that has succeeded it, who may be entrusted with a view."""
    today, unit = organisation.today(), view.unit
    if unit.valid_to is not None and unit.valid_to < today:
        unit = organisation.successor_of(unit, day=today) or unit
    return list(organisation.posts_in(unit, roles=UNIT, day=today))


def own_waiting(file: CaseFile, view: PeerView) -> PeerView:
    """The same for the unit: PermissionDenied where this very view was not asked of it, or is not for this person."""
    if not access.peer_views(file.by).filter(pk=view.pk).exists():
        raise PermissionDenied(_("您的岗位不能做这一步。请联系受理中心。"))
    return waiting(file, view)


def waiting(file: CaseFile, view: PeerView) -> PeerView:
    """The same row under the lock, if the view is still waited for."""
    row = file.part(view)
    if row.state != State.ASKED or row.round != file.case.round:
        raise Refused(
            _("这次复看现在是“%(state)s”，没有存下。") % {"state": row.get_state_display()}, code="state"
        )
    return row
