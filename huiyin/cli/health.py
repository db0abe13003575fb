"""What `huiyin doctor` looks at: each check says what it found and, if something is wrong, what to do."""

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from huiyin.cli.address import Address
from huiyin.cli.commands.migrate import pending
from huiyin.cli.worker import HEARTBEAT
from huiyin.deadlines.queries import years_missing
from huiyin.kernel import clock, keys
from huiyin.kernel.folders import is_demonstration
from huiyin.ledger import guards
from huiyin.ledger.models import Event
from huiyin.publication.shelf import PUBLIC
from huiyin.search import following
from huiyin.search.office import OFFICE

ENOUGH_DISK = 1_000_000_000  # bytes
OLDEST_BEAT = timedelta(seconds=30)
LONGEST_QUEUE = timedelta(minutes=2)
MOST_UNREAD = 5_000  # events that the search has not read: some seconds of its work
MOST_DRIFT = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's: whether all is well, what was seen, and what to do if not."""

    check: str
    well: bool
    found: str
    advice: str = ""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def configuration() -> Iterator[Finding]:
    """Settings that are lawful one by one but not together."""
    local = urlsplit(settings.HUIYIN_URL).hostname in {"127.0.0.1", "localhost", "::1"}
    yield Finding(
        "address",
        local or settings.HTTPS,
        settings.HUIYIN_URL,
        _("对外服务要用 https：设 HUIYIN_URL=https://…，并在前面放一个反向代理。"),
    )
    yield profile(local=local)
    yield Finding(
        "debug",
        local or not settings.DEBUG,
        str(settings.DEBUG).lower(),
        _("对外服务不能开调试：取消 HUIYIN_DEBUG。"),
    )


def profile(*, local: bool) -> Finding:
    """The tables of this place lie where they are looked for, and are no demonstration's in sight of the world."""
    name = settings.HUIYIN_PROFILE
    folder = settings.HUIYIN_PROFILES / name
    if not folder.is_dir():
        advice = _("没有资料文件夹 {folder}。请改 HUIYIN_PROFILE（或 HUIYIN_PROFILES）。")
        return Finding("profile", False, name, advice.format(folder=folder))
    advice = _("演示资料带有公开的账号，不能对外：设 HUIYIN_PROFILE。")
    return Finding("profile", local or not is_demonstration(folder), name, advice)


def secrets() -> Iterator[Finding]:
    """The key file is ours alone, and so is the folder it lies in."""
    file = keys.locate(settings.HUIYIN_HOME)
    if not file.exists():
        yield Finding("secrets", True, _("来自环境变量 {name}").format(name=keys.TEXT_VARIABLE))
        return
    mode = stat.S_IMODE(file.stat().st_mode)
    yield Finding(
        "secrets", not mode & 0o077, f"{file} ({mode:04o})", _("请运行：chmod 600 {file}").format(file=file)
    )


def disk() -> Iterator[Finding]:
    """There is room for a day's work."""
    free = shutil.disk_usage(settings.HUIYIN_HOME).free
    advice = _("磁盘快满了：写不进去时，诉求也收不进来。请清理或换更大的盘。")
    yield Finding("disk", free >= ENOUGH_DISK, _("剩余 {size:.1f} GB").format(size=free / 1e9), advice)


def database() -> Iterator[Finding]:
    """It answers, has this version's shape, and still guards its ledger."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield Finding(
        "database", True, f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}"
    )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
        advice = _("数据目录要放在本机磁盘上，不能放在网络盘上。")
        yield Finding("journal", mode == "wal", mode, advice)
    waiting = pending()
    found = ", ".join(waiting) or _("没有待更新的")
    yield Finding("migrations", not waiting, found, _("请运行：huiyin migrate"))
    if not waiting:
        off = guards.missing(connection)
        advice = _("有人去掉了账本的保护。请先运行 huiyin ledger verify，再查是谁、何时。")
        yield Finding("guards", not off, ", ".join(off) or _("齐全"), advice)


def queue() -> Iterator[Finding]:
    """What was done gets its place in the ledger's order within moments."""
    waiting = Event.objects.filter(position__isnull=True)
    oldest = waiting.order_by("pk").values_list("recorded_at", flat=True).first()
    late = oldest is not None and clock.now() - oldest > LONGEST_QUEUE
    found = _("{count} 条待排序").format(count=waiting.count())
    yield Finding("queue", not late, found, _("后台任务没有跟上。请运行：huiyin serve（或 huiyin worker）"))


def search() -> Iterator[Finding]:
    """What was done can be searched for within moments."""
    for shelf in (OFFICE, PUBLIC):
        waiting, unbuilt = following.behind(shelf)
        found = _("{shelf}：还有 {count} 条没有读").format(shelf=shelf.name, count=waiting)
        advice = _("检索还没有跟上，新的诉求暂时查不到。后台任务会继续；等不及就运行：huiyin search rebuild")
        if unbuilt:
            found = _("{shelf}：索引还在建").format(shelf=shelf.name)
        well = waiting <= MOST_UNREAD and not (unbuilt and following.cases())
        yield Finding("search", well, found, advice)


def web() -> Iterator[Finding]:
    """The pages answer wherever `huiyin serve` was started and was not told to stop."""
    address = Address.read(Path(settings.HUIYIN_HOME))
    if address is None:
        return
    answers = address.answers()
    found = _("{address} 有应答") if answers else _("{address} 没有应答")
    advice = _("网页打不开，诉求收不进来。请看 huiyin serve 的日志；它若已停，请再运行：huiyin serve")
    yield Finding("web", answers, found.format(address=address), advice)


def worker() -> Iterator[Finding]:
    """The worker is alive, and none of its tasks keeps failing."""
    advice = _("后台任务没有运行，期限不会变色，账本不会排序。请运行：huiyin serve")
    try:
        state = json.loads((Path(settings.HUIYIN_HOME) / HEARTBEAT).read_text(encoding="utf-8"))
        age = clock.now() - datetime.fromisoformat(state["at"])
    except (OSError, ValueError, KeyError):
        yield Finding("worker", False, _("没有心跳"), advice)
        return
    seconds = _("{seconds} 秒前有心跳").format(seconds=int(age.total_seconds()))
    yield Finding("worker", age < OLDEST_BEAT, seconds, advice)
    failing = sorted(name for name, last in state["tasks"].items() if last.get("failures"))
    if failing:
        yield Finding("tasks", False, ", ".join(failing), _("这些任务一再失败，原因见日志。"))


def time() -> Iterator[Finding]:
    """The clock runs forward, agrees with the database's, and the calendar knows the days to come."""
    newest = Event.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
    backward = newest is not None and newest - clock.now() > MOST_DRIFT
    advice = _("本机时钟比已有记录还早。请校准时间（例如 timedatectl set-ntp true）后再办理。")
    yield Finding("clock", not backward, clock.now().isoformat(timespec="seconds"), advice)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            drift = abs(cursor.fetchone()[0] - clock.now())
        found = _("与数据库相差 {seconds:.1f} 秒").format(seconds=drift.total_seconds())
        yield Finding("drift", drift < MOST_DRIFT, found, _("请让两台机器用同一个时间服务器校准。"))
    missing = years_missing(clock.local_date(clock.now()))
    found = (
        _("没有 {years} 年的工作日历").format(years=", ".join(map(str, missing))) if missing else _("够用")
    )
    advice = _("请把国务院办公厅该年放假通知写成文件，再运行：huiyin calendar load 文件")
    yield Finding("calendar", not missing, found, advice)


def static() -> Iterator[Finding]:
    """Style sheets and scripts are in place."""
    there = settings.DEBUG or (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    yield Finding("static", there, str(settings.STATIC_ROOT), _("请运行：make setup"))


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    configuration,
    secrets,
    disk,
    static,
    database,
    queue,
    search,
    web,
    worker,
    time,
)


def examine() -> Iterator[Finding]:
    """Every finding; a check whose database does not answer becomes a finding itself."""
    for check in CHECKS:
        try:
            yield from check()
        except DatabaseError as fault:
            advice = _("数据库没有应答：请查 HUIYIN_DATABASE、服务是否启动、结构是否最新（huiyin migrate）。")
            yield Finding(check.__name__, False, type(fault).__name__, advice)
