"""Replays one message of a file through the same acts as a person would, at the row's own times."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiyin.cases import actions
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.models import Case, Category, Notice, Point
from huiyin.channels.bulk.rows import LONGEST_LINE, MessageRow
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Region, Unit
from huiyin.organisation.remembering import remembered

CHANNELS = frozenset(Case.Channel.values)
OUTCOMES = {
    Case.Nature.INQUIRY: Point.Outcome.INFORMED,
    Case.Nature.SUGGESTION: Point.Outcome.KEPT,
    Case.Nature.PRAISE: Point.Outcome.INFORMED,
}


class Unplaced(Refused):
    """A name in the row that this installation does not know; `field` is where it stands."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence, code="unplaced")
        self.field = field


@dataclass(frozen=True)
class Replay:
    """How the rows of one file are replayed: under which source, and by which unit where the row names none.

    A region that this installation does not know stands in the case's place, and the case goes to the desk of
    the whole; when `strict`, the row is refused instead.
    """

    source: str
    default_unit: Unit | None = None
    strict: bool = False

    def __call__(self, row: MessageRow) -> Case:
        """Register the message; give it to its unit; if it was answered, answer, tell and close it.

        A message without a reply stays open with its clock running from its own date: with its unit when one is
        named, otherwise at the desk. What the text says was solved is not known, so an answer counts as explained.
        """
        unit = _unit(row.unit) if row.unit else self.default_unit
        asked = Actor.system("import").claiming(row.received_at)
        case = actions.register(self._intake(row), by=asked).case
        if row.reply or unit:
            actions.accept(case, by=asked)
            order = actions.dispatch(case, by=asked, lead=unit or case.desk)
            if row.reply and row.replied_at:
                replied = asked.claiming(row.replied_at)
                actions.sign(order, by=asked)
                outcome = OUTCOMES.get(Case.Nature(case.nature), Point.Outcome.EXPLAINED)
                actions.answer(order, by=replied, text=row.reply, outcome=outcome)
                actions.approve(case, by=replied)
                actions.tell_all(case, by=replied, how=Notice.How.POSTED)
                actions.close(case, by=replied, because="imported")
        return case

    def _intake(self, row: MessageRow) -> Intake:
        region = self._region(row.region)
        return Intake(
            text=row.text,
            title=row.title,
            nature=row.nature,
            channel=row.channel if row.channel in CHANNELS else Case.Channel.IMPORT,
            track=row.track or "mailbox",
            region=region,
            category=_category(row.category) if row.category else None,
            place=row.place if region or row.region in row.place else _joined(row.region, row.place),
            headcount=row.headcount,
            parties=(PartyIn(name=row.petitioner[:60], phone=row.phone, private=row.other_contact),),
            source=self.source,
            source_number=row.number,
        )

    def elsewhere(self, row: MessageRow) -> bool:
        """Whether the row names a region that this installation does not know."""
        return bool(row.region) and organisation.region_by_name(row.region) is None

    def _region(self, name: str) -> Region | None:
        region = organisation.region_by_name(name) if name else None
        if name and region is None and self.strict:
            raise Unplaced(
                _(
                    "没有名为“%(name)s”的地区。请改成地区资料里的名称，或在映射文件的 [values.region] 里写明对应关系。"
                )
                % {"name": name[:30]},
                field="region",
            )
        return region


def _unit(name: str) -> Unit:
    unit = organisation.unit_by_name(name)
    if unit is None:
        raise Unplaced(
            _(
                "没有名为“%(name)s”的单位。请改成单位资料里的名称，或在映射文件的 [values.unit] 里写明它对应哪个单位。"
            )
            % {"name": name[:30]},
            field="unit",
        )
    return unit


def _joined(region: str, place: str) -> str:
    return f"{region} {place}".strip()[:LONGEST_LINE]


@remembered
def _category(name: str) -> Category | None:
    """The category of that code or name; an unknown one is left for the desk to file."""
    return (
        Category.objects.filter(code=name).first()
        or Category.objects.filter(name=name).order_by("path").first()
    )
