"""Templates of an office: uploaded, tried, put to use, taken out of use; and workbooks asked for."""

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin import ledger
from huiyin.assessment.periods import Period
from huiyin.cases import exporting, words
from huiyin.cases.models import Export
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.workbooks import access, spans
from huiyin.workbooks.checking import require_fit
from huiyin.workbooks.models import Template
from huiyin.workbooks.shipped import Shipped

NAME = gettext_lazy("名称")
MOST_NAME = 60
State = Template.State


# -- templates -------------------------------------------------------------------------------------------------
def upload(*, by: Actor, name: str, content: bytes) -> Template:
    """Keep a file as the next version of the template of this name; the same file once more is the same version.

    Raises PermissionDenied for whoever keeps none; Refused for a file that is no harmless workbook; `checking.Unfit`,
    with every problem, for a template that must be mended.
    """
    access.require_keeper(by)
    called = " ".join(words.required(name, NAME, most=MOST_NAME).split())
    found = require_fit(content)
    digest = hashlib.sha256(content).hexdigest()
    try:
        return _kept(by, called, content, digest, dict(found.about))
    except IntegrityError as other:  # somebody uploaded at the same moment
        raise Refused(_("刚才有人上传了同名的模板。请再传一次。"), code="template_raced") from other


@transaction.atomic
def _kept(by: Actor, name: str, content: bytes, digest: str, about: dict[str, Any]) -> Template:
    before = Template.objects.filter(unit=by.post.unit_id, name=name)
    last = before.defer("content").order_by("-version").first()
    if last is not None and last.digest == digest:
        return last
    row = Template.objects.create(
        unit=by.post.unit,
        name=name,
        version=(before.aggregate(last=Max("version"))["last"] or 0) + 1,
        digest=digest,
        content=content,
        size=len(content),
        about=about,
        uploaded_at=by.when(),
        uploaded_by=by.post,
    )
    _record(row, "template_uploaded", by, {"version": row.version, "sha256": digest}, first=True)
    return row


@transaction.atomic
def activate(template: Template, *, by: Actor) -> Template:
    """Put a version to use; the one before it goes out of use. Raises Refused without a test fill."""
    row = _locked(template, by)
    if row.state == State.ACTIVE:
        raise Refused(_("这一版已经在用了。"), code="template_active")
    if row.tested_at is None:
        raise Refused(_("请先试填一次，看看填出来的对不对，再启用。"), code="template_untested")
    same = Template.objects.filter(unit=row.unit_id, name=row.name)
    for other in same.select_for_update().defer("content").filter(state=State.ACTIVE):
        _retired(other, by)
    row.state, row.activated_at, row.activated_by = State.ACTIVE, by.when(), by.post
    row.retired_at = row.retired_by = None
    row.save(update_fields=["state", "activated_at", "activated_by", "retired_at", "retired_by"])
    _record(row, "template_activated", by, {"version": row.version})
    return row


@transaction.atomic
def retire(template: Template, *, by: Actor) -> Template:
    """Take a version out of use; workbooks that were made with it stay as they are."""
    row = _locked(template, by)
    if row.state == State.RETIRED:
        raise Refused(_("这一版已经停用了。"), code="template_retired")
    _retired(row, by)
    return row


def _retired(row: Template, by: Actor) -> None:
    row.state, row.retired_at, row.retired_by = State.RETIRED, by.when(), by.post
    row.save(update_fields=["state", "retired_at", "retired_by"])
    _record(row, "template_retired", by, {"version": row.version})


def _locked(template: Template, by: Actor) -> Template:
    access.require_keeper(by)
    rows = access.kept(by).select_for_update(of=("self",)).defer("content")
    return rows.get(pk=template.pk)


def _record(row: Template, kind: str, by: Actor, facts: dict[str, Any], *, first: bool = False) -> None:
    ledger.record(f"template:{row.pk}", kind, actor=by.name, occurred_at=by.when(), facts=facts, first=first)


# -- workbooks -------------------------------------------------------------------------------------------------
def fill(template: Template, *, by: Actor, period: Period, language: str, through: str = "") -> Export:
    """Ask for the workbook of a period, from a template in use. The worker writes it. Raises as `exporting.queue`.

    The ledger says through what it was asked for, where that was not the page.
    """
    access.require_filler(by)
    row = access.fillable(by).defer("content").filter(pk=template.pk).first()
    if row is None:
        raise Refused(_("这份模板已经停用。请换一份。"), code="template_retired")
    asked = {"template": row.pk, "version": row.version, **_through(through)}
    return _queued(by, row.name, period, language, asked)


def try_out(template: Template, *, by: Actor, period: Period, language: str) -> Export:
    """Ask for a workbook from a version that is not in use yet, to see whether it is right."""
    access.require_keeper(by)
    row = access.kept(by).defer("content").get(pk=template.pk)
    title = _("%(name)s 第 %(version)s 版试填") % {"name": row.name, "version": row.version}
    return _queued(by, title, period, language, {"template": row.pk, "version": row.version, "test": 1})


def fill_shipped(shipped: Shipped, *, by: Actor, period: Period, language: str, through: str = "") -> Export:
    """Ask for a workbook that comes with the program, as `fill`."""
    access.require_filler(by)
    if by.role not in shipped.roles:
        raise PermissionDenied(_("您的岗位没有这份报表。"))
    return _queued(by, str(shipped.title), period, language, {"shipped": shipped.code, **_through(through)})


def _through(what: str) -> dict[str, str]:
    return {"through": what} if what else {}


def _queued(by: Actor, title: str, period: Period, language: str, asked: dict[str, Any]) -> Export:
    called = f"{title} {spans.words(period)}"[:100]
    fields = {**asked, "period": period.code}
    for row in exporting.mine(by):  # pressed twice: the one that waits already is the one
        if row.waits and (row.of, row.wanted, row.language) == (Export.Of.WORKBOOK, fields, language):
            return row
    return exporting.queue(
        by, fields, of=Export.Of.WORKBOOK, kind=Export.Kind.XLSX, language=language, title=called
    )
