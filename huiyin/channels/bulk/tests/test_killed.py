"""An import killed anywhere and started again ends as one that nobody disturbed; with the command itself."""

import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from huiyin.cases.models import Case
from huiyin.channels.bulk.tests.picture import picture
from huiyin.cli.locks import held
from huiyin.ledger.verify import verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).parents[4]
KILLS = 3
PATIENCE = 120  # seconds, on a machine that does much else


@pytest.fixture
def house(tmp_path: Path) -> dict[str, str]:
    """The environment of a house of its own on the test's database, with the test's keys."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copy2(Path(settings.HUIYIN_HOME) / "secrets.toml", home)
    database, name = os.environ.get("HUIYIN_DATABASE", "sqlite"), connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        (home / "huiyin.sqlite3").symlink_to(name)
    else:
        front, _slash, rest = database.rpartition("/postgres?")
        database = f"{front}/{name}?{rest}"
    return {**os.environ, "HUIYIN_HOME": str(home), "HUIYIN_DATABASE": database}


def letters(file: Path, count: int) -> Path:
    """So many invented rows, most of them answered."""
    begin = datetime(2024, 3, 1, 8)  # noqa: DTZ001 - local times, as files hold them
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["编号", "姓名", "电话", "内容", "来信时间", "承办单位", "答复内容", "答复时间"])
        for n in range(count):
            at = begin + timedelta(hours=n)
            reply = (
                [f"第 {n} 件已办。", f"{at + timedelta(days=n % 9 + 1):%Y-%m-%d %H:%M}"]
                if n % 4
                else ["", ""]
            )
            table.writerow(
                [
                    n,
                    f"张{n}",
                    "13800000001",
                    f"第 {n} 件事：路灯不亮。" * 9,
                    f"{at:%Y/%m/%d %H:%M}",
                    "城管局",
                    *reply,
                ]
            )
    return file


def start(file: Path, house: dict[str, str], *options: str) -> subprocess.Popen[str]:
    """The command, as a clerk would start it."""
    command = [sys.executable, "-m", "huiyin.cli", "import", str(file), "--json", *options]
    return subprocess.Popen(
        command, env=house, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def kill_in_the_middle(importing: subprocess.Popen[str], source: str, after: float) -> None:
    """Let it write at least something more, wait a moment, and kill it where it stands."""
    before = Case.objects.filter(source=source).count()
    deadline = time.monotonic() + PATIENCE
    while importing.poll() is None and Case.objects.filter(source=source).count() == before:
        assert time.monotonic() < deadline, "the import has written nothing"
        time.sleep(0.01)
    time.sleep(after)
    importing.send_signal(signal.SIGKILL)
    importing.communicate()


@pytest.mark.parametrize(
    ("count", "within", "options"),
    [(200, 0.4, ()), (1_000, 0.15, ("--fast", "--processes", "2"))],
    ids=["one by one", "fast"],
)
def test_killed_and_started_again_it_ends_as_an_undisturbed_run(
    cast, house, tmp_path, count, within, options
):
    file, dice = letters(tmp_path / "letters.csv", count), random.Random(count)
    begun = []
    for _kill in range(KILLS):
        importing = start(file, house, *options, "--source", "killed")
        kill_in_the_middle(importing, "killed", dice.random() * within)
        begun.append(Case.objects.filter(source="killed").count())
    assert begun[0] < count, "the first was killed too late to prove anything"
    last = start(file, house, *options, "--source", "killed", "--resume")
    said, _nothing = last.communicate(timeout=PATIENCE)
    assert last.returncode == 0, said
    assert not held(Path(house["HUIYIN_HOME"]) / "import.lock")
    undisturbed = start(file, house, "--fast", "--processes", "1", "--source", "whole")
    said, _nothing = undisturbed.communicate(timeout=PATIENCE)
    assert undisturbed.returncode == 0, said
    killed, whole = picture("killed"), picture("whole")
    assert killed.keys() == whole.keys() and len(whole) == count
    for number in whole:
        assert killed[number] == whole[number], (number, begun)
    report = verify()
    assert report.sound, report
    verified = subprocess.run(
        [sys.executable, "-m", "huiyin.cli", "ledger", "verify"], env=house, cwd=ROOT, check=False
    )
    assert verified.returncode == 0
