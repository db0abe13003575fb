"""What cannot be meant in a profile's rules of calling back, told in words before it is loaded."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from huiyin.cli.profile_papers import Finding, Papers, about_file
from huiyin.evaluation.rules import MEANT, faults_of, ground_of, rules_of
from huiyin.kernel.folders import ABOUT


def call_backs(papers: Papers) -> Iterator[Finding]:
    """Rules of calling back that can be meant, and categories that there are."""
    row = papers.about.get("call_back", {})
    for name in faults_of(row) if isinstance(row, dict) else ["[call_back]"]:
        sentence = _("[call_back] 里的“%(name)s”不认识，或者写的值不能用。可以写 %(names)s。")
        yield about_file("place", ABOUT, sentence % {"name": name, "names": "、".join(MEANT)})
    yield from _grounds(papers)
    codes = set(rules_of(row).categories) if isinstance(row, dict) else set()
    for code in sorted(codes - papers.coded("categories.csv").keys()):
        sentence = _("[call_back] 的类别“%(code)s”不在 categories.csv 里。")
        yield about_file("place", ABOUT, sentence % {"code": code})


def _grounds(papers: Papers) -> Iterator[Finding]:
    seen: set[str] = set()
    for row in papers.about.get("contest", []):
        ground = ground_of(row)
        if ground.faulty or ground.code in seen:
            sentence = _(
                "[[contest]] “%(code)s”要有不重复的 code、text 和 basis；about 要是 unit 或 person；日期要能用。"
            )
            yield about_file("place", ABOUT, sentence % {"code": ground.code})
        seen.add(str(ground.code))
