"""Writes a workbook that somebody has asked for; run by the worker as lists are, begun anew when it was killed."""

from pathlib import Path

from django.utils.translation import gettext as _

from huiyin.cases import exporting
from huiyin.cases.models import Export
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.queries import today
from huiyin.workbooks import access, spans
from huiyin.workbooks.filling import filled
from huiyin.workbooks.models import Template
from huiyin.workbooks.reader import reading
from huiyin.workbooks.shipped import SHIPPED


def write(row: Export, path: Path) -> None:
    """Fill the template for whoever asked, with what they may see now, into a file. Raises Refused."""
    by = exporting.asker(row)
    access.require_filler(by)
    content = _template(row, by)

    def alive(rows: int) -> None:
        row.written = max(row.written, rows)
        exporting.alive(row)

    with reading(by, spans.named(row.wanted["period"], today()), alive=alive) as source:
        path.write_bytes(filled(content, source, alive=alive))
    if row.wanted.get("test"):
        Template.objects.filter(pk=row.wanted["template"]).update(tested_at=clock.now())


def _template(row: Export, by: Actor) -> bytes:
    if "shipped" in row.wanted:
        return SHIPPED[row.wanted["shipped"]].made()
    rows = access.kept(by) if row.wanted.get("test") else access.fillable(by)
    found = rows.filter(pk=row.wanted["template"]).first()
    if found is None:
        raise Refused(_("这份模板已经停用。请换一份。"), code="template_retired")
    return bytes(found.content)
