"""答复: the lead unit answers a point, with an outcome; the reviewer reads it when every point has one."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.accounts.roles import Role
from huiyin.cases import petitions, states, words
from huiyin.cases.actions.attach import StoredFile, keep
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Answer, Case, Note, Order, Point
from huiyin.cases.ordering import end_order, hold_by_lead, lapse_requests, stop_clock
from huiyin.cases.phrases import BLANK
from huiyin.cases.promising import Pledge, propose_promise, require_pledge
from huiyin.cases.wording import act_name
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.place import limit

TEXT = gettext_lazy("答复内容")
PICTURES = ("jpg", "png", "webp", "heic")
OUTCOMES = frozenset(Point.Outcome.values)


def answer(
    order: Order,
    *,
    by: Actor,
    text: str,
    outcome: str,
    pledge: Pledge | None = None,
    photos: Sequence[tuple[str, StoredFile]] = (),
) -> Answer:
    """Answer the point of a lead order. Its clock stops; co-orders of the point end with it.

    `photos` are checked files with what they show, "before" or "after"; the petitioner sees them with the answer.

    A suggestion that is adopted, wholly or in part, is answered with a `pledge`: what will be done by when.
    """
    said = words.required(text, TEXT, most=words.LONGEST_TEXT)
    if outcome not in OUTCOMES:
        raise Refused(_("请选择办理结果，例如已解决、部分解决或已解释说明。"), code="outcome")
    if BLANK in said and by.kind != "system":
        raise Refused(_("答复里还有没填的空“＿＿”。请填上，或者删去那一句。"), code="blank")
    _require_photos(photos)
    with opened(order.case, "answer", by=by, order=order) as file:
        mine = file.part(order)
        if petitions.needs_opinion(file.case) and by.kind != "system":  # an old history keeps what it had
            raise Refused(
                _("信访事项要用处理意见书答复：写明诉求、事实、意见和依据。"),
                code="opinion",
                instead=act_name("give_opinion"),
            )
        row = give(file, mine, text=said, outcome=outcome)
        for shows, stored in photos:
            keep(file, stored, readers=Note.Readers.ALL, answer=row, shows=shows)
        if photos:
            file.facts["photos"] = len(photos)
        if by.kind != "system":
            require_pledge(file, outcome, pledge)
        if pledge is not None:
            propose_promise(file, mine, pledge)
    return row


def _require_photos(photos: Sequence[tuple[str, StoredFile]]) -> None:
    """What goes with an answer are pictures, of before or after, and not too many."""
    if any(stored.kind not in PICTURES for _shows, stored in photos):
        raise Refused(_("这里只放照片。别的材料请用“上传材料”。"), code="photos")
    if len(photos) > limit("answer_photos"):
        raise Refused(_("一份答复最多放 %(most)d 张照片。") % {"most": limit("answer_photos")}, code="photos")


def give(file: CaseFile, mine: Order, *, text: str, outcome: str) -> Answer:
    """Write the answer of a lead order under the lock: the order's clock stops, and the case goes on to review."""
    if mine.part != Order.Part.LEAD:
        raise Refused(
            _("协办单位把情况告诉主办单位，由主办单位统一答复。可用“备注”写给主办单位。"), code="lead"
        )
    file.move_order(mine, states.Order.ANSWERED, answered_at=file.at)
    stop_clock(file, mine.clock)
    lapse_requests(file, mine)
    row = file.add(
        Answer(
            case=file.case,
            point=mine.point,
            round=file.case.round,
            order=mine,
            unit=mine.unit,
            text=text,
            outcome=outcome,
            given_at=file.at,
            given_by=file.by.post,
        )
    )
    _end_assisting(file, mine)
    _advance(file)
    file.facts |= {"unit": mine.unit.code, "outcome": outcome}
    file.private["text"] = words.digest(text)
    return row


def _end_assisting(file: CaseFile, lead: Order) -> None:
    for order in file.orders:
        if (
            order.point_id == lead.point_id
            and order.part == Order.Part.ASSIST
            and order.state in states.Order.OPEN
        ):
            end_order(file, order, states.Order.CANCELLED)


def _advance(file: CaseFile) -> None:
    if file.case.state == Case.State.ACCEPTED:
        file.move(Case.State.ACCEPTED)
        return
    waiting = [o for o in file.orders if o.part == Order.Part.LEAD and o.state in states.Order.OPEN]
    if waiting:
        file.move(Case.State.HANDLING)
        hold_by_lead(file)
        return
    file.move(Case.State.REVIEWING)
    file.hold(file.case.desk, Role.REVIEWER)
    file.change(file.round, answered_at=file.at)
