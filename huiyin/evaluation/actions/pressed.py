"""被要求打好评: a party says so to supervision alone, and may rate anew unseen; supervision says what it found."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases import words as texts
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Party
from huiyin.evaluation import judging, pressures
from huiyin.evaluation.models import COUNTS, Pressure, Rating
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def say_pressed(case: Case, *, by: Actor, words: str = "", anew: Mapping[str, Any] | None = None) -> Pressure:
    """Tell supervision that somebody wanted a good rating; `anew` is what the party says now, if they say it.

    `anew` holds `contacted`, `solved` and `satisfied` as `rate` takes them. It counts in the place of the earlier one
    and moves nothing: the matter stays as it is, and whoever is judged reads of it what they read before. Once a
    party and round. Raises `Refused` for a party who has not rated and wants to rate anew: they can just rate.
    """
    said = texts.optional(words, _("说明"))
    rating = judging.judgement(words="", **anew) if anew is not None else None
    with opened(case, "say_pressed", by=by) as file:
        party = next(each for each in file.parts(Party) if each.pk == by.party_id)
        number = file.case.round
        if Pressure.objects.filter(party=party, round=number).exists():
            raise Refused(_("您已经反映过了，督办的人会核查。"), code="told")
        if rating is not None:
            _take_the_place(file, party, rating)
        file.move(file.case.state)
        file.facts["party"] = party.pk
        file.private |= {"words": texts.digest(said)}
        row = Pressure(case=file.case, party=party, round=number, at=file.at, words=said or None, anew=rating)
        file.add(row)
    return row


def _take_the_place(file: CaseFile, party: Party, rating: Rating) -> None:
    """Let a rating count in the place of the one that the party gave before; what was told of a block stays."""
    before = Rating.objects.filter(COUNTS, party=party, round=file.case.round).select_for_update().first()
    if before is None:
        raise Refused(_("您还没有评价过，可以直接评价：办事的单位看不到您打的分。"), code="not_rated")
    before.set_aside = Rating.Aside.PRESSED
    before.save(update_fields=["set_aside"])
    rating.block_id = before.block_id
    judging.keep(file, rating, words="", party=party, how=Rating.How.SELF)


def look_into_pressure(row: Pressure, *, by: Actor, finding: str) -> None:
    """Say what was found; once, by a supervisor who has no part in what is judged."""
    said = texts.required(finding, _("核查情况"))
    with opened(row.case, "look_into_pressure", by=by) as file:
        mine = pressures.visible(by).select_for_update(of=("self",)).filter(pk=row.pk).first()
        if mine is None:
            raise Refused(_("这条反映由别的督办机构核查。"), code="own")
        if mine.looked_into_at is not None:
            raise Refused(_("这条反映已经核查过了。"), code="done")
        file.move(file.case.state)
        file.facts |= {"party": mine.party_id, "unit": by.unit.code if by.unit else ""}
        file.private = {"finding": texts.digest(said)}
        mine.looked_into_at, mine.looked_into_by, mine.finding = file.at, by.post, said
        mine.save()
    row.refresh_from_db()
