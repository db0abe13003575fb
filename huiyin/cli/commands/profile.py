"""Loads or checks a profile: the tables that make the program one place's system."""

import argparse
import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin import ledger
from huiyin.accounts.profile import load_users
from huiyin.assessment.profile import load_assessment, load_targets
from huiyin.cases import papers
from huiyin.cases.profile import load_categories, load_reasons
from huiyin.cli.frame import EXIT, complain
from huiyin.cli.output import add_json, as_json
from huiyin.cli.profile_check import check
from huiyin.deadlines.profile import load_calendar, load_policies
from huiyin.kernel import clock
from huiyin.kernel.folders import file_of, files_of
from huiyin.kernel.loads import Load, Loaded
from huiyin.kernel.models import ProfileRow
from huiyin.kernel.profiles import Outcome
from huiyin.kernel.refusals import Refused
from huiyin.kernel.tables import BadRow, BadTable, Row, read_csv, read_tables, read_toml
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.place import profile_folder
from huiyin.organisation.profile import load_duties, load_liaisons, load_posts, load_regions, load_units

NAME = "profile"
HELP = gettext_lazy("装入或检查一个地方的资料：地区、单位、岗位、职责、类别、期限、理由")

NEEDED = ("profile.toml", "regions.csv", "units.csv", "categories.csv", "policies.toml", "reasons.csv")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`huiyin profile load [NAME]`, `huiyin profile check [NAME]` and what goes with them."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="load|check")
    load = acts.add_parser("load", help=_("装入；可以反复运行，管理员改过的行不会被覆盖，会列出来"))
    load.add_argument("name", nargs="?", help=_("资料的名字，不写就用 HUIYIN_PROFILE"))
    load.add_argument("--dry-run", action="store_true", help=_("只看会怎样，什么都不写"))
    load.add_argument(
        "--take-profile",
        nargs="+",
        default=[],
        metavar="KEY",
        help=_("这几行以资料为准，例如 units:chengguan（冲突列表里的名字）"),
    )
    add_json(load)
    look = acts.add_parser("check", help=_("不用数据库，只看文件：缺什么、哪里矛盾"))
    look.add_argument("name", nargs="?", help=_("资料的名字，不写就用 HUIYIN_PROFILE；带“/”的当作文件夹"))
    add_json(look)


def run(options: argparse.Namespace) -> int:
    """Load or check."""
    return run_check(options) if options.act == "check" else run_load(options)


def run_check(options: argparse.Namespace) -> int:
    """Say what is missing or contradictory; 1 when anything is, 3 when there is no such folder."""
    folder = profile_folder(options.name or settings.HUIYIN_PROFILE).resolve()
    if not folder.is_dir():
        raise Refused(_("没有资料文件夹 %(folder)s。") % {"folder": folder}, code="no_folder")
    found = check(folder)
    if options.json:
        print(as_json({"profile": folder.name, "findings": [asdict(finding) for finding in found]}))
    else:
        for finding in found:
            complain(finding.sentence)
        print(_("检查了“%(name)s”：%(n)d 处要改。") % {"name": folder.name, "n": len(found)})
    return EXIT.PROBLEMS if found else EXIT.DONE


def run_load(options: argparse.Namespace) -> int:
    """Load, and say what became of the rows; 3 when conflicts remain, 1 when rows are bad."""
    folder = folder_of(options.name or settings.HUIYIN_PROFILE)
    into = Load(take=frozenset(options.take_profile))
    try:
        with transaction.atomic():
            load_profile(folder, into=into)
            transaction.set_rollback(options.dry_run)
    except (BadTable, BadRow) as fault:
        return report_bad(fault, options)
    finally:
        remembering.clear()
    report(into, options)
    return EXIT.REFUSED if into.conflicts else EXIT.DONE


def folder_of(name: str) -> Path:
    """The folder of a profile. Raises Refused when it is not there, or not the one that this house is set to."""
    folder = settings.HUIYIN_PROFILES / name
    missing = [file for file in NEEDED if not file_of(folder, file).is_file()]
    if missing:
        raise Refused(
            _("资料“%(name)s”不完整：%(folder)s 里没有 %(files)s。")
            % {"name": name, "folder": folder, "files": "、".join(missing)},
            instead=_("请补上这些文件，或者换一个名字。"),
        )
    if name != settings.HUIYIN_PROFILE:
        raise Refused(
            _("这套系统设定的资料是“%(set)s”，不是“%(name)s”。")
            % {"set": settings.HUIYIN_PROFILE, "name": name},
            instead=_("要换，请先设 HUIYIN_PROFILE=%(name)s，再运行一次。") % {"name": name},
        )
    return folder


def load_profile(folder: Path, *, into: Load) -> None:
    """Bring every table of a profile in, inside the caller's transaction, and write one event if anything changed."""
    about = checked_about(folder)
    if wrong := papers.faults(folder):
        raise BadTable(wrong)
    row = _only_profile(folder.name)
    load_tables(folder, into=into)
    digest = digest_of(folder)
    changed = into.count(Outcome.INSERTED) + into.count(Outcome.UPDATED)
    if not changed and bytes(row.loaded_hash) == digest:
        return
    row.loaded_hash = digest
    row.save(update_fields=["loaded_hash"])
    record_load(folder.name, about, digest, into)


def load_tables(folder: Path, *, into: Load) -> None:
    """Bring the tables in, in the order in which they name one another."""
    units = read_csv(file_of(folder, "units.csv"))
    load_regions(read_csv(file_of(folder, "regions.csv")), into=into)
    load_units(units, into=into)
    load_users(_optional(file_of(folder, "users.csv")), into=into)
    load_posts(_optional(file_of(folder, "posts.csv")), into=into)
    load_liaisons(units, into=into)
    categories = load_categories(read_csv(file_of(folder, "categories.csv")), into=into)
    load_duties(_optional(file_of(folder, "duties.csv")), categories=categories, into=into)
    load_policies(read_tables(file_of(folder, "policies.toml"), "policy"), into=into)
    load_reasons(read_csv(file_of(folder, "reasons.csv")), into=into)
    load_calendar(file_of(folder, "calendar.toml"))
    load_assessment(file_of(folder, "assessment.toml"), into=into)
    load_targets(_optional(file_of(folder, "targets.csv")), into=into)


def checked_about(folder: Path) -> dict[str, Any]:
    """profile.toml; raises Refused when its zone is not this installation's, or its name not its folder's."""
    about = read_toml(folder / "profile.toml")
    zone, name = str(about.get("zone", "")), str(about.get("name", ""))
    if zone != settings.HUIYIN_ZONE:
        raise Refused(
            _("资料的时区是“%(zone)s”，系统设的是“%(set)s”。") % {"zone": zone, "set": settings.HUIYIN_ZONE},
            instead=_("请设 HUIYIN_ZONE=%(zone)s，或者改 profile.toml。") % {"zone": zone},
        )
    if name != folder.name:
        raise Refused(
            _("profile.toml 里的名字是“%(name)s”，文件夹是“%(folder)s”。请改成一样。")
            % {"name": name, "folder": folder.name}
        )
    return about


def record_load(name: str, about: Mapping[str, Any], digest: bytes, into: Load) -> None:
    """One event for the whole load: which profile, which version, how many rows."""
    counts = {str(outcome): into.count(outcome) for outcome in Outcome if outcome is not Outcome.UNCHANGED}
    ledger.record(
        f"profile:{name}",
        "profile_loaded",
        actor=Actor.system("profile").name,
        occurred_at=clock.now(),
        facts={"version": str(about.get("version", "")), "digest": digest.hex(), **counts},
    )


def digest_of(folder: Path) -> bytes:
    """SHA-256 over the profile's files, each by its name and its own digest."""
    whole = hashlib.sha256()
    for name, file in files_of(folder):
        whole.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return whole.digest()


def _only_profile(name: str) -> ProfileRow:
    """The locked row that remembers this profile; an installation has one."""
    other = ProfileRow.objects.filter(table="profile").exclude(key=name).first()
    if other is not None:
        raise Refused(
            _("这套系统已经装入了“%(other)s”的资料；一套系统只有一份。") % {"other": other.key},
            instead=_("请换一个新的 HUIYIN_HOME 再装“%(name)s”。") % {"name": name},
        )
    ProfileRow.objects.get_or_create(table="profile", key=name, defaults={"loaded_hash": b""})
    return ProfileRow.objects.select_for_update().get(table="profile", key=name)


def _optional(file: Path) -> list[Row]:
    return read_csv(file) if file.is_file() else []


def report(into: Load, options: argparse.Namespace) -> None:
    """Figures and conflicts, for people or as JSON."""
    if options.json:
        figures: dict[str, Any] = {str(outcome): into.count(outcome) for outcome in Outcome}
        figures |= {"dry_run": options.dry_run, "conflicts": [_as_figures(each) for each in into.conflicts]}
        print(as_json(figures))
        return
    print(
        _("新增 %(new)d 行，更新 %(updated)d 行，不变 %(same)d 行，冲突 %(conflicts)d 行。")
        % {
            "new": into.count(Outcome.INSERTED),
            "updated": into.count(Outcome.UPDATED),
            "same": into.count(Outcome.UNCHANGED),
            "conflicts": len(into.conflicts),
        }
    )
    if options.dry_run:
        print(_("这是试运行，什么都没有写。"))
    for each in into.conflicts:
        complain(_conflict(each))
    if into.conflicts:
        complain(_("以上各行保持管理员改过的样子。要以资料为准，请加 --take-profile 和行名再运行。"))


def _conflict(loaded: Loaded) -> str:
    parts = "; ".join(
        _("%(column)s：这里是“%(here)s”，资料是“%(profile)s”")
        % {"column": each.column, "here": each.here, "profile": each.profile}
        for each in loaded.differences
    )
    return _("冲突 %(name)s（%(file)s 第 %(line)d 行）：%(parts)s") % {
        "name": loaded.name,
        "file": loaded.file,
        "line": loaded.line,
        "parts": parts,
    }


def _as_figures(loaded: Loaded) -> dict[str, Any]:
    differences = [
        {"column": each.column, "here": each.here, "profile": each.profile} for each in loaded.differences
    ]
    return {"name": loaded.name, "file": loaded.file, "line": loaded.line, "differences": differences}


def report_bad(fault: Refused, options: argparse.Namespace) -> int:
    """Every bad row; nothing was loaded."""
    sentences = getattr(fault, "rows", [str(fault)])
    if options.json:
        print(as_json({"bad_rows": sentences}))
    else:
        for sentence in sentences:
            complain(sentence)
        complain(_("什么都没有装入。请改正以上各行，再运行一次。"))
    return EXIT.PROBLEMS
