"""What is missing or contradictory in a profile, told in words before it is loaded; no database is asked.

Every rule is a function from the papers to findings; RULES lists them in the order in which they are told.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

from django.utils.translation import gettext as _

from huiyin.accounts.roles import DESK, Role
from huiyin.cases.models import Case, Reason
from huiyin.cases.papers import faults
from huiyin.cases.phrases import phrase_of
from huiyin.cli.profile_assessment import assessment, targets
from huiyin.cli.profile_call_backs import call_backs
from huiyin.cli.profile_ledgers import acceptances, feedback, rechecks, sweeps
from huiyin.cli.profile_papers import (
    Finding,
    Papers,
    about_file,
    at,
    bad_cells,
    cell,
    chain,
    holds,
    read_papers,
)
from huiyin.deadlines.models import Policy
from huiyin.deadlines.policies import COLUMNS, BadPolicy, NoPolicy, PolicyBook, checked
from huiyin.kernel.folders import ABOUT
from huiyin.kernel.tables import Row
from huiyin.organisation import queries as organisation
from huiyin.organisation.models import DutyItem, Region, Unit
from huiyin.organisation.place import LIMITS, TEXTS
from huiyin.organisation.profile import dates
from huiyin.publication.bulletins import templates
from huiyin.supervision.marks import NAMES as MARKS
from huiyin.supervision.rules import KINDS, PROPOSED, RAISING

RECEIVERS = frozenset(Unit.Kind.values) - {Unit.Kind.CENTRE, Unit.Kind.SUPERVISION, Unit.Kind.LEADERSHIP}
INVENTED = re.compile(r"1380000\d{4}|0999-\d{7}")  # numbers that nobody has: 0999 is no area code
PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")
NOTICE_MONTH = 11  # the State Council's notice of next year's holidays is out by then
LAST_OF_CODE = 20  # characters of a door's code
STEP = Policy.Step
PETITION_ONLY = (STEP.NOTIFY, STEP.REVIEW_REQUEST, STEP.REVIEW, STEP.REREVIEW_REQUEST, STEP.REREVIEW)
UNLIKE = {Policy.Kind.HOURS: 1 / 24, Policy.Kind.WORKING_DAYS: 7 / 5, Policy.Kind.CALENDAR_DAYS: 1}


def check(folder: Path) -> list[Finding]:
    """Everything wrong with the profile in a folder, in the order of the rules; empty when it can be used."""
    papers = read_papers(folder, organisation.today())
    return [*papers.found, *(finding for rule in RULES for finding in rule(papers))]


# -- one row at a time ---------------------------------------------------------------------------------------
def cells(papers: Papers) -> Iterator[Finding]:
    """Codes, words and dates that can be used, and codes that are there once."""
    choices: dict[str, tuple[str, str, Iterable[str]]] = {
        "regions.csv": ("code", "level", Region.Level.values),
        "units.csv": ("code", "kind", Unit.Kind.values),
        "posts.csv": ("code", "role", Role.values),
        "reasons.csv": ("code", "kind", Reason.For.values),
        "categories.csv": ("code", "", ()),
        "users.csv": ("username", "", ()),
    }
    for file, (key, column, among) in choices.items():
        seen: set[str] = set()
        for row in papers.rows(file):
            yield from bad_cells("cells", row, lambda: row.code(key, most=150), lambda: dates(row))  # noqa: B023
            if column:
                yield from bad_cells("cells", row, lambda: row.choice(column, tuple(among)))  # noqa: B023
            if cell(row, key) in seen:
                yield at("cells", row, key, _("这个编码前面已经有了。请换一个，或者删去一行。"))
            seen.add(cell(row, key))
    for row in papers.rows("duties.csv"):
        yield from bad_cells(
            "cells", row, lambda: row.choice("part", DutyItem.Part.values), lambda: dates(row)  # noqa: B023
        )  # fmt: skip
    for row in papers.rows("reasons.csv"):
        yield from bad_cells("cells", row, lambda: row.text("text", most=200), lambda: row.text("basis"))  # noqa: B023


REFERENCES = (  # file, column, the file that must have the code, whether it must be filled
    ("regions.csv", "parent", "regions.csv", False),
    ("regions.csv", "successor", "regions.csv", False),
    ("units.csv", "region", "regions.csv", True),
    ("units.csv", "superior", "units.csv", False),
    ("units.csv", "parent", "units.csv", False),
    ("units.csv", "successor", "units.csv", False),
    ("units.csv", "liaison", "posts.csv", False),
    ("posts.csv", "username", "users.csv", True),
    ("posts.csv", "unit", "units.csv", True),
    ("categories.csv", "parent", "categories.csv", False),
    ("duties.csv", "unit", "units.csv", True),
    ("duties.csv", "category_code", "categories.csv", True),
)


def references(papers: Papers) -> Iterator[Finding]:
    """Codes that stand for a row of another table, and trees without circles."""
    for file, column, other, must in REFERENCES:
        known = papers.coded(other, "username" if other == "users.csv" else "code")
        for row in papers.rows(file):
            read = row.needed if must else row.known
            yield from bad_cells("references", row, lambda: read(column, known, file=other))  # noqa: B023
    for file in ("regions.csv", "units.csv", "categories.csv"):
        rows = papers.coded(file)
        for code, row in rows.items():
            if cell(rows[chain(row, rows)[-1]], "parent") in rows:
                yield at("references", row, "parent", _("“%(code)s”的上级绕成了一个圈。") % {"code": code})


# -- the place itself ----------------------------------------------------------------------------------------
def place(papers: Papers) -> Iterator[Finding]:
    """profile.toml: its name, its regions, its texts in every language, its doors."""
    about = papers.about
    if not about:
        return
    if about.get("name") != papers.folder.name:
        yield about_file("place", ABOUT, _("name 要和文件夹同名“%(name)s”。") % {"name": papers.folder.name})
    for key in ("version", "zone"):
        if not about.get(key):
            yield about_file("place", ABOUT, _("没有写 %(key)s。") % {"key": key})
    regions = papers.coded("regions.csv")
    for key in ("root", "home"):
        if about.get(key) and about[key] not in regions:
            sentence = _("%(key)s 写的“%(code)s”不在 regions.csv 里。")
            yield about_file("place", ABOUT, sentence % {"key": key, "code": about[key]})
    for code in set(about.get("unled", ())) - set(papers.coded("categories.csv")):
        sentence = _("unled 里的“%(code)s”不在 categories.csv 里。")
        yield about_file("place", ABOUT, sentence % {"code": code})
    for language in about.get("languages", ["zh-hans"]):
        texts = about.get("texts", {}).get(language, {})
        missing = [name for name in TEXTS if not str(texts.get(name, "")).strip()]
        if missing:
            sentence = _("[texts.%(language)s] 缺少 %(names)s。请补上，或者从 languages 里去掉这种语言。")
            yield about_file("texts", ABOUT, sentence % {"language": language, "names": "、".join(missing)})


def limits_of_the_place(papers: Papers) -> Iterator[Finding]:
    """Numbers of its own: known ones, and whole numbers above 0."""
    for name, number in papers.about.get("limits", {}).items():
        if name not in LIMITS or not isinstance(number, int) or number < 1:
            sentence = _("[limits] 里的“%(name)s”要是已知的名字和大于 0 的整数；可以写 %(names)s。")
            yield about_file("place", ABOUT, sentence % {"name": name, "names": "、".join(LIMITS)})


def reminders(papers: Papers) -> Iterator[Finding]:
    """Rules by which the machine reminds: a mark that calls for somebody to act, a few working days, words."""
    most = papers.about.get("limits", {}).get("reminder_days", LIMITS["reminder_days"])
    for row in papers.about.get("reminder", []):
        mark, days = row.get("mark", ""), row.get("days", 1)
        if mark not in RAISING:
            sentence = _("[[reminder]] 的 mark “%(mark)s”要是 %(names)s 之一。")
            yield about_file("place", ABOUT, sentence % {"mark": mark, "names": "、".join(RAISING)})
        if type(days) is not int or not 1 <= days <= most or not str(row.get("words", "")).strip():
            sentence = _("[[reminder]] “%(mark)s”要写明 words，days 要是 1 到 %(most)s 的整数。")
            yield about_file("place", ABOUT, sentence % {"mark": mark, "most": most})


def ladder(papers: Papers) -> Iterator[Finding]:
    """Rules of the ladder of supervision: what is proposed for which mark, in words; days; faults with a clause."""
    for row in papers.about.get("proposal", []):
        mark, kind = row.get("mark", ""), row.get("kind", "")
        if mark not in MARKS or kind not in PROPOSED or not str(row.get("words", "")).strip():
            sentence = _(
                "[[proposal]] “%(mark)s”要写明 words；mark 要是 %(marks)s 之一，kind 要是 %(kinds)s 之一。"
            )
            told = {"mark": mark, "marks": "、".join(MARKS), "kinds": "、".join(PROPOSED)}
            yield about_file("place", ABOUT, sentence % told)
    for row in papers.about.get("rung", []):
        days, most = row.get("days", 0), row.get("most", row.get("days", 0))
        numbers = type(days) is int and type(most) is int and 1 <= days <= most
        if row.get("kind") not in KINDS or not numbers or not str(row.get("basis", "")).strip():
            sentence = _(
                "[[rung]] “%(kind)s”要写明 basis；kind 要是 %(kinds)s 之一，days 大于 0，most 不小于 days。"
            )
            yield about_file("place", ABOUT, sentence % {"kind": row.get("kind"), "kinds": "、".join(KINDS)})
    yield from _faults(papers)


def _faults(papers: Papers) -> Iterator[Finding]:
    seen: set[str] = set()
    for row in papers.about.get("fault", []):
        code = str(row.get("code", ""))
        dated = all(type(row[name]) is date for name in ("since", "until") if name in row)
        if not code or code in seen or not row.get("text") or not row.get("basis") or not dated:
            sentence = _("[[fault]] “%(code)s”要有不重复的 code、text 和 basis；since、until 要是日期。")
            yield about_file("place", ABOUT, sentence % {"code": code})
        seen.add(code)


def doors(papers: Papers) -> Iterator[Finding]:
    """Doors of the front desk: a code that is there once, a name, a unit that exists."""
    seen: set[str] = set()
    for door in papers.about.get("door", []):
        code, unit = str(door.get("code", "")), str(door.get("unit", ""))
        if (
            not re.fullmatch(rf"[A-Za-z0-9_-]{{1,{LAST_OF_CODE}}}", code)
            or code in seen
            or not door.get("name")
        ):
            sentence = _("窗口“%(code)s”要有名称和不重复的英文编码（最多 20 个字符）。")
            yield about_file("doors", ABOUT, sentence % {"code": code})
        seen.add(code)
        if unit and unit not in papers.coded("units.csv"):
            sentence = _("窗口“%(code)s”的单位“%(unit)s”不在 units.csv 里。")
            yield about_file("doors", ABOUT, sentence % {"code": code, "unit": unit})


# -- who does what -------------------------------------------------------------------------------------------
def staff(papers: Papers) -> Iterator[Finding]:
    """Every unit that gets orders has a liaison of its own and a handler; every centre has its four desks."""
    posts = papers.coded("posts.csv")
    roles: dict[str, set[str]] = defaultdict(set)
    for row in papers.standing("posts.csv"):
        roles[cell(row, "unit")].add(cell(row, "role"))
    for row in papers.standing("units.csv"):
        code, kind, liaison = cell(row, "code"), cell(row, "kind"), cell(row, "liaison")
        if liaison in posts and cell(posts[liaison], "unit") != code:
            yield at("staff", row, "liaison", _("这个岗位不在这个单位。请换一个本单位的岗位。"))
        if kind in RECEIVERS and not liaison:
            yield at("staff", row, "liaison", _("没有联络员，工单派不出去。请填一个本单位的岗位。"))
        if kind in RECEIVERS and Role.HANDLER not in roles[code]:
            yield at("staff", row, "code", _("没有经办人。请在 posts.csv 给它一个角色为 handler 的岗位。"))
        missing = [role for role in Role.values if role in DESK and role not in roles[code]]
        if kind == Unit.Kind.CENTRE and missing:
            names = "、".join(str(Role(role).label) for role in missing)
            yield at(
                "staff", row, "code", _("受理中心缺少：%(roles)s。请在 posts.csv 补上。") % {"roles": names}
            )


def coverage(papers: Papers) -> Iterator[Finding]:
    """Every region at or below a centre's has a supervising unit; every other one is only a name above them."""
    regions = papers.coded("regions.csv")
    seats: dict[str, set[str]] = defaultdict(set)
    for row in papers.standing("units.csv"):
        seats[cell(row, "kind")].add(cell(row, "region"))
    served = seats[Unit.Kind.CENTRE]
    above = {code for seat in served & set(regions) for code in chain(regions[seat], regions)[1:]}
    if not served:
        yield about_file("coverage", "units.csv", _("没有受理中心。请设一个类型为 centre 的单位。"))
        return
    for row in papers.standing("regions.csv"):
        way = set(chain(row, regions))
        if not way & served and cell(row, "code") not in above:
            yield at("coverage", row, "code", _("它和它的上级都没有受理中心。请改正上级，或者设一个。"))
        if way & served and not way & seats[Unit.Kind.SUPERVISION]:
            yield at("coverage", row, "code", _("它和它的上级都没有督办机构，举报受理中心时无人受理。"))


def leaders(papers: Papers) -> Iterator[Finding]:
    """Every category has a unit that leads it, in every community; what a community leads cites its list."""
    regions, categories, units = (papers.coded(f"{name}.csv") for name in ("regions", "categories", "units"))
    led: dict[str, set[str]] = defaultdict(set)  # category -> regions of the units that lead it
    for row in papers.standing("duties.csv"):
        unit = units.get(cell(row, "unit"))
        if unit is None or cell(row, "part") != DutyItem.Part.LEAD or not holds(unit, papers.day):
            continue
        led[cell(row, "category_code")].add(cell(unit, "region"))
        if cell(unit, "kind") == Unit.Kind.COMMUNITY and not cell(row, "basis"):
            yield at("duties", row, "basis", _("社区只主办清单写明的事。请写上清单的名称，或者改为协助。"))
    communities = [
        row for row in papers.standing("regions.csv") if cell(row, "level") == Region.Level.COMMUNITY
    ]
    parents = {cell(row, "parent") for row in categories.values()}
    for row in papers.standing("categories.csv"):
        way = chain(row, categories)
        if cell(row, "code") in parents or set(way) & set(papers.about.get("unled", ())):
            continue
        seats = set().union(*(led[code] for code in way))
        bare = [cell(each, "name") for each in communities if not seats & set(chain(each, regions))]
        if not seats:
            yield at(
                "leaders",
                row,
                "code",
                _("没有单位主办。请在 duties.csv 写上，或者列入 profile.toml 的 unled。"),
            )
        elif bare:
            sentence = _("在%(places)s没有单位主办。请在 duties.csv 补上。")
            yield at("leaders", row, "code", sentence % {"places": "、".join(bare[:5])})


# -- deadlines -----------------------------------------------------------------------------------------------
def limits(papers: Papers) -> Iterator[Finding]:
    """Policies that a clock can run by: one for every track and step on a day; no order longer than its reply."""
    good: list[tuple[Row, Policy]] = []
    for row in papers.policies:
        try:
            full = checked(row.cells)
        except BadPolicy as fault:
            yield Finding("policies", row.file, row.line, f"{row.file} {row.line}: {fault}")
            continue
        good.append((row, Policy(code=full["code"], **{name: full[name] for name in COLUMNS})))
    yield from _overlapping(good)
    book = PolicyBook(policy for _row, policy in good)
    yield from _missing_steps(book, papers.day)
    yield from _too_long(book, papers.day)


def _overlapping(rows: list[tuple[Row, Policy]]) -> Iterator[Finding]:
    for (_first, one), (row, two) in combinations(rows, 2):
        same = all(
            getattr(one, name) == getattr(two, name) for name in ("track", "step", "nature", "urgency")
        )
        if one.code == two.code:
            yield at("overlap", row, "code", _("编码“%(code)s”用了两次。") % {"code": two.code})
        elif same and _meets(one, two):
            sentence = _("和“%(other)s”管同一件事，有效期重叠。请给前一条写上失效日期。")
            yield at("overlap", row, "valid_from", sentence % {"other": one.code})


def _meets(one: Policy, two: Policy) -> bool:
    first = max(one.valid_from or date.min, two.valid_from or date.min)
    return first <= min(one.valid_to or date.max, two.valid_to or date.max)


def steps_of(track: str) -> list[str]:
    """The steps that need a limit on a track: written notice and review belong to petitions alone."""
    return [
        step for step in Policy.Step.values if track == Policy.Track.PETITION or step not in PETITION_ONLY
    ]


def _missing_steps(book: PolicyBook, day: date) -> Iterator[Finding]:
    for track in Policy.Track.values:
        for step in steps_of(track):
            try:
                book.policy_for(track=track, step=step, on=day)
            except NoPolicy as missing:
                yield about_file("steps", "policies.toml", str(missing))


def _too_long(book: PolicyBook, day: date) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for track in Policy.Track.values:
        for nature in Case.Nature.values:
            try:
                order = book.policy_for(track=track, step=Policy.Step.ORDER, on=day, nature=nature)
                reply = book.policy_for(track=track, step=Policy.Step.REPLY, on=day, nature=nature)
            except NoPolicy:
                continue
            if _days(order) > _days(reply) and (order.code, reply.code) not in told:
                told.add((order.code, reply.code))
                sentence = _("单位的期限“%(order)s”比答复诉求人的期限“%(reply)s”还长。请缩短前一条。")
                yield about_file(
                    "order", "policies.toml", sentence % {"order": order.code, "reply": reply.code}
                )


def _days(policy: Policy) -> float:
    return policy.amount * UNLIKE[Policy.Kind(policy.kind)]


def calendar(papers: Papers) -> Iterator[Finding]:
    """Working days are known for this year, and for the next once its notice is out."""
    last = papers.day.year + (papers.day.month >= NOTICE_MONTH)
    for year in range(papers.day.year, last + 1):
        if year not in papers.years:
            sentence = _("没有 %(year)d 年的工作日表。请按国务院办公厅的通知写上。")
            yield about_file("calendar", "calendar.toml", sentence % {"year": year})


def reasons(papers: Papers) -> Iterator[Finding]:
    """At least one ground of every kind that an act may cite."""
    kinds = {cell(row, "kind") for row in papers.standing("reasons.csv")}
    for kind in Reason.For:
        if kind.value not in kinds:
            sentence = _("没有“%(kind)s”（%(code)s）的理由。请至少写一条。")
            yield about_file("reasons", "reasons.csv", sentence % {"kind": kind.label, "code": kind.value})


def answers(papers: Papers) -> Iterator[Finding]:
    """Templates of answers, where there are any: readable, once each, for categories that there are."""
    known, seen = papers.coded("categories.csv"), set()
    for row in papers.rows("answers.csv"):
        yield from bad_cells("answers", row, lambda: phrase_of(row))  # noqa: B023
        if cell(row, "category") and cell(row, "category") not in known:
            yield at(
                "answers", row, "category", _("没有这个类别。请改成 categories.csv 里的编码，或者留空。")
            )
        if cell(row, "code") in seen:
            yield at("answers", row, "code", _("这个编码前面已经有了。请换一个，或者删去一行。"))
        seen.add(cell(row, "code"))


def papers_of(papers: Papers) -> Iterator[Finding]:
    """The place's own wording of printed papers and templates of bulletins, where it has any."""
    yield from (Finding("papers", "papers", 0, sentence) for sentence in faults(papers.folder))
    yield from (Finding("papers", "bulletins", 0, sentence) for sentence in templates.faults(papers.folder))


# -- demonstrations ------------------------------------------------------------------------------------------
def demonstration(papers: Papers) -> Iterator[Finding]:
    """A demonstration's sign-ins can be reached, its numbers are nobody's, and its matters fit its tables."""
    demo = papers.about.get("demo")
    if demo is None:
        return
    if demo.get("of") != papers.folder.name:
        yield about_file("demo", ABOUT, _("[demo] 是从别处抄来的。自己的资料请整段删去。"))
    posts = {cell(row, "code") for row in papers.standing("posts.csv")}
    for code in demo.get("sign_in", []):
        if code not in posts:
            yield about_file("demo", ABOUT, _("演示名单里的岗位“%(code)s”没有人在任。") % {"code": code})
    for file in ("users.csv", "units.csv"):
        for row in papers.rows(file):
            if cell(row, "phone") and not INVENTED.fullmatch(cell(row, "phone")):
                yield at("phones", row, "phone", _("演示资料的电话要是编的：1380000 开头，或 0999- 开头。"))
    spoken = "\n".join((*map(str, papers.about.get("texts", {}).values()), str(papers.matters)))
    for number in sorted({found for found in PHONE.findall(spoken) if not INVENTED.fullmatch(found)}):
        sentence = _("电话“%(number)s”像是真的。演示资料只用 1380000 或 0999- 开头的。")
        yield about_file("phones", ABOUT, sentence % {"number": number})
    yield from _matters(papers)


def _matters(papers: Papers) -> Iterator[Finding]:
    known = {
        "category": papers.coded("categories.csv"),
        "reason": papers.coded("reasons.csv"),
        "region": papers.coded("regions.csv"),
    }
    rows = [
        row for kind in ("matter", "report", "declined", "finding") for row in papers.matters.get(kind, [])
    ]
    used = {name: {str(row[name]) for row in rows if row.get(name)} for name in ("category", "reason")}
    used["region"] = {code for table in papers.matters.get("places", {}).values() for code in table}
    for name, codes in used.items():
        for code in sorted(codes - set(known[name])):
            sentence = _("演示诉求用了没有的编码“%(code)s”（%(name)s）。")
            yield about_file("matters", "matters.toml", sentence % {"code": code, "name": name})


RULES: tuple[Callable[[Papers], Iterator[Finding]], ...] = (
    cells, references, place, limits_of_the_place, reminders, ladder, acceptances, rechecks, sweeps, feedback,
    call_backs, doors, staff, coverage, leaders, limits, calendar, reasons, answers, assessment, targets, papers_of,
    demonstration,
)  # fmt: skip
