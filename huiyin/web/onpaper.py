"""A page's content as a paper: set as PDF/UA while the reader waits, a third of a second."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from huiyin.kernel.refusals import Refused
from huiyin.organisation.place import place
from huiyin.publication.bulletins.document import Block, Document
from huiyin.publication.bulletins.press import pdf
from huiyin.publication.bulletins.press.setting import NotSet


def on_paper(title: str, number: str, blocks: Sequence[Block]) -> Document:
    """A plain paper of this office, without an issue or a day of its own."""
    return Document(
        title=title, series=place().office, issue=number, reference="", office=place().office or title, day="",
        period="", audience="", notice="", form="plain", blocks=blocks,
    )  # fmt: skip


def as_file(document: Document, *, name: str) -> HttpResponse:
    """The paper as a download; in words where it cannot be set."""
    try:
        made = pdf.made(document)
    except (Refused, NotSet) as fault:
        said = str(fault) if isinstance(fault, Refused) else _("没有排成 PDF。请用浏览器的“打印”。")
        return HttpResponse(said, status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
