"""单位复看: which units may be asked for their view of a matter, and what a decision owes to what they said.

Only a unit that had no part in it, so that nobody looks at their own work, or at that of their superiors.
"""

from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import choices
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Answer, Case, Exclusion, Order, Party, PeerView, Review
from huiyin.cases.pens import subject_of
from huiyin.cases.wording import act_name
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import actors_in
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.independence import independent, people_near
from huiyin.organisation.models import Post, Unit
from huiyin.organisation.succession import line_of, with_lineage, with_merged

BORN = "ask_peer"
VERDICTS = PeerView.Verdict.choices  # as forms offer them
STANDINGS = [
    (PeerView.State.FOLLOWED.value, gettext_lazy("采纳")),
    (PeerView.State.DEPARTED.value, gettext_lazy("不采纳")),
]
MORE_CAN_BE_DONE = (PeerView.Verdict.SOLVABLE, PeerView.Verdict.PARTLY)
State = PeerView.State


# -- who may be asked ----------------------------------------------------------------------------------------
def taking_part(case: Case) -> list[Unit]:
    """Every unit with a part in the matter, or in one of its family (`_family`), with those it followed or became.

    That is the desk; whoever had an order, answered, or decided on a review; whoever is complained of, with the units
    in which an accused person serves; and where those of the office belong who brought it in.
    """
    return _taking_part(_family(case))


def _family(case: Case) -> list[Case]:
    """The matter, what was merged with it, and what it was split from or into: parts of one trouble."""
    found = {case.pk: case}
    while True:
        above = {each for row in found.values() for each in (row.split_from_id, row.parent_id) if each}
        kin = Q(split_from__in=list(found)) | Q(parent__in=list(found)) | Q(pk__in=above)
        rows = Case.objects.filter(kin).exclude(pk__in=list(found))
        more = rows.only("number", "desk", "split_from", "parent").in_bulk()
        if not more:
            return list(found.values())
        found |= more


def _taking_part(family: Sequence[Case]) -> list[Unit]:
    keys = [case.pk for case in family]
    accused = Exclusion.objects.filter(case__in=keys)
    serving = Post.objects.filter(user__in=accused.exclude(user=None).values("user"))
    parties = Party.objects.filter(case__in=keys)
    rows = (
        Order.objects.filter(case__in=keys).values_list("unit"),
        Answer.objects.filter(case__in=keys).values_list("unit"),
        Review.objects.filter(case__in=keys).values_list("unit"),
        accused.exclude(unit=None).values_list("unit"),
        organisation.valid_on(serving, organisation.today()).values_list("unit"),
        parties.exclude(unit=None).values_list("unit"),
        parties.exclude(post=None).values_list("post__unit"),
    )
    first, *others = (each.order_by() for each in rows)
    units = {case.desk_id for case in family} | {key for (key,) in first.union(*others)}
    return list(Unit.objects.filter(pk__in=with_lineage(key for key in units if key)).order_by("pk"))


def _who_acted(family: Sequence[Case]) -> set[int]:
    """The people, by their keys, who did anything in these matters under any post, or were given a part of the work.

    Who gave a view, or let a colleague give it, had none of the work by that.
    """
    keys = [case.pk for case in family]
    names = actors_in([subject_of(case) for case in family], but=("give_view", "entrust_view"))
    codes = [name.removeprefix("post:") for name in names if name.startswith("post:")]
    found = Post.objects.filter(
        Q(code__in=codes)
        | Q(pk__in=Order.objects.filter(case__in=keys, person__isnull=False).values("person"))
        | Q(pk__in=Answer.objects.filter(case__in=keys, given_by__isnull=False).values("given_by"))
        | Q(pk__in=PeerView.objects.filter(case__in=keys, asked_by__isnull=False).values("asked_by"))
    )
    return set(found.values_list("user", flat=True))


def able(case: Case) -> tuple[list[Unit], list[Unit]]:
    """The units that may be asked about a matter: those whose duty list names it, then all others."""
    asked = set(PeerView.objects.filter(case=case, round=case.round).values_list("unit", flat=True))
    apart = [unit for unit in _apart(case) if unit.pk not in asked]
    named = organisation.leaders_in(case.category.path, organisation.today()) if case.category else ()
    likely = {unit.pk for unit in named}
    return [unit for unit in apart if unit.pk in likely], [unit for unit in apart if unit.pk not in likely]


def require_able(file: CaseFile, unit: Unit) -> None:
    """Refuse a unit with a part in the matter, or near one; and to ask twice, or two at a time."""
    case = file.case
    if case.nature == Case.Nature.REPORT and not file.parts(Exclusion):
        raise Refused(
            _("这件举报还没有列出被举报方，不能请单位复看。请先列出被举报方。"),
            code="unnamed",
            instead=act_name("accuse"),
        )
    before = [row for row in file.parts(PeerView) if row.round == case.round]
    if any(row.state == State.ASKED for row in before):
        raise Refused(
            _("已经请了一个单位复看，还没有回音。等它回了，或者先撤回，再请别的单位。"), code="waits"
        )
    if any(row.unit_id == unit.pk for row in before):
        raise Refused(_("这一轮已经请“%(unit)s”看过，一个单位一轮只请一次。") % {"unit": unit}, code="once")
    if unit not in _apart(case):
        raise Refused(
            _(
                "“%(unit)s”办过这件诉求，或者和办过的单位是上下级、前后身，或者收不了文，或者能复看的人自己办过这件。"
                "请选没有参与过的单位。"
            )
            % {"unit": unit},
            code="unit",
        )


def require_apart(case: Case, by: Actor) -> None:
    """PermissionDenied for somebody of the unit who is not apart (`is_apart`)."""
    if not is_apart(case, by):
        raise PermissionDenied(
            _("您办过这件诉求，或者在办过它的单位有岗位，不能复看。请本单位的另一位来看。")
        )


def is_apart(case: Case, by: Actor) -> bool:
    """Whether somebody did nothing in the matter, under any post, and has none in, above or below a unit that did."""
    family = _family(case)
    units = _taking_part(family)
    if by.user is None or by.user.pk in _who_acted(family):
        return False
    return all(independent(by, unit) for unit in units)


def _apart(case: Case) -> list[Unit]:
    """The units without a part in it in which whoever the view falls to is apart, too: its head, if it has one."""
    family = _family(case)
    units = _taking_part(family)
    paths, near = line_of(unit.path for unit in units), people_near(units) | _who_acted(family)
    left = [unit for unit in choices.receivers() if not _near(unit, paths)]
    able = organisation.answering_in([unit.pk for unit in left], day=organisation.today())
    return [unit for unit in left if able.get(unit.pk, set()) - near]


def _near(unit: Unit, paths: tuple[str, ...]) -> bool:
    """Whether a unit lies at, below or above one of these paths, itself or by a unit that it followed."""
    above = tuple(with_merged([unit.path]))
    return unit.path.startswith(paths) or any(path.startswith(above) for path in paths)


# -- what a decision owes to it ------------------------------------------------------------------------------
def require_weighed(file: CaseFile) -> None:
    """Before what was answered is let stand: refuse while a view that more can be done was not departed from.

    Nor may it stand under a view that is said to be followed: that takes a new round. A view that nothing more can
    be done is followed by it.
    """
    for row in _of_round(file, State.GIVEN, State.FOLLOWED):
        if row.state == State.FOLLOWED and row.verdict in MORE_CAN_BE_DONE:
            raise Refused(
                _("“%(unit)s”的复看意见已经采纳，答复却没有改。请照它重办；不照办的，改为不采纳，写明理由。")
                % {"unit": row.unit},
                code="followed",
                instead=act_name("weigh_view"),
            )
        if row.state == State.FOLLOWED:
            continue
        if row.verdict in MORE_CAN_BE_DONE:
            raise Refused(
                _("“%(unit)s”复看认为“%(verdict)s”，您的决定和它不一样。请先写明不采纳的理由。")
                % {"unit": row.unit, "verdict": row.get_verdict_display()},
                code="view",
                instead=act_name("weigh_view"),
            )
        if row.verdict == PeerView.Verdict.UNSOLVABLE:
            settle(file, row, State.FOLLOWED)


def standings_open(row: PeerView) -> tuple[str, ...]:
    """What may still be said of a view: either, once it is given; and that one said to be followed is not, after all.

    The latter only of a view that more can be done. Whether the round is still the view's, the caller knows.
    """
    if row.state == State.GIVEN and row.verdict != PeerView.Verdict.UNSURE:
        return (State.FOLLOWED, State.DEPARTED)
    if row.state == State.FOLLOWED and row.verdict in MORE_CAN_BE_DONE:
        return (State.DEPARTED,)
    return ()


def may_be_weighed(row: PeerView, case: Case) -> bool:
    """Whether a view is to be weighed, or what was said of it in the present round may be mended."""
    return bool(standings_open(row)) and (row.state == State.GIVEN or row.round == case.round)


def take_up(file: CaseFile, *, reason: str) -> None:
    """The office lets the work begin again, for this reason: that follows a view, or departs from it."""
    if file.by.kind != "staff":
        return
    for row in _of_round(file, State.GIVEN):
        if row.verdict in MORE_CAN_BE_DONE:
            settle(file, row, State.FOLLOWED)
        elif row.verdict == PeerView.Verdict.UNSOLVABLE:
            settle(file, row, State.DEPARTED, reason=reason)


def settle(file: CaseFile, row: PeerView, state: str, *, reason: str = "") -> None:
    """Say whether a view is followed, and if not, why."""
    file.change(row, state=state, reason=reason or None, weighed_at=file.at, weighed_by=file.by.post)


def lapse(file: CaseFile) -> None:
    """Let what nobody has said or weighed yet end with its round."""
    for row in _of_round(file, State.ASKED, State.GIVEN):
        file.change(row, state=State.LAPSED)


def unsettled(file: CaseFile) -> dict[str, str]:
    """The states, by key, of the views of this round that a new round lets lapse: what going back to it restores."""
    return {str(row.pk): row.state for row in _of_round(file, State.ASKED, State.GIVEN)}


def restore(file: CaseFile, before: Mapping[str, str]) -> None:
    """Let views that lapsed stand as they did."""
    for row in file.parts(PeerView) if before else ():
        if row.state == State.LAPSED and str(row.pk) in before:
            file.change(row, state=before[str(row.pk)])


def lapse_with_case(file: CaseFile) -> None:
    """The same when the case ends, but for an end that a view may still undo."""
    if file.case.state not in (Case.State.CLOSED, Case.State.EXPLAINED):
        lapse(file)


def _of_round(file: CaseFile, *in_states: str) -> list[PeerView]:
    """The views of the present round in these states; no query for a case that has none."""
    if BORN not in file.happened:
        return []
    return [row for row in file.parts(PeerView) if row.round == file.case.round and row.state in in_states]
