"""Who reads and writes bulletins: the whole of it on this page. What is issued for the public is read by everybody."""

from django.db.models import QuerySet

from huiyin.accounts.roles import DESK, OVERSIGHT, Role
from huiyin.cases import access as cases
from huiyin.cases.models import Case, Exclusion
from huiyin.organisation.actors import Actor
from huiyin.publication.bulletins.models import Bulletin, BulletinWriter
from huiyin.publication.bulletins.templates import Template

READERS = frozenset({*DESK, *OVERSIGHT})
WRITERS = frozenset({Role.CLERK, Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR})
APPROVERS = frozenset({Role.REVIEWER, Role.SUPERVISOR, Role.LEADER})
STAFF = frozenset({*READERS, Role.REPRESENTATIVE})


def visible(by: Actor) -> QuerySet[Bulletin]:
    """The bulletins that somebody of the office may read, drafts too; a representative those of their own."""
    if by.post is None:
        return Bulletin.objects.none()
    if by.role in READERS:
        return Bulletin.objects.all()
    if by.role == Role.REPRESENTATIVE:
        return Bulletin.objects.filter(author__user=by.post.user_id)
    return Bulletin.objects.none()


def public() -> QuerySet[Bulletin]:
    """What everybody may read: issued for the public, and the trace of what was taken back."""
    shown = (Bulletin.State.ISSUED, Bulletin.State.WITHDRAWN)
    return Bulletin.objects.filter(audience=Bulletin.Audience.PUBLIC, state__in=shown)


def may_draft(by: Actor, template: Template) -> bool:
    """Whether the actor may draft by this template; a representative an information bulletin for inside."""
    if by.role == Role.REPRESENTATIVE:
        return template.audience == "internal" and template.every == "days"
    return by.role in WRITERS


def may_write(by: Actor, row: Bulletin) -> bool:
    """Whether the actor may change the draft."""
    own = by.post is not None and row.author is not None and row.author.user_id == by.post.user_id
    return by.role in WRITERS or (by.role == Role.REPRESENTATIVE and own)


def wrote(by: Actor, row: Bulletin) -> bool:
    """Whether the person, under whichever post, has put a hand to the text."""
    return by.user is not None and BulletinWriter.objects.filter(bulletin=row, user=by.user).exists()


def may_decide(by: Actor, row: Bulletin) -> bool:
    """Whether the actor may approve: four eyes, so nobody who wrote any of it."""
    return by.role in APPROVERS and not wrote(by, row)


def citable(by: Actor) -> QuerySet[Case]:
    """The cases that an information bulletin may tell of: what its author sees; no reports, nobody accused by name."""
    return _plain(cases.visible(by))


def _plain(found: QuerySet[Case]) -> QuerySet[Case]:
    plain = found.exclude(nature=Case.Nature.REPORT)
    return plain.exclude(pk__in=Exclusion.objects.values("case"))


def withheld(row: Bulletin) -> bool:
    """Whether the text tells of a case that became a report, or names somebody, after it was written.

    Nobody reads it then: if it were hidden from whoever is complained of alone, they would learn that they are.
    """
    cited = row.bound.get("cited") or []
    return bool(cited) and _plain(Case.objects.filter(pk__in=cited)).count() < len(cited)
