"""What is about to be public names nobody whom the matter is about."""

from huiyin.cases.casefile import CaseFile
from huiyin.cases.kin import told_among_kin
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.people import identity
from huiyin.people import queries as people


def require_nameless(file: CaseFile, said: str, *, sentence: str) -> None:
    """Refuse words that still hold a petitioner's particulars; `sentence` names them by its `%(what)s`."""
    permit = Permit(holder=file.by.name, purpose=Purpose.MATCH)
    known = [people.particulars(party.person, permit) for party in told_among_kin(file.case) if party.person]
    found = identity.still_named(said, known)
    if found:
        raise Refused(sentence % {"what": "、".join(found)}, code="identity")
