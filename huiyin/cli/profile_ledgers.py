"""What a profile may say of ledgers and inspections, checked before it is loaded."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from huiyin.cli.profile_papers import Finding, Papers, about_file
from huiyin.kernel.folders import ABOUT
from huiyin.supervision.entries.rules import MARKS
from huiyin.supervision.feedback.rules import FIELDS, LEAD
from huiyin.supervision.feedback.rules import rule_of as form_of
from huiyin.supervision.recurrence.rules import rule_of
from huiyin.supervision.sweeps.rules import kind_of


def acceptances(papers: Papers) -> Iterator[Finding]:
    """Rules by which an entry must be accepted: a known mark, a category that is there, or all; a real day."""
    for row in papers.about.get("acceptance", []):
        mark, category = str(row.get("mark", "")), str(row.get("category", ""))
        if mark and mark not in MARKS:
            sentence = _("[[acceptance]] 的 mark “%(mark)s”要是 %(names)s 之一。")
            yield about_file("place", ABOUT, sentence % {"mark": mark, "names": "、".join(MARKS)})
        if category and category not in papers.coded("categories.csv"):
            sentence = _("[[acceptance]] 的 category “%(code)s”不在 categories.csv 里。")
            yield about_file("place", ABOUT, sentence % {"code": category})
        if not (mark or category or row.get("all") is True):
            yield about_file("place", ABOUT, _("[[acceptance]] 要写明 mark、category，或者 all = true。"))
        if "since" in row and type(row["since"]) is not date:
            yield about_file("place", ABOUT, _("[[acceptance]] 的 since 要是日期，例如 2026-01-01。"))


def rechecks(papers: Papers) -> Iterator[Finding]:
    """Rules by which closed cases are drawn: days, a share per cent, each number of days once."""
    seen: set[object] = set()
    for row in papers.about.get("recheck", []):
        if rule_of(row) is None or row.get("days") in seen:
            sentence = _(
                "[[recheck]] 要写明 days（1 到 730，不重复）、share（1 到 100），least 和 until 要是整数。"
            )
            yield about_file("place", ABOUT, sentence)
        seen.add(row.get("days"))


def sweeps(papers: Papers) -> Iterator[Finding]:
    """Kinds of sweep: a code that is there once, a name, what is looked for, days of a round, months, a real door."""
    doors = {str(door.get("code", "")) for door in papers.about.get("door", [])}
    seen: set[str] = set()
    for row in papers.about.get("sweep", []):
        code, door = str(row.get("code", "")), str(row.get("door", ""))
        if kind_of(row) is None or code in seen:
            sentence = _(
                "[[sweep]] “%(code)s”要写明不重复的 code、name 和 what，every 要是天数，months 要是月份的列表。"
            )
            yield about_file("place", ABOUT, sentence % {"code": code})
        seen.add(code)
        if door and door not in doors:
            sentence = _("[[sweep]] “%(code)s”的 door “%(door)s”不是这里的窗口。")
            yield about_file("place", ABOUT, sentence % {"code": code, "door": door})


def feedback(papers: Papers) -> Iterator[Finding]:
    """The feedback form: known fields, recipients that are posts of the place, a few days for the receipt."""
    if "feedback" not in papers.about:
        return
    row = papers.about["feedback"]
    if form_of(row) is None:
        sentence = _("[feedback] 的 fields 要是 %(names)s 里的，recipients 要写明，days 要是 1 到 30。")
        yield about_file("place", ABOUT, sentence % {"names": "、".join(FIELDS)})
        return
    for code in row["recipients"]:
        if code != LEAD and code not in papers.coded("posts.csv"):
            sentence = _("[feedback] 的收件岗位“%(code)s”不在 posts.csv 里。")
            yield about_file("place", ABOUT, sentence % {"code": code})
