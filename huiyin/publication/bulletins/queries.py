"""What the pages of bulletins read: lists by key, one bulletin with its document, and what the public may have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.cases.paging import Listing
from huiyin.ledger.queries import history
from huiyin.organisation.actors import Actor
from huiyin.organisation.place import place
from huiyin.publication import queries as publication
from huiyin.publication.bulletins import access, marking, showing
from huiyin.publication.bulletins.actions import READING, content_digest, span_of
from huiyin.publication.bulletins.document import Document, Paragraph, Run
from huiyin.publication.bulletins.models import Bulletin, BulletinFile
from huiyin.publication.bulletins.periods import in_words
from huiyin.supervision.keyed import newest

State = Bulletin.State
RELATED = ("unit", "author", "author__user", "author__unit", "edited_by", "edited_by__user", "edited_by__unit",
           "approved_by", "approved_by__user", "approved_by__unit", "issued_by", "issued_by__user", "issued_by__unit",
           "sent_back_by", "sent_back_by__user", "sent_back_by__unit", "withdrawn_by", "withdrawn_by__user",
           "withdrawn_by__unit", "replaces")  # fmt: skip
HEAVY = ("body", "bound", "remark")
TABS: Mapping[str, tuple[str, ...]] = {
    "open": (State.DRAFT, State.SUBMITTED, State.APPROVED),
    "issued": (State.ISSUED,),
    "withdrawn": (State.WITHDRAWN,),
    "discarded": (State.DISCARDED,),
}
NotFound = Bulletin.DoesNotExist


@dataclass(frozen=True)
class Opened:
    """A bulletin for somebody of the office: what it says, and what they may do now."""

    row: Bulletin
    document: Document
    typed: Sequence[str]  # numbers that somebody wrote into the text
    remark: str
    files: Sequence[BulletinFile]
    replaced_by: Bulletin | None
    may: Mapping[str, bool] = field(default_factory=dict)


def listing(by: Actor, *, tab: str, after: str = "", before: str = "") -> Listing:
    """One page of bulletins, the newest first, without their texts."""
    rows = access.visible(by).filter(state__in=TABS.get(tab, TABS["open"]))
    related = ("unit", "author__user", "author__unit", "replaces")
    return newest(rows.select_related(*related).defer(*HEAVY), after=after, before=before)


def find(by: Actor, key: int) -> Bulletin:
    """The bulletin of that key. Raises NotFound for whoever may not see it."""
    return access.visible(by).select_related(*RELATED).get(pk=key)


def opened(by: Actor, row: Bulletin) -> Opened:
    """All of it, for the page."""
    document = document_of(row)
    return Opened(
        row=row,
        document=document,
        typed=showing.typed_in(document.blocks),
        remark=row.remark.open(READING) if row.remark and not access.withheld(row) else "",
        files=list(row.files.order_by("kind")),
        replaced_by=Bulletin.objects.filter(replaces=row).defer(*HEAVY).first(),
        may=_may(by, row),
    )


def _may(by: Actor, row: Bulletin) -> dict[str, bool]:
    """What is offered; the acts ask again."""
    writes, state = access.may_write(by, row), row.state
    decides = by.role in access.APPROVERS
    ended = state in (State.ISSUED, State.WITHDRAWN)
    return {
        "edit": writes and state == State.DRAFT,
        "approve": state == State.SUBMITTED and access.may_decide(by, row),
        "send_back": (decides or writes) and state in (State.SUBMITTED, State.APPROVED),
        "issue": (decides or by.role in access.WRITERS) and state == State.APPROVED,
        "withdraw": decides and state == State.ISSUED,
        "correct": writes and ended and not Bulletin.objects.filter(replaces=row).exists(),
    }


def previewed(by: Actor, row: Bulletin, *, title: str, text: str) -> Document:
    """The document of a text that is not kept yet. Raises PermissionDenied, or Refused as keeping it would."""
    if not access.may_write(by, row):
        raise PermissionDenied(_("您的岗位不能改这份简报。"))
    marking.check(text, audience=row.audience, every=row.every)
    return document_of(row, title=title, text=text)


def text_of(row: Bulletin) -> str:
    """The text as it is edited."""
    return row.body.open(READING)


# -- what the public reads -----------------------------------------------------------------------------------
def public_listing(*, after: str = "", before: str = "") -> Listing:
    """One page of what was issued for everybody, the newest first."""
    return newest(
        access.public().select_related("unit", "replaces").defer(*HEAVY), after=after, before=before
    )


def public_newest(most: int) -> list[Bulletin]:
    """The newest that stand, for the feed."""
    rows = access.public().filter(state=State.ISSUED).select_related("unit").defer(*HEAVY)
    return list(rows.order_by("-id")[:most])


def public_find(key: int) -> Bulletin:
    """A bulletin that everybody may read. Raises NotFound for any other, and never says why."""
    return access.public().select_related("unit", "replaces", "replaced_by").get(pk=key)


def file_of(row: Bulletin, kind: str) -> BulletinFile | None:
    """Its file, when it is made and says nothing that has been taken down since."""
    return next((each for each in files_of(row) if each.kind == kind), None)


def files_of(row: Bulletin) -> list[BulletinFile]:
    """The files that can be fetched now."""
    if row.state != State.ISSUED or taken_down(row) or access.withheld(row):
        return []
    return list(row.files.filter(state=BulletinFile.State.READY).order_by("kind"))


def taken_down(row: Bulletin) -> set[str]:
    """The numbers of matters in it that are no longer public as they were."""
    said = {each["number"]: each["confirmed"] for each in row.bound.get("matters") or ()}
    return set(said) - publication.still_published(said) if said else set()


# -- the document --------------------------------------------------------------------------------------------
def document_of(row: Bulletin, *, title: str = "", text: str | None = None) -> Document:
    """What the bulletin says, with its figures; of an edited text that is not kept yet when one is given.

    Raises Refused for a name that nothing is known by.
    """
    with translation.override("zh-hans"):
        span = span_of(row)
        town = place()
        scope = row.bound.get("scope") or ""
        facts = showing.facts_of(row.bound, span, place=town.place or "", unit=row.unit.full_name, scope=scope,
                                 series=row.series)  # fmt: skip
        gone = taken_down(row)
        shown = showing.Shown(
            row.bound,
            facts,
            matters=[each for each in row.bound.get("matters") or () if each["number"] not in gone],
            url=_public_url(row),
        )
        return Document(
            title=title or row.title,
            series=row.series,
            issue=issue_words(row),
            reference=reference(row),
            office=town.office or row.unit.full_name,
            day=in_words(row.issued_on) if row.issued_on else "",
            period=span.words,
            audience=str(row.get_audience_display()),
            notice=_notice(row),
            form=row.form,
            blocks=[_untold()]
            if access.withheld(row)
            else showing.blocks(text_of(row) if text is None else text, shown),
        )


def _untold() -> Paragraph:
    """What stands in the place of a text that may not be read any more; it does not say of whom it told."""
    return Paragraph([Run(_("这份简报写到的诉求里，有的不能再写进简报，所以全文不再显示。"))])


def issue_words(row: Bulletin) -> str:
    """2026 年第 3 期; "" of a draft."""
    if row.number is None:
        return ""
    return _("%(year)d 年第 %(n)d 期") % {"year": row.year, "n": row.number}


def reference(row: Bulletin) -> str:
    """发文字号 (GB/T 9704-2012, 7.2.5): the office's mark, the year in 〔〕, the number without "第" and noughts."""
    return f"{row.mark}〔{row.year}〕{row.number}号" if row.mark and row.number is not None else ""


def _notice(row: Bulletin) -> str:
    if row.replaces is None:
        return ""
    return _("本期更正%(issue)s。原因：%(why)s") % {"issue": issue_words(row.replaces), "why": _why(row)}


def _why(row: Bulletin) -> str:
    return row.reason if row.state != State.WITHDRAWN else ""


def _public_url(row: Bulletin) -> str:
    asked = f"?{row.scope_kind}={row.scope}" if row.scope else ""
    return f"{settings.HUIYIN_URL}/public/{asked}"


def names_for(row: Bulletin) -> list[tuple[str, str, str]]:
    """What may stand in braces: the name, what it shows now, how it is counted; for whoever edits."""
    from_names = marking.figure_names()
    with translation.override("zh-hans"):
        titles = {name: title for title, name in from_names.items() if title != name}
        return [
            (f"{{{title}}}", showing.number(showing.binding.found(row.bound, name)), str(_definition(name)))
            for name, title in titles.items()
        ]


def _definition(name: str) -> Any:
    return showing.FIGURES[name].definition


# -- the ledger's word ---------------------------------------------------------------------------------------
def tampered() -> list[Bulletin]:
    """Issued bulletins that no longer say what they said: of public ones by their event, of others by their row."""
    rows = Bulletin.objects.filter(state__in=(State.ISSUED, State.WITHDRAWN)).order_by("pk")
    return [row for row in rows.iterator(chunk_size=50) if content_digest(row) not in _said(row)]


def _said(row: Bulletin) -> set[str]:
    if row.audience != Bulletin.Audience.PUBLIC:
        return {row.digest}
    events: QuerySet[Any] = history(f"bulletin:{row.pk}").filter(kind="issue_bulletin")
    return {event.facts["digest"] for event in events}
