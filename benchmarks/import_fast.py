"""How many cases a second `huiyin import --fast` takes: python -m benchmarks.import_fast [--base 100000] [--cases N].

Invented rows of realistic length (text about 300 characters, reply about 300), answered within days, are imported
by the command itself, in a new house with the demo profile: on SQLite and on PostgreSQL (its durability on), into
an empty base, and with --base into one that holds so many cases already. Reading, checking, masking, replaying
every act, writing and putting events in order are all counted, and so is the start of the program.
"""

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from tools import postgres

CASES = 10_000
HUIYIN = str(Path(sys.executable).with_name("huiyin"))
ROOT = Path(__file__).parent.parent
HEADER = ["编号", "姓名", "电话", "标题", "内容", "来信时间", "类型", "承办单位", "答复内容", "答复时间"]
UNITS = ["城管局", "住建局", "公安局", "人社局", "教育局", "卫健局", "交通局", "石桥街道", "柳浪街道", ""]
NATURES = ["求助", "投诉", "咨询", "建议"]
SENTENCES = [
    "小区门口的路灯已经坏了三个星期，晚上回家的老人和孩子只能摸黑走路，很不安全。",
    "我们向物业反映过四次，每次都说已经上报，可是一直没有人来修。",
    "工地每天夜里施工到两点，整栋楼的人都睡不好，孩子六月就要考试了。",
    "请问居住证到期以后怎样续办，需要带哪些材料，可以在网上办理吗？",
    "楼道里堆满了杂物，消防通道被占用，万一着火后果不堪设想。",
    "建议在公园东门加装几张长椅，散步的人走累了可以坐下歇一歇。",
    "公交站台没有雨棚，一下雨等车的人全都淋湿，希望有关部门尽快解决。",
    "拖欠的三个月工资到现在还没有发，老板的电话 13800000001 也打不通了。",
    "您好，您反映的问题已经收悉，我单位高度重视，当天就派人到现场核实。",
    "经查，情况基本属实，已责令责任单位限期整改，并安排专人跟踪到底。",
    "感谢您对我们工作的关心和支持，如有其他问题请随时与我们联系。",
]


def rows(first: int, count: int, dice: random.Random) -> list[list[str]]:
    """Invented messages, numbered from `first`; nine of ten are answered."""
    begin, made = datetime(2022, 1, 4, 8), []  # noqa: DTZ001 - local times, as files hold them
    for number in range(first, first + count):
        at = begin + timedelta(seconds=dice.randrange(3 * 365 * 86400))
        text, reply = (_words(dice, 200, 400), _words(dice, 200, 400))
        replied = at + timedelta(seconds=dice.randrange(3600, 20 * 86400))
        answered = dice.random() < 0.9
        row = [f"B{number:07d}", f"张{number}", f"1380000{number % 10000:04d}", text[:24], text]
        row += [f"{at:%Y-%m-%d %H:%M:%S}", dice.choice(NATURES), dice.choice(UNITS)]
        made.append([*row, *([reply, f"{replied:%Y/%m/%d %H:%M}"] if answered else ["", ""])])
    return made


def _words(dice: random.Random, least: int, most: int) -> str:
    wanted, said = dice.randint(least, most), ""
    while len(said) < wanted:
        said += dice.choice(SENTENCES)
    return said


def write(file: Path, first: int, count: int) -> None:
    """The rows as a csv file."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(HEADER)
        table.writerows(rows(first, count, random.Random(first)))


def huiyin(*arguments: str) -> str:
    """Run a command in this house; what it printed."""
    done = subprocess.run([HUIYIN, *arguments], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"huiyin {' '.join(arguments)} failed ({done.returncode}): {done.stdout}")
    return done.stdout


def imported(home: Path, first: int, count: int) -> tuple[float, float]:
    """Seconds it took to import so many invented cases, and seconds of CPU of the command and its processes."""
    file = home / "bench.csv"
    write(file, first, count)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    told = json.loads(huiyin("import", str(file), "--fast", "--json"))
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if told["taken"] != count:
        raise SystemExit(f"not every row was taken: {told}")
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def here(base: int, cases: int) -> int:
    """Measure in the house that the environment names."""
    home = Path(os.environ["HUIYIN_HOME"])
    for command in (["setup-secrets"], ["migrate"], ["profile", "load", "demo"]):
        huiyin(*command)
    database = "SQLite" if os.environ.get("HUIYIN_DATABASE", "sqlite") == "sqlite" else "PostgreSQL"
    stages = [("an empty base", 0, cases)]
    if base:
        stages += [
            (f"filling it to {base:,}", cases, base - cases),
            (f"a base of {base:,} cases", base, cases),
        ]
    for words, first, count in stages:
        took, cpu = imported(home, first, count)
        print(
            f"{database}, {words}: {count:,} cases in {took:.1f} s = {count / took:,.0f} a second; "
            f"{cpu / count * 1000:.2f} ms of CPU a case (without the database server); "
            f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors",
            flush=True,
        )
    print(huiyin("ledger", "verify").strip().splitlines()[-1])
    return 0


def both(arguments: list[str]) -> int:
    """Run this file once on each database, in a house of its own, one after another."""
    first = beside("sqlite", arguments)
    postgres.SPEED.update(fsync="on", synchronous_commit="on", full_page_writes="on")
    with postgres.cluster() as address:
        return first or beside(address, arguments)


def beside(database: str, arguments: list[str]) -> int:
    """Run this file again in a new house on that database; its exit code."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as home:
        house = {
            "HUIYIN_HOME": home,
            "HUIYIN_DATABASE": database,
            "HUIYIN_PROFILE": "demo",
            "BENCH_HERE": "1",
        }
        line = [sys.executable, "-m", "benchmarks.import_fast", *arguments]
        return subprocess.run(line, env={**os.environ, **house}, cwd=ROOT, check=False).returncode


def main(arguments: list[str]) -> int:
    """Read the options; measure on both databases, or, told by the environment, on this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=int, default=0, help="also measure on a base of this many cases")
    parser.add_argument("--cases", type=int, default=CASES)
    options = parser.parse_args(arguments)
    return here(options.base, options.cases) if os.environ.get("BENCH_HERE") else both(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
