"""举报: no command prints anything by which a report could be noticed, and what differs says so and why.

Commands are run by the operator of the machine, who stands outside the roles (decision 0018). But what they print
travels: figures are hung up, sent round, put into minutes. The commands are taken from the registry, so that one
that is added tomorrow is run too, or has to say here why it is not.
"""

import argparse
import contextlib
import importlib
import io
import re
from collections.abc import Iterator

import pytest

from huiyin.cases import actions, exporting, queries
from huiyin.cases.models import Case, Notice, Party
from huiyin.cases.tests import roads
from huiyin.cli import main
from huiyin.cli.frame import commands
from huiyin.kernel import clock
from huiyin.web.tests.test_reports_unseen import ACCUSED, finished, ordinary, reported, worked_on

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOT_RUN = {
    "demo": "fills an empty installation with invented cases",
    "import": "brings a file in; what it prints is about the file",
    "manage": "Django's own commands, for developers",
    "migrate": "changes the tables; prints no row",
    "period": "keeps one month of the public figures, which count no report",
    "opendata": "writes files; test_opendata compares them with a report and without",
    "prepare": "sets an installation up; prints no row",
    "profile": "loads and checks tables of the place; knows no case",
    "reseal": "changes keys; prints how many sealed fields there are, of all kinds together",
    "serve": "runs for ever",
    "setup-secrets": "writes keys",
    "calendar": "days of the year; knows no case",
    "workbook": "fills what the page fills, as a post; the walk over the pages compares those files",
    "worker": "does what waits; prints nothing of a case",
}
DIFFERS = {
    "ledger": "counts every event there is and prints a fingerprint of them: that is its purpose",
    "doctor": "prints how many events wait for their order, whosesoever they are",
}
CHANGING = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.+Z]+")


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with clock.frozen(roads.MONDAY):
        yield


def ways(name: str) -> list[list[str]]:
    """Every way in which a command can be called without a word of one's own: each verb, with and without --json."""
    parser = argparse.ArgumentParser()
    importlib.import_module(commands()[name].module).add_arguments(parser)
    found = []
    for verb, arguments in _verbs(parser):
        if any(not action.option_strings and action.required for action in arguments):
            continue
        options = [word for action in arguments for word in action.option_strings]
        found += [[name, *verb, *more] for more in ([], ["--json"]) if not more or "--json" in options]
    return found


def _verbs(parser: argparse.ArgumentParser) -> Iterator[tuple[list[str], list[argparse.Action]]]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield [], parser._actions
    for group in groups:
        for verb, inner in group.choices.items():
            yield [verb], inner._actions


def printed() -> dict[str, str]:
    """What every command prints that can be run here."""
    found = {}
    for name in commands():
        for way in [] if name in NOT_RUN else ways(name):
            said = io.StringIO()
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                main(way)
            found[" ".join(way)] = CHANGING.sub("", said.getvalue())
    return found


def test_every_command_prints_the_same_with_the_report_and_without(cast):
    ordinary(cast)
    before = printed()
    assert "stats" in before and "stats --json" in before and len(before) >= 4
    case = reported(cast)
    worked_on(cast, case)
    finished(cast, case)
    different = [
        way for way, said in printed().items() if said != before[way] and way.split()[0] not in DIFFERS
    ]
    assert not different, different


def test_what_differs_or_is_not_run_is_still_a_command():
    assert {*NOT_RUN, *DIFFERS} <= set(commands())


def test_no_command_prints_the_number_or_a_word_of_it(cast):
    case = reported(cast)
    worked_on(cast, case)
    whole = "".join(printed().values())
    assert case.number not in whole and "礼品" not in whole


def test_the_figures_say_that_reports_are_not_in_them(cast):
    assert "不含举报" in "".join(printed().values())


def test_a_unit_that_is_taken_over_names_no_report_that_stays(cast, capsys):
    case = reported(cast)
    actions.accept(case, by=cast.clerk, category=cast.property)
    actions.dispatch(case, by=cast.dispatcher, lead=cast.zhujian)
    cast.zhujian.valid_to = clock.local_date(clock.now()).replace(day=1)
    cast.zhujian.save()
    assert main(["unit", "take-over", cast.zhujian.code, "--to", cast.chengguan.code]) == 1
    said = capsys.readouterr().out
    assert case.number not in said and "举报" in said


@pytest.mark.parametrize("who", ACCUSED)
def test_no_file_of_the_accused_changes(cast, who):
    by = getattr(cast, who)
    ordinary(cast)
    before = _files(by)
    case = reported(cast)
    worked_on(cast, case)
    finished(cast, case)
    assert _files(by) == before


def _files(by) -> list[bytes]:
    """Every list that somebody may take as a file, as it is written for them."""
    written = []
    for of, roles in exporting.MAY.items():
        if by.role in roles:
            exporting.ask(by, queries.Wanted(), of=of, kind="csv", language="zh-hans")
            exporting.write_waiting()
            written.append(exporting.fetch(by, exporting.mine(by)[0].pk)[1].read())
    return written


def test_nobody_who_is_accused_is_ever_owed_a_notice_of_it(cast):
    case = reported(cast)
    worked_on(cast, case)
    finished(cast, case)
    told = Party.objects.filter(notices__case=case).distinct()
    assert {party.role for party in told} == {"petitioner"}
    assert not Notice.objects.filter(case=case, party__unit=cast.chengguan).exists()
    assert Case.objects.get(pk=case.pk).state == "closed"
