"""The acts on a bulletin, one door each: draft, edit, count anew, hand in, send back, approve, issue, correct."""

import json
from collections.abc import Collection, Sequence
from hashlib import sha256
from secrets import token_hex
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huiyin import ledger
from huiyin.cases.words import clean, digest, optional, required
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.organisation.queries import today
from huiyin.people import identity
from huiyin.publication.bulletins import access, binding, drafting, marking
from huiyin.publication.bulletins.binding import Wanted
from huiyin.publication.bulletins.models import Bulletin, BulletinFile, BulletinWriter, Series
from huiyin.publication.bulletins.periods import DAYS, Span, checked
from huiyin.publication.bulletins.templates import Template, named

State = Bulletin.State
LONGEST = 100_000
FILES = ("pdf", "docx")
READING = Permit(holder="bulletins", purpose=Purpose.WORK)


class Taken(Refused):
    """There is a bulletin of this template and period already; `key` is its own."""

    def __init__(self, key: int) -> None:
        super().__init__(_("这段时间的这种简报已经有了，没有再建一份。"), code="bulletin_taken")
        self.key = key


class Stale(Refused):
    """Somebody else has changed the text since it was read."""


def draft(
    *, by: Actor, code: str, since: Any, until: Any, scope: str = "", cases: Sequence[str] = (), key: str = ""
) -> Bulletin:
    """Draw up a draft by a template: its text with its names, and all figures of the span bound to it.

    `scope` is the code that the template asks for; `cases` are numbers of cases that an information bulletin tells of.
    Asked twice with one `key`, or for a period that has one, there is no second: raises Taken. Raises Refused for a
    span that is not over and a scope or case that is not there.
    """
    template = named(code, until)
    if not access.may_draft(by, template):
        raise PermissionDenied(_("您的岗位不能起草这种简报。"))
    span = checked(template.every, since, until, today=today())
    narrowed = drafting.scope_of(template, scope)
    once = f"{code}:{span.code}:{scope}" if template.every != DAYS else _token(by, key)
    existing = Bulletin.objects.filter(once=once).values_list("pk", flat=True).first()
    if existing is not None:
        raise Taken(existing)
    wanted = Wanted(span, template.audience, template.scope if scope else "", scope)
    chosen = drafting.chosen_cases(by, cases)
    bound = binding.bind(wanted) | {"matters": drafting.matters(template, span, scope), "scope": narrowed}
    bound["cited"] = [case.pk for case in chosen]  # asked about again whenever the text is read
    body = drafting.filled(template, drafting.told_cases(chosen))
    return _draft(template, span, by=by, scope=scope, bound=bound, body=body, once=once)


def _token(by: Actor, key: str) -> str:
    """What makes a form that is sent twice the same draft."""
    return f"form:{by.name[:60]}:{(key or token_hex(16))[:64]}"


def _draft(
    template: Template, span: Span, *, by: Actor, scope: str, bound: dict[str, Any], body: str, once: str
) -> Bulletin:
    now = by.when()
    row = Bulletin(
        template=template.code, template_digest=template.digest, series=template.series,
        audience=template.audience, form=template.form, mark=template.mark, every=template.every,
        since=span.since, until=span.until, scope_kind=template.scope if scope else "", scope=scope,
        title=drafting.title(template, span, bound["scope"], by), body=body, bound=bound, unit=by.unit,
        author=by.post, drafted_at=now, edited_by=by.post, edited_at=now, once=once,
    )  # fmt: skip
    with transaction.atomic():
        _insert(row)
        _sign(row, by)
        facts = {"template": row.template, "audience": row.audience, "period": span.code,
                 "template_digest": row.template_digest, "position": bound["position"]}  # fmt: skip
        _record(row, "draft_bulletin", by=by, facts=facts, first=True)
    return row


def _insert(row: Bulletin) -> None:
    """Raises Taken where another got there first."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as fault:
        found = Bulletin.objects.filter(once=row.once).values_list("pk", flat=True).first()
        if found is None:
            raise
        raise Taken(found) from fault


@transaction.atomic
def edit(bulletin: Bulletin, *, by: Actor, title: str, body: str, version: int) -> Bulletin:
    """Change title and text of a draft. Raises Stale when somebody else did since, Refused for an unknown name."""
    row = _opened(bulletin, by, (State.DRAFT,))
    _require_writer(by, row)
    _require_current(row, version)
    said = required(title, _("标题"), most=120)
    text = optional(body, _("正文"), most=LONGEST)
    marking.check(text, audience=row.audience, every=row.every)
    row.title, row.body = said, text
    _changed(row, by)
    _record(row, "edit_bulletin", by=by, facts={"version": row.version}, text=f"{said}\n{text}")
    return row


def recount(bulletin: Bulletin, *, by: Actor, version: int) -> Bulletin:
    """Bind the figures as they are now; the text stays, and shows the new ones."""
    with transaction.atomic():  # asked first: counting takes seconds
        row = _recountable(bulletin, by, version)
    wanted = Wanted(span_of(row), row.audience, row.scope_kind, row.scope)
    bound = binding.bind(wanted, before=row.replaces.bound if row.replaces else None)
    with transaction.atomic():
        row = _recountable(bulletin, by, version)
        kept = {name: row.bound.get(name) for name in ("matters", "scope", "cited")}
        row.bound = bound | kept
        _changed(row, by)
        _record(row, "recount_bulletin", by=by, facts={"version": row.version, "position": bound["position"]})
    return row


def _recountable(bulletin: Bulletin, by: Actor, version: int) -> Bulletin:
    row = _opened(bulletin, by, (State.DRAFT,))
    _require_writer(by, row)
    _require_current(row, version)
    return row


@transaction.atomic
def submit(bulletin: Bulletin, *, by: Actor, version: int) -> Bulletin:
    """Hand the draft to whoever approves. Raises Refused for one without a text."""
    row = _opened(bulletin, by, (State.DRAFT,))
    _require_writer(by, row)
    _require_current(row, version)
    text = required(row.body.open(READING), _("正文"), most=LONGEST)
    _require_nameless(f"{row.title}\n{text}")
    row.state, row.submitted_at = State.SUBMITTED, by.when()
    row.remark = row.sent_back_by = None
    row.save()
    _record(row, "submit_bulletin", by=by, facts={"version": row.version})
    return row


@transaction.atomic
def send_back(bulletin: Bulletin, *, by: Actor, remark: str) -> Bulletin:
    """Back to the draft, with a remark: by who may approve, or by who may write and finds a mistake."""
    said = required(remark, _("退回的意见"))
    row = _opened(bulletin, by, (State.SUBMITTED, State.APPROVED))
    if by.role not in access.APPROVERS and not access.may_write(by, row):
        raise PermissionDenied(_("您的岗位不能退回这份简报。"))
    row.state, row.remark, row.sent_back_by = State.DRAFT, said, by.post
    row.approved_by = row.approved_at = row.submitted_at = None
    row.save()
    _record(row, "send_back_bulletin", by=by, facts={"version": row.version}, text=said)
    return row


@transaction.atomic
def approve(bulletin: Bulletin, *, by: Actor, version: int) -> Bulletin:
    """Agree to the text as it was read. Raises PermissionDenied for whoever wrote any of it (four eyes)."""
    row = _opened(bulletin, by, (State.SUBMITTED,))
    if not access.may_decide(by, row):
        raise PermissionDenied(_("简报要由没有参与起草和修改的审核员、督办员或领导核准。"))
    _require_current(row, version)
    row.state, row.approved_by, row.approved_at = State.APPROVED, by.post, by.when()
    row.save()
    _record(row, "approve_bulletin", by=by, facts={"version": row.version})
    return row


@transaction.atomic
def issue(bulletin: Bulletin, *, by: Actor) -> Bulletin:
    """Give it the next number of its series and year, for good; its files are asked for in the same transaction."""
    row = _opened(bulletin, by, (State.APPROVED,))
    _require_tellable(row)
    if by.role not in access.APPROVERS | access.WRITERS:
        raise PermissionDenied(_("您的岗位不能签发简报。"))
    row.state, row.issued_by, row.issued_at = State.ISSUED, by.post, by.when()
    row.issued_on = clock.local_date(clock.now())
    row.year, row.number = row.issued_on.year, _next(row.series, row.issued_on.year)
    row.digest = content_digest(row)
    row.save()
    now = clock.now()
    BulletinFile.objects.bulk_create(BulletinFile(bulletin=row, kind=kind, touched_at=now) for kind in FILES)
    facts = {"series": row.series, "year": row.year, "number": row.number, "audience": row.audience}
    if row.replaces_id:
        facts["corrects"] = row.replaces_id
    if row.audience == Bulletin.Audience.PUBLIC:
        _record(row, "issue_bulletin", by=by, facts={**facts, "digest": row.digest})
    else:
        _record(row, "issue_bulletin", by=by, facts=facts, text=row.digest)
    return row


@transaction.atomic
def withdraw(bulletin: Bulletin, *, by: Actor, reason: str) -> Bulletin:
    """Take an issued one back: its text is shown no more, its number, day and the reason stay."""
    said = _reason(reason, _("撤回的理由"))
    row = _opened(bulletin, by, (State.ISSUED,))
    if by.role not in access.APPROVERS:
        raise PermissionDenied(_("简报由审核员、督办员或领导撤回。"))
    row.state, row.reason, row.withdrawn_by, row.withdrawn_at = State.WITHDRAWN, said, by.post, by.when()
    row.save()
    _record(row, "withdraw_bulletin", by=by, facts={"number": row.number, "year": row.year}, text=said)
    return row


def correct(bulletin: Bulletin, *, by: Actor, reason: str) -> Bulletin:
    """Begin the issue that corrects this one: its text and figures, to be changed; only one may.

    Raises Taken while there is such a one, Refused for what was never issued.
    """
    said = _reason(reason, _("更正的原因"))
    with transaction.atomic():
        old = _opened(bulletin, by, (State.ISSUED, State.WITHDRAWN))
        _require_writer(by, old)
        now = by.when()
        copied = ("template", "template_digest", "series", "audience", "form", "mark", "every", "since", "until",
                  "scope_kind", "scope", "title", "bound", "unit")  # fmt: skip
        row = Bulletin(**{name: getattr(old, name) for name in copied})
        row.body, row.reason, row.replaces = old.body.open(READING), said, old
        if access.withheld(old):  # to be written anew, without what may not be told
            row.body, row.bound = "", {**old.bound, "cited": []}
        row.author = row.edited_by = by.post
        row.drafted_at = row.edited_at = now
        row.once = f"corrects:{old.pk}"
        _insert(row)
        _copy_writers(old, row)
        _sign(row, by)
        facts = {"corrects": old.pk, "template": row.template, "audience": row.audience}
        _record(row, "draft_bulletin", by=by, facts=facts, text=said, first=True)
    return row


@transaction.atomic
def discard(bulletin: Bulletin, *, by: Actor) -> Bulletin:
    """Throw a draft away; the period may then have another."""
    row = _opened(bulletin, by, (State.DRAFT,))
    _require_writer(by, row)
    row.state, row.once, row.replaces = State.DISCARDED, f"gone:{row.pk}", None
    row.save()
    _record(row, "discard_bulletin", by=by, facts={})
    return row


def span_of(row: Bulletin) -> Span:
    """The span that it tells of."""
    return Span(row.every, row.since, row.until)


def content_digest(row: Bulletin) -> str:
    """A fingerprint of all that an issue says."""
    said = [row.series, row.year, row.number, row.issued_on and row.issued_on.isoformat(), row.audience, row.form,
            row.mark, row.title, row.body.open(READING), row.bound, row.unit_id, row.replaces_id]  # fmt: skip
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# -- what the acts share -------------------------------------------------------------------------------------
def _opened(bulletin: Bulletin, by: Actor, states: Collection[str]) -> Bulletin:
    """The bulletin under its lock, in one of these states. Raises PermissionDenied, or Refused that says its state."""
    if not access.visible(by).filter(pk=bulletin.pk).exists():
        raise PermissionDenied(_("您看不到这份简报，或它不存在。"))
    row = Bulletin.objects.select_for_update(of=("self",)).get(pk=bulletin.pk)
    if row.state not in states:
        raise Refused(
            _("这份简报现在是“%(state)s”，不能这样做。没有改动。") % {"state": row.get_state_display()},
            code="bulletin_state",
        )
    return row


def _require_writer(by: Actor, row: Bulletin) -> None:
    if not access.may_write(by, row):
        raise PermissionDenied(_("您的岗位不能改这份简报。"))


def _require_current(row: Bulletin, version: int) -> None:
    if row.version != version:
        raise Stale(
            _("您打开以后，%(who)s改过这份简报，所以这一次没有生效。您写的还在。")
            % {"who": _who(row.edited_by)},
            code="bulletin_stale",
            instead=_("请先看现在的文本，再做一次。"),
        )
    _require_tellable(row)


def _require_tellable(row: Bulletin) -> None:
    if access.withheld(row):
        raise Refused(
            _("这份简报写到的诉求里，有的不能再写进简报。没有改动。"),
            code="bulletin_withheld",
            instead=_("请作废这份草稿，去掉那些诉求重新起草。"),
        )


def _require_nameless(text: str) -> None:
    """No telephone, identity number or announced name is handed in: a bulletin tells of matters, not of people.

    Telephones of units that are public may stand (Personal Information Protection Law 个人信息保护法 art. 25).
    """
    if identity.masked(text) != text:
        raise Refused(
            _("标题或正文里还有像电话、证件号、姓名的内容，没有送出。请改写以后再送；单位公布的电话可以写。"),
            code="identity",
        )


def _reason(typed: str, label: str) -> str:
    """Why an issue is taken back or corrected: it is published, so that it names nobody either."""
    said = required(typed, label, most=200)
    if identity.masked(said) != said:
        raise Refused(
            _("“%(field)s”会公布，里面还有像电话、证件号、姓名的内容，没有改动。请改写以后再送。")
            % {"field": label},
            code="identity",
        )
    return said


def _who(post: Post | None) -> str:
    return str(post) if post else _("别人")


def _changed(row: Bulletin, by: Actor) -> None:
    row.version += 1
    row.edited_by, row.edited_at = by.post, by.when()
    row.save()
    _sign(row, by)


def _sign(row: Bulletin, by: Actor) -> None:
    if by.user is not None:
        BulletinWriter.objects.get_or_create(bulletin=row, user=by.user)


def _copy_writers(old: Bulletin, row: Bulletin) -> None:
    """Who wrote the text that is corrected has written the correction as well: four eyes."""
    BulletinWriter.objects.bulk_create(
        BulletinWriter(bulletin=row, user_id=each) for each in old.writers.values_list("user", flat=True)
    )


def _next(series: str, year: int) -> int:
    """The next number, under the lock of the series: two who issue at once come one after the other."""
    Series.objects.get_or_create(name=series, year=year)
    row = Series.objects.select_for_update().get(name=series, year=year)
    row.last += 1
    row.save()
    return row.last


def _record(
    row: Bulletin, act: str, *, by: Actor, facts: dict[str, Any], text: str = "", first: bool = False
) -> None:
    """What happened, in the ledger; of texts only a sealed fingerprint."""
    private = {"text": digest(clean(text))} if text else None
    ledger.record(
        f"bulletin:{row.pk}",
        act,
        actor=by.name,
        occurred_at=by.when(),
        facts=facts,
        private=private,
        first=first,
    )
