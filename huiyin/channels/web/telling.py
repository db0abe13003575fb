"""Told by reading: a party who opens their page has been told what stands on it, and the office sees it."""

from huiyin.cases import actions, measures
from huiyin.cases.models import Notice
from huiyin.channels.web.reading import OwnCase
from huiyin.kernel.refusals import Refused


def tell_by_page(page: OwnCase) -> bool:
    """Record every notice that the party is owed as delivered; whether anything was.

    Two pages opened at once record it once: the second finds it recorded and that is as good.
    """
    told = False
    for notice in page.owed:
        try:
            actions.record_told(notice, by=page.by, how=Notice.How.DELIVERED)
        except Refused as refusal:
            if refusal.code not in TOO_LATE:
                raise
        else:
            told = True
    return told


def tell_measures(page: OwnCase) -> None:
    """Record that the reader has been told how the office agreed to keep in touch with them."""
    for measure in page.measures:
        if measure.row.told_at is None:
            measures.tell(measure.row, by=page.by, proved=page.proved)


TOO_LATE = ("state", "conflict")
