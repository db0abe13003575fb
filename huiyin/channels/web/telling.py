"""Told by reading: a party who opens their page has been told what stands on it, and the office sees it."""

from huiyin.cases import actions
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


TOO_LATE = ("state", "conflict")
