"""Who may see a case, and who may do what with it: the whole of it on this page."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT, Role
from huiyin.cases.models import Answer, Attachment, Case, Exclusion, Instruction, Note, Order, Party
from huiyin.cases.models.peers import PeerView
from huiyin.cases.parts import (
    accused_here,
    had_a_hand,
    own_part,
    own_units,
    still_theirs,
    theirs,
    units_in,
    untold,
)
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit

NotFound = Case.DoesNotExist
Rule = Callable[[Actor, Case, Order | None], bool]


# -- who may see --------------------------------------------------------------------------------------------
def visible(by: Actor) -> QuerySet[Case]:
    """Every case that the actor may know of; start every list, count, search and export here."""
    cases = Case.objects.all()
    if by.kind == "system":
        return cases
    if by.kind == "citizen":
        part = Party.objects.filter(pk=by.party_id, case=OuterRef("pk"), role__in=READING, left_at=None)
        return cases.filter(Exists(part)) if by.party_id is not None else cases.none()
    post = by.post
    if post is None or post.role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.MONITOR):
        return cases.none()  # what a monitor reads is `monitored`, and less of it
    if post.role in UNIT:
        cases = cases.filter(theirs(by))
    elif post.role in DESK:
        cases = cases.filter(desk=post.unit_id)
    elif post.role in OVERSIGHT:
        cases = cases.filter(organisation.placed_in(post.unit.region.path)).exclude(untold(post.unit_id))
    else:
        cases = cases.filter(Exists(Party.objects.filter(SPEAKING, case=OuterRef("pk"), post=post)))
    if post.role not in REPORT_READERS:
        cases = cases.exclude(nature=Case.Nature.REPORT)
    return cases.exclude(accused(by))


def monitored(by: Actor) -> QuerySet[Case]:
    """The matters of which an outside supervisor (deputy, discipline, legal expert) reads the redacted text.

    Those of their place that the desk has accepted; no report, and nothing that they or a unit of theirs is
    complained of in. Their pages show nothing of the people of a case (`supervision.outside`).
    """
    if by.post is None or by.role != Role.MONITOR:
        return Case.objects.none()
    placed = Case.objects.filter(organisation.placed_in(by.post.unit.region.path))
    plain = placed.exclude(nature=Case.Nature.REPORT).exclude(state=Case.State.REGISTERED)
    return plain.exclude(accused(by))


def accused(by: Actor, case: str = "pk") -> Exists:
    """The condition that the actor, or a unit that the actor belongs to, is complained of in the case.

    `case` names the key of the case in the row that is asked about.
    """
    barred = Q(unit__in=list(by.barred_unit_ids)) | Q(user=by.user)
    return Exists(Exclusion.objects.filter(barred, case=OuterRef(case)))


def sight(by: Actor) -> tuple[Any, ...]:
    """What decides which cases somebody who oversees may know of: those for whom it is the same see the same."""
    named = by.user is not None and Exclusion.objects.filter(user=by.user).exists()
    unit = by.post.unit_id if by.post else None
    return by.kind, by.role, unit, tuple(sorted(by.barred_unit_ids)), by.post.user_id if named else None


def own_orders(by: Actor) -> QuerySet[Order]:
    """Every order of the actor's own unit in cases that they may know of; by such an order a unit knows of a case."""
    if by.post is None or by.role not in UNIT:
        return Order.objects.none()
    return Order.objects.filter(own_part(by), still_theirs(by)).exclude(accused(by, "case"))


def peer_views(by: Actor) -> QuerySet[PeerView]:
    """The views that the actor's unit, or one merged into it, was asked for: its head reads all.

    Nothing of a report that complains of them, of a unit of theirs, of one above or below it, or of who serves there.
    """
    if by.post is None or by.role not in UNIT:
        return PeerView.objects.none()
    rows = PeerView.objects.filter(unit__in=own_units(by))
    if by.role != Role.UNIT_LEADER and organisation.is_led(by.post.unit, day=organisation.today()):
        rows = rows.filter(person=by.post)
    return rows.exclude(accused(by, "case")).exclude(Exists(accused_here(by).filter(case=OuterRef("case"))))


def find(by: Actor, number: str) -> Case:
    """The case of that number, or `Case.DoesNotExist` for whoever may not see it: absence and secrecy look alike."""
    related = ("region", "category", "desk", "holder_unit", "holder_post", "holder_post__user", "parent")
    return visible(by).select_related(*related).get(number=number)


def sees(by: Actor, case: Case) -> bool:
    """Whether the actor may know of this case."""
    return by.kind == "system" or visible(by).filter(pk=case.pk).exists()


SPEAKING = Q(role="bringer") | Q(role="agent", left_at=None)  # by which a representative knows of a case
READING = (*Party.TOLD, Party.Role.COPY)  # a respondent's side is heard by the office, not from the file
REPORT_READERS = frozenset({Role.CLERK, Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR, *UNIT})


# Who may look a person up by telephone. Not units and overseers: trying numbers would tell them who complained.
FINDERS = frozenset({*DESK, Role.REPRESENTATIVE})


def reads(by: Actor, case: Case) -> Q:
    """The condition on the notes and attachments of a visible case that the actor may read; their own always.

    Whoever joined by the title reads nothing that others wrote: the office knows no more of them than a click.
    """
    if by.kind == "system":
        return Q()
    if by.kind == "citizen":
        stranger = Party.objects.filter(pk=by.party_id, role=Party.Role.JOINED)
        return Q(readers=Note.Readers.ALL) & ~Q(Exists(stranger)) | Q(party=by.party_id)
    at_the_desk = by.role in OVERSIGHT or (by.role in DESK and by.post.unit_id == case.desk_id)
    if at_the_desk:
        return Q()
    named = [Note.Readers.ALL, Note.Readers.OFFICE] if by.role in UNIT else [Note.Readers.ALL]
    return Q(readers__in=named) | Q(by__unit=by.post.unit_id)


def notes(by: Actor, case: Case) -> QuerySet[Note]:
    """The notes of a visible case that the actor may read, oldest first."""
    return Note.objects.filter(reads(by, case), case=case).order_by("pk")


def attachments(by: Actor, case: Case) -> QuerySet[Attachment]:
    """The attachments of a visible case that the actor may read, oldest first; outside with an answer that stands."""
    rows = Attachment.objects.filter(reads(by, case), case=case)
    if by.kind == "citizen":
        rows = rows.filter(Q(answer=None) | Q(answer__state=Answer.State.APPROVED))
    return rows.order_by("pk")


# -- who may do what ----------------------------------------------------------------------------------------
def at_desk(*roles: str) -> Rule:
    """Somebody at the case's own desk in one of these roles; at a supervising desk, its supervisors."""
    return lambda by, case, order: (
        by.kind == "staff"
        and by.post.unit_id == case.desk_id
        and (by.role in roles or (by.role == Role.SUPERVISOR and by.unit.kind == Unit.Kind.SUPERVISION))
    )


def of_unit(*roles: str) -> Rule:
    """Somebody of the unit that has the order in hand."""
    return lambda by, case, order: (
        by.kind == "staff" and by.role in roles and order is not None and by.post.unit_id == order.unit_id
    )


def for_unit(*roles: str) -> Rule:
    """Somebody of the unit that had the order in hand, or of the one that it was merged into: what is left to do."""
    return lambda by, case, order: (
        by.role in roles and order is not None and order.unit_id in units_in(by, case)
    )


def any_unit(by: Actor, case: Case, order: Order | None) -> bool:
    """Somebody of a unit that sees the case."""
    return by.kind == "staff" and by.role in UNIT


def overseer(by: Actor, case: Case, order: Order | None) -> bool:
    """A supervisor or leader over the case's region (what they see is what they oversee)."""
    return by.kind == "staff" and by.role in OVERSIGHT


def supervising(by: Actor, case: Case, order: Order | None) -> bool:
    """A supervisor over the case's region."""
    return by.kind == "staff" and by.role == Role.SUPERVISOR


def any_staff(by: Actor, case: Case, order: Order | None) -> bool:
    """Whoever of the office may see the case."""
    return by.kind == "staff"


def party(by: Actor, case: Case, order: Order | None) -> bool:
    """A party of the case, by number and code; `sees` has checked that it is this case."""
    return by.kind == "citizen"


def concerned(by: Actor, case: Case, order: Order | None) -> bool:
    """A party whose matter it is: petitioner, member, spokesperson, agent or bringer.

    Not somebody in copy, and not somebody who has only joined by the title.
    """
    own = Party.objects.filter(pk=by.party_id, case=case, role__in=Party.TOLD, left_at=None)
    return by.kind == "citizen" and own.exclude(role=Party.Role.JOINED).exists()


def joined(by: Actor, case: Case, order: Order | None) -> bool:
    """Somebody who has joined by the title; they decide for themselves, and not for the matter."""
    own = Party.objects.filter(pk=by.party_id, case=case, role=Party.Role.JOINED, left_at=None)
    return by.kind == "citizen" and own.exists()


def newcomer(by: Actor, case: Case, order: Order | None) -> bool:
    """Somebody of the public who has no part in any case yet; what is open to them, the act itself looks up."""
    return by.kind == "citizen" and by.party_id is None


def bringer(by: Actor, case: Case, order: Order | None) -> bool:
    """Whoever of the office brought the matter in for somebody, or acts for them, under the same post."""
    return _has_part(by, case, Party.Role.BRINGER, Party.Role.AGENT)


def agent(by: Actor, case: Case, order: Order | None) -> bool:
    """A representative who acts for a party, with the authority on file."""
    return _has_part(by, case, Party.Role.AGENT)


def _has_part(by: Actor, case: Case, *roles: str) -> bool:
    if by.kind != "staff":
        return False
    return Party.objects.filter(case=case, role__in=roles, post=by.post, left_at__isnull=True).exists()


def reviewing(by: Actor, case: Case, order: Order | None) -> bool:
    """Somebody of the body that looks at the opinion (复查、复核机关), while the matter lies with it.

    Not where a merger brought together that body and one that had a hand in the matter: another one is to be asked.
    """
    mine = by.kind == "staff" and case.holder_unit_id in own_units(by)
    mine = mine and by.role in (*OVERSIGHT, *UNIT) and case.state == Case.State.IN_REVIEW
    return mine and not Case.objects.filter(had_a_hand(by), pk=case.pk).exists()


def in_charge(by: Actor, case: Case, order: Order | None) -> bool:
    """The person of the unit who has the order in hand."""
    return by.kind == "staff" and order is not None and by.post.pk == order.person_id


def sender(by: Actor, case: Case, order: Order | None) -> bool:
    """The dispatcher of the desk who sent this very order out."""
    return order is not None and at_desk(D)(by, case, order) and by.post.pk == order.sent_by_id


def coordinating(by: Actor, case: Case, order: Order | None) -> bool:
    """The leader who stands over the units at work."""
    return by.kind == "staff" and case.coordinator_id == by.post.pk


def instructed(by: Actor, case: Case, order: Order | None) -> bool:
    """Somebody of a unit, or of the desk, whom a leader has told something about the case."""
    if by.kind != "staff" or by.role not in (*UNIT, C, D, R, Role.SUPERVISOR):
        return False
    return Instruction.objects.filter(own_part(by), case=case).exists()


def asked_for_view(by: Actor, case: Case, order: Order | None) -> bool:
    """Somebody of a unit without a part in the case that was asked for its view of it."""
    return by.kind == "staff" and peer_views(by).filter(case=case).exists()


def as_asker(desk: Rule, unit: Rule) -> Rule:
    """The unit for what is done through its order, the desk for what it does itself."""
    return lambda by, case, order: (desk if order is None else unit)(by, case, order)


def nobody(by: Actor, case: Case, order: Order | None) -> bool:
    """Only the system itself."""
    return False


def either(*rules: Rule) -> Rule:
    """Any of these."""
    return lambda by, case, order: any(rule(by, case, order) for rule in rules)


C, D, R, K = Role.CLERK, Role.DISPATCHER, Role.REVIEWER, Role.CALLER

PERMITTED: dict[str, Rule] = {
    "register": either(any_staff, party),
    "answer_at_once": at_desk(C, D),
    "accept": at_desk(C, D),
    "decline": at_desk(C, D),
    "contest": either(concerned, at_desk(C, K), agent),
    "advise_route": at_desk(C, D),
    "forward": at_desk(C, D),
    "chase": at_desk(C, D, K, R),
    "record_receipt": at_desk(C, D, K, R),
    "record_outcome": at_desk(C, D, R),
    "take_back": at_desk(C, D, R),
    "hand_over": at_desk(C, D, K, R),
    "hand_over_and_end": at_desk(C, D),
    "refer_elsewhere": at_desk(C, D, R),
    "resume_from": at_desk(C, D, R),
    "settled_elsewhere": at_desk(C, D, R),
    "counsel": at_desk(C, D, K, R),
    "record_counselling": at_desk(C, D, K, R),
    "propose_termination": at_desk(D, R),
    "confirm_termination": either(at_desk(R), overseer),
    "refuse_termination": either(at_desk(R), overseer),
    "merge": at_desk(C, D),
    "split": at_desk(C, D),
    "take_in": at_desk(C, D),
    "unmerge": at_desk(C, D),
    "let_go": at_desk(C, D),
    "follow": nobody,
    "share_answer": nobody,
    "dispatch": at_desk(D),
    "recall_order": sender,
    "sign": of_unit(*UNIT),
    "accept_silently": nobody,
    "object": of_unit(*UNIT),
    "reject_objection": at_desk(D),
    "redispatch": at_desk(D),
    "designate": either(at_desk(D), overseer),
    "contact": either(for_unit(*UNIT), at_desk(C, D, K, R)),
    "call": either(for_unit(*UNIT), at_desk(C, D, K, R)),
    "ask_extension": of_unit(*UNIT),
    "grant_extension": at_desk(D, R),
    "refuse_extension": at_desk(D, R),
    "ask_petitioner": as_asker(at_desk(C, D), of_unit(*UNIT)),
    "supply": either(concerned, at_desk(C, D, R, K), of_unit(*UNIT)),
    "supplement_lapsed": nobody,
    "ask_upward": as_asker(at_desk(D), of_unit(Role.UNIT_LEADER)),
    "answer_upward": overseer,
    "take_question_back": as_asker(at_desk(C, D), of_unit(*UNIT)),
    "whistle": of_unit(*UNIT),
    "report_in": of_unit(*UNIT),
    "judge_whistle": of_unit(*UNIT),
    "propose_suspension": as_asker(at_desk(R), of_unit(*UNIT)),
    "approve_suspension": either(at_desk(R), overseer),
    "refuse_suspension": either(at_desk(R), overseer),
    "end_suspension": either(at_desk(D, R), of_unit(*UNIT)),
    "suspension_due": nobody,
    "answer": of_unit(*UNIT),
    "answer_privately": of_unit(*UNIT),
    "delegate": either(of_unit(Role.UNIT_LEADER), in_charge),
    "contribute": of_unit(*UNIT),
    "escalate": either(at_desk(D), overseer, of_unit(Role.UNIT_LEADER)),
    "take_down": either(at_desk(D), overseer),
    "take_over": at_desk(D),
    "instruct": overseer,
    "remind": overseer,
    "comment": overseer,
    "supervise": any_staff,  # who may take which step on which rung, `supervision.access` says
    "progress_on": instructed,
    "report_on": instructed,
    "settle_instruction": overseer,
    "coordinate": either(at_desk(D), overseer),
    "owe_statement": either(at_desk(D), overseer),
    "make_statement": either(at_desk(R), coordinating),
    "correct_statement": either(at_desk(R), coordinating),
    "take_statement_back": either(at_desk(R), coordinating, overseer),
    "ask_again": overseer,
    "approve": at_desk(R),
    "give_opinion": of_unit(*UNIT),
    "confer_and_designate": overseer,
    "record_prior_step": at_desk(C, D, R),
    "ask_review": either(concerned, at_desk(C, K, R)),
    "ask_rereview": either(concerned, at_desk(C, K, R)),
    "take_review_back": either(concerned, at_desk(C, K, R)),
    "hold_hearing": reviewing,
    "end_hearing": reviewing,
    "decide_review": reviewing,
    "decide_rereview": reviewing,
    "finalise": either(at_desk(R), overseer),
    "redo": at_desk(R, D, K),
    "record_told": either(party, at_desk(C, K, R), for_unit(*UNIT)),
    "close": at_desk(R, K),
    "explain_and_close": at_desk(R),
    "reopen": either(concerned, at_desk(R, D), overseer, agent),
    "withdraw": either(concerned, at_desk(C, K)),
    "add_party": at_desk(C, D, K),
    "join": newcomer,
    "leave": either(concerned, joined, at_desk(C, D, K)),
    "appoint_spokespersons": at_desk(C, D, K),
    "appoint_agent": at_desk(C, D, K),
    "end_agency": either(concerned, at_desk(C, D, K)),
    "tell_privately": either(concerned, joined, at_desk(C, D, K)),
    "open_private": at_desk(C, D, R, K),
    "note": either(any_staff, party),
    "attach": either(any_staff, party),
    "accuse": either(at_desk(C, D), overseer),
    "redact": at_desk(C, D, R),
    "open_original": either(at_desk(C, D, R, K), of_unit(*UNIT), overseer, reviewing),
    "archive": at_desk(C, R),
    "declare_incident": either(at_desk(D), overseer),
    "end_incident": either(at_desk(D), overseer),
    "explain_to_all": either(at_desk(D, R, K), overseer),
    "fulfil_promise": either(for_unit(*UNIT), at_desk(D, R)),
    "change_promise": either(for_unit(*UNIT), at_desk(D, R)),
    "hear_merged": nobody,
    "rate": either(party, bringer),  # for somebody else: only at a call-back
    "submit_entry": for_unit(*UNIT),
    **dict.fromkeys(("accept_entry", "refuse_entry", "strike_entry"), either(at_desk(R), overseer)),
    "send_feedback": either(at_desk(D, R), overseer),
    "receive_feedback": any_staff,
    "ask_recurrence": nobody,
    "tell_recurrence": either(concerned, at_desk(K, R)),
    "dial": either(at_desk(K), supervising),
    "say_pressed": party,
    "look_into_pressure": supervising,
    "rate_bringer": party,
    "ask_second_opinion": either(concerned, at_desk(R, K), supervising),
    "give_second_opinion": either(at_desk(R), supervising),
    **dict.fromkeys(("ask_peer", "weigh_view", "take_peer_back"), either(at_desk(R), supervising)),
    **dict.fromkeys(("entrust_view", "give_view"), asked_for_view),
    "call_back": either(at_desk(K), supervising),
    "contest_rating": any_unit,
    **dict.fromkeys(("uphold_contest", "refuse_contest"), overseer),
    "propose": at_desk(C, R),
    "publish": at_desk(C, R),
    "unpublish": either(at_desk(C, R), overseer),
    "release_title": at_desk(C, D, R),
    "take_title_back": either(at_desk(C, D, R), overseer),
}


# Done by somebody who does not see the case: whoever joins it, and a unit that is asked for its view of it.
UNSEEN = ("join", "entrust_view", "give_view")


def may(by: Actor, act: str, case: Case, order: Order | None = None) -> bool:
    """Whether the actor's post or part lets them do this act here (its state is another question)."""
    return by.kind == "system" or PERMITTED[act](by, case, order)


def require(by: Actor, act: str, case: Case, order: Order | None = None) -> None:
    """Raise `PermissionDenied` unless the actor sees the case and may do the act."""
    if by.kind == "system":
        return
    if case.pk is not None and act not in UNSEEN and not sees(by, case):
        raise PermissionDenied(_("您看不到这件诉求，或它不存在。"))
    if not may(by, act, case, order):
        raise PermissionDenied(_("您的岗位不能做这一步。请联系受理中心。"))
