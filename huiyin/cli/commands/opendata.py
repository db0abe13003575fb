"""huiyin opendata: files from which everybody can work out the public figures again, and the check of such files."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.analytics import opendata, recomputing
from huiyin.analytics.manifest import SIGNATURE, SUMS
from huiyin.cli.frame import EXIT
from huiyin.cli.output import add_json, as_json
from huiyin.kernel import signing
from huiyin.kernel.refusals import Refused

NAME = "opendata"
HELP = _(
    "开放数据：导出（CSV 和 Parquet，附数据字典和签名），核对它有没有改动、数字能不能重算，显示签名的公钥"
)
LONGEST_KEY = 10_000  # bytes; a public key in PEM has 113


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Export, check, or show the key by which others check."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, sentence in (
        ("export", _("把开放数据写进一个文件夹")),
        ("check", _("只用文件夹里的文件：核对有没有改动过，把公布的每个数字重算一遍")),
        ("key", _("显示签名的公钥，交给要核对的人")),
    ):
        inner = verbs.add_parser(verb, help=sentence)
        if verb != "key":
            inner.add_argument("folder", type=Path)
        if verb == "check":
            inner.add_argument("--key", type=Path, help=_("发布单位的公钥文件（PEM），用来核对签名"))
        add_json(inner)


def run(options: argparse.Namespace) -> int:
    """Do it; 1 when a file was altered or a published number does not come out."""
    return {"export": _export, "check": _check, "key": _key}[options.verb](options)


def _key(options: argparse.Namespace) -> int:
    key = signing.public_key()
    found = {"key": key, "fingerprint": signing.fingerprint(key)}
    print(as_json(found) if options.json else key.strip())
    return EXIT.DONE


def _export(options: argparse.Namespace) -> int:
    numbers = opendata.export(options.folder)
    if options.json:
        print(as_json({"folder": str(options.folder), "numbers": numbers}))
    else:
        print(
            _("写好了。公布的数字 %(n)d 个；除了只公布的和定稿以后变了的，都能由这些文件重算。")
            % {"n": numbers}
        )
    return EXIT.DONE


def _check(options: argparse.Namespace) -> int:
    found = recomputing.checked(options.folder, key=_key_of(options.key))
    if options.json:
        print(as_json(_as_told(found)))
    else:
        _say(found)
    return EXIT.DONE if found.is_sound else EXIT.PROBLEMS


def _key_of(file: Path | None) -> str:
    """The public key in a file. Raises Refused where it cannot be read."""
    if file is None:
        return ""
    try:
        with file.open("rb") as content:
            return content.read(LONGEST_KEY).decode() or " "
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused(_("读不了公钥文件 %(file)s。") % {"file": file}, code="key") from fault


def _as_told(found: recomputing.Checked) -> dict[str, Any]:
    return {
        "sound": found.is_sound,
        "faults": [{"file": _shown(name), "fault": _shown(fault)} for name, fault in found.faults.items()],
        "signature": _signature(found),
        "counted": found.counted,
        "numbers": len(found.numbers),
        "different": _rows(found.wrong),
        "moved": _rows(found.moved),
        "frozen": [{"period": month, "revision": n, "day": day} for month, n, day in found.compared],
    }


def _signature(found: recomputing.Checked) -> str:
    """What is known of the signature: good, wrong, or unchecked where nobody gave the key."""
    if {SUMS, SIGNATURE} & found.faults.keys():
        return "wrong"
    return "good" if found.key_given else "unchecked"


def _rows(numbers: Iterable[tuple[opendata.Published, float | None]]) -> list[dict[str, Any]]:
    return [{**vars(each), "recomputed": value} for each, value in numbers]


def _say(found: recomputing.Checked) -> None:
    for name, fault in found.faults.items():
        print(_("%(file)s：%(fault)s") % {"file": _shown(name), "fault": _shown(fault)})
    for each, value in found.wrong:
        print(
            _("%(what)s：公布的是 %(told)s，重算是 %(found)s")
            % {"what": _what(each), "told": each.value, "found": "–" if value is None else value}
        )
    for month, n, day in found.compared:
        print(
            _("%(month)s 核对的是第 %(n)d 版，%(day)s 定稿。") % {"month": _shown(month), "n": n, "day": day}
        )
    for each, value in found.moved:
        print(
            _("%(what)s：定稿以后数据变了，公布的是 %(told)s，现在是 %(found)s；这不算不一致。")
            % {"what": _what(each), "told": each.value, "found": "–" if value is None else value}
        )
    rest = [each for each in found.numbers if each.given_by in (opendata.ONLY_TOLD, opendata.SUPERSEDED)]
    if rest:
        print(_("%(n)d 个只公布、不能重算：满意率，和后来更正过的旧版。") % {"n": len(rest)})
    if found.counted:
        print(
            _("公布的数字 %(n)d 个，重算不一致 %(wrong)d 个。")
            % {"n": len(found.numbers), "wrong": len(found.wrong)}
        )
    else:
        print(_("有的文件用不了，公布的数字没有重算。"))
    if _signature(found) == "unchecked":
        print(_("签名没有核对：没有给公钥。用 --key 给出发布单位的公钥，才知道这些文件是它发布的。"))
    elif _signature(found) == "good":
        print(_("签名对：这些文件的清单是公钥的主人发布的。"))


def _what(each: opendata.Published) -> str:
    return _shown(" ".join(part for part in each.place if part))


def _shown(text: str) -> str:
    """Names and words that somebody else wrote into a folder: they end no line, move no cursor, and can be written."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
