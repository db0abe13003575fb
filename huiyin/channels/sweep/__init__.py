"""排查: what somebody of a unit found on a round of their grid comes in like anything else that is written down."""

from huiyin.cases.models import Case
from huiyin.channels.clerk.taking_down import Statement, TakenDown, take_down
from huiyin.organisation.actors import Actor


def bring_in(
    *, by: Actor, key: str, title: str, text: str, region: str, place: str = "", door: str = "", phone: str = "",
    name: str = "", urgency: str = Case.Urgency.NORMAL,
) -> TakenDown:  # fmt: skip
    """Register a finding as a case of the place; whoever lives with the trouble is its petitioner, if they said so.

    A form sent twice is one case. Nothing need be answered where nobody left a name or a telephone. Raises `Refused`.
    """
    return take_down(
        Statement(
            text=text,
            key=f"sweep-{key}",
            channel=Case.Channel.SWEEP,
            title=title,
            region=region,
            place=place,
            urgency=urgency,
            reply_required=bool(name or phone),
            name=name,
            phone=phone,
            door=door,
        ),
        by=by,
    )
