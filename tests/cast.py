"""The small fixed cast of every test: one town, a few units, and one person for each role."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import IntegrityError, connection, transaction
from django.test import Client

from huiyin.accounts.models import User
from huiyin.accounts.roles import Role
from huiyin.cases.models import Category, Reason
from huiyin.deadlines.models import Policy
from huiyin.organisation import remembering, sitting, succession
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import DutyItem, Post, Region, Unit

SINCE = date(2004, 1, 1)

REGIONS = [  # code, name, level, parent
    ("tingfeng", "听风县", Region.Level.COUNTY, ""),
    ("shiqiao", "石桥街道", Region.Level.STREET, "tingfeng"),
    ("yinxing", "银杏社区", Region.Level.COMMUNITY, "shiqiao"),
    ("qingtan", "青潭街道", Region.Level.STREET, "tingfeng"),
]
UNITS = [  # code, name, short name, kind, region, parent
    ("centre", "群众诉求受理中心", "受理中心", Unit.Kind.CENTRE, "tingfeng", ""),
    ("duban", "督办室", "督办室", Unit.Kind.SUPERVISION, "tingfeng", ""),
    ("xianwei", "县委县政府", "县委县政府", Unit.Kind.LEADERSHIP, "tingfeng", ""),
    ("chengguan", "城市管理局", "城管局", Unit.Kind.DEPARTMENT, "tingfeng", ""),
    ("chengguan-zhongdui", "城市管理局执法中队", "执法中队", Unit.Kind.DEPARTMENT, "tingfeng", "chengguan"),
    ("zhujian", "住房和城乡建设局", "住建局", Unit.Kind.DEPARTMENT, "tingfeng", ""),
    ("weijian", "卫生健康局", "卫健局", Unit.Kind.DEPARTMENT, "tingfeng", ""),
    ("yinxing-juwei", "银杏社区居民委员会", "银杏社区", Unit.Kind.COMMUNITY, "yinxing", ""),
]
POSTS = [  # name in the cast, user, unit, role
    ("clerk", "su-dongpo", "centre", Role.CLERK),
    ("second_clerk", "su-ziyou", "centre", Role.CLERK),
    ("dispatcher", "zhuge-liang", "centre", Role.DISPATCHER),
    ("reviewer", "bao-zheng", "centre", Role.REVIEWER),
    ("caller", "hua-mulan", "centre", Role.CALLER),
    ("handler", "lu-zhishen", "chengguan", Role.HANDLER),
    ("unit_leader", "song-jiang", "chengguan", Role.UNIT_LEADER),
    ("squad_handler", "wu-song", "chengguan-zhongdui", Role.HANDLER),
    ("zhujian_handler", "lu-ban", "zhujian", Role.HANDLER),
    ("zhujian_leader", "yu-gong", "zhujian", Role.UNIT_LEADER),
    ("community_handler", "wang-po", "yinxing-juwei", Role.HANDLER),
    ("outsider", "hua-tuo", "weijian", Role.HANDLER),
    ("two_hats", "zhang-sanfeng", "centre", Role.CLERK),
    ("two_hats_at_weijian", "zhang-sanfeng", "weijian", Role.HANDLER),
    ("supervisor", "hai-rui", "duban", Role.SUPERVISOR),
    ("leader", "di-renjie", "xianwei", Role.LEADER),
    ("representative", "qu-yuan", "xianwei", Role.REPRESENTATIVE),
    ("administrator", "shen-kuo", "centre", Role.ADMINISTRATOR),
    ("auditor", "sima-qian", "duban", Role.AUDITOR),
]
LIAISONS = {
    "centre": "clerk",
    "chengguan": "handler",
    "chengguan-zhongdui": "squad_handler",
    "zhujian": "zhujian_handler",
    "weijian": "outsider",
    "yinxing-juwei": "community_handler",
}
CATEGORIES = [  # name in the cast, code, name, parent
    ("city", "city", "城市管理", ""),
    ("noise", "city-noise", "噪声扰民", "city"),
    ("night_noise", "city-noise-night", "夜间噪声", "city-noise"),
    ("housing", "housing", "住房物业", ""),
    ("property", "housing-property", "物业服务", "housing"),
    ("neighbours", "neighbours", "邻里便民", ""),
    ("stair_lights", "neighbours-lights", "楼道照明", "neighbours"),
]
DUTIES = [  # unit, category, part
    ("chengguan", "city", DutyItem.Part.LEAD),
    ("zhujian", "housing", DutyItem.Part.LEAD),
    ("zhujian", "city-noise", DutyItem.Part.ASSIST),
    ("yinxing-juwei", "neighbours", DutyItem.Part.LEAD),
    ("yinxing-juwei", "city-noise", DutyItem.Part.ASSIST),
]
REASONS = [  # name in the cast, kind, code, text, basis, route
    (
        "no_duty",
        Reason.For.DECLINE,
        "decline-duty",
        "超出单位职责",
        "《某条例》第十一条",
        "请向人民法院提起诉讼",
    ),
    (
        "emergency",
        Reason.For.DECLINE,
        "decline-emergency",
        "属于紧急求助",
        "《某条例》第十一条",
        "请拨打 110",
    ),
    ("not_ours", Reason.For.OBJECTION, "object-not-ours", "不属于本单位职责", "《某条例》第十二条", ""),
    (
        "lawful_end",
        Reason.For.EXPLAIN,
        "explain-lawful",
        "已依法办理，无法再支持",
        "《某条例》第二十五条",
        "",
    ),
    (
        "to_court",
        Reason.For.ROUTE,
        "route-court",
        "应当通过诉讼解决",
        "《某条例》第三十一条",
        "请向人民法院起诉",
    ),
    ("dead_end", Reason.For.TERMINATE, "terminate-moot", "事项已不存在", "《某条例》第二十六条", ""),
    ("too_often", Reason.For.MEASURE, "measure-calls", "同一事项一天来电十次以上", "《某办法》第八条", ""),
]
KIND, DAYS = Policy.Kind, Policy.Kind.CALENDAR_DAYS
LIMITS = [  # step, kind, amount, counted from, what each track may differ in
    ("reply", KIND.WORKING_DAYS, 5, "registered", {"petition": (DAYS, 60), "urgent": (KIND.HOURS, 24)}),
    ("order", KIND.WORKING_DAYS, 4, "dispatched", {"petition": (DAYS, 50), "urgent": (KIND.HOURS, 12)}),
    ("accept", KIND.WORKING_DAYS, 1, "registered", {"petition": (DAYS, 15), "urgent": (KIND.HOURS, 1)}),
    ("objection", KIND.WORKING_DAYS, 2, "dispatched", {}),
    ("adjudication", KIND.WORKING_DAYS, 1, "objected", {}),
    ("extension", KIND.WORKING_DAYS, 10, "asked", {}),
    ("rating", KIND.WORKING_DAYS, 10, "told", {}),
    ("receipt", KIND.WORKING_DAYS, 5, "forwarded", {}),
    ("supplement", KIND.WORKING_DAYS, 5, "asked", {}),
    ("supplement_times", DAYS, 2, "asked", {}),
    ("contact_tries", DAYS, 2, "answered", {}),
    ("suspension", DAYS, 180, "proposed", {}),
    ("elsewhere", DAYS, 365, "asked", {}),
    ("upward", KIND.WORKING_DAYS, 3, "asked", {}),
    ("whistle", KIND.HOURS, 24, "called", {"urgent": (KIND.HOURS, 1)}),
    ("instruction", KIND.WORKING_DAYS, 5, "given", {}),
    ("statement", KIND.HOURS, 24, "owed", {"urgent": (KIND.HOURS, 2)}),
    ("notify", DAYS, 15, "registered", {}),
    ("review_request", DAYS, 30, "told", {}),
    ("review", DAYS, 30, "asked", {}),
    ("rereview_request", DAYS, 30, "told", {}),
    ("rereview", DAYS, 30, "asked", {}),
    ("measure", DAYS, 60, "confirmed", {}),
]  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """The town and its people; actors act under their post, units and categories are rows of the database."""

    town: Region
    street: Region
    other_street: Region
    community_region: Region
    centre: Unit
    chengguan: Unit
    squad: Unit
    zhujian: Unit
    weijian: Unit
    community: Unit
    duban: Unit
    clerk: Actor
    second_clerk: Actor
    dispatcher: Actor
    reviewer: Actor
    caller: Actor
    handler: Actor
    unit_leader: Actor
    squad_handler: Actor
    zhujian_handler: Actor
    zhujian_leader: Actor
    community_handler: Actor
    outsider: Actor
    two_hats: Actor
    two_hats_at_weijian: Actor
    supervisor: Actor
    leader: Actor
    representative: Actor
    administrator: Actor
    auditor: Actor
    citizen: Actor
    system: Actor
    city: Category
    noise: Category
    night_noise: Category
    housing: Category
    property: Category
    neighbours: Category
    stair_lights: Category
    no_duty: Reason
    emergency: Reason
    not_ours: Reason
    lawful_end: Reason
    to_court: Reason
    dead_end: Reason
    too_often: Reason

    def staff(self) -> dict[str, Actor]:
        """Everybody of the office by the name they have in the cast."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: who for name, who in named.items() if isinstance(who, Actor) and who.is_staff}


def assemble() -> Cast:
    """Write the town into the (empty) database in a dozen statements and say who is who."""
    regions = _tree(
        Region, [dict(zip(("code", "name", "level", "parent"), row, strict=True)) for row in REGIONS]
    )
    units = _tree(Unit, [_unit_row(row, regions) for row in UNITS])
    categories = _tree(Category, [{"code": row[1], "name": row[2], "parent": row[3]} for row in CATEGORIES])
    posts = _posts(units)
    for unit, liaison in LIAISONS.items():
        units[unit].liaison = posts[liaison]
    Unit.objects.bulk_update([units[code] for code in LIAISONS], ["liaison"])
    DutyItem.objects.bulk_create(
        DutyItem(unit=units[unit], category_code=category, part=part) for unit, category, part in DUTIES
    )
    Policy.objects.bulk_create(_policies())
    reasons = Reason.objects.bulk_create(
        Reason(kind=kind, code=code, text=text, basis=basis, route=route)
        for _name, kind, code, text, basis, route in REASONS
    )
    remembering.clear()
    return Cast(
        town=regions["tingfeng"],
        street=regions["shiqiao"],
        other_street=regions["qingtan"],
        community_region=regions["yinxing"],
        centre=units["centre"],
        chengguan=units["chengguan"],
        squad=units["chengguan-zhongdui"],
        zhujian=units["zhujian"],
        weijian=units["weijian"],
        community=units["yinxing-juwei"],
        duban=units["duban"],
        citizen=Actor.citizen(),
        system=Actor.system("worker"),
        **{name: Actor.of(post) for name, post in posts.items()},
        **{name: categories[code] for name, code, _title, _parent in CATEGORIES},
        **{row[0]: reason for row, reason in zip(REASONS, reasons, strict=True)},
    )


def _unit_row(row: tuple, regions: dict[str, Region]) -> dict:
    named = dict(zip(("code", "name", "short_name", "kind", "region", "parent"), row, strict=True))
    return {**named, "region": regions[named["region"]]}


def _tree(model: type, rows: list[dict]) -> dict:
    """Rows whose parents come first, level by level, with their paths."""
    made: dict = {}
    waiting = rows
    while waiting:
        level = [row for row in waiting if not row["parent"] or row["parent"] in made]
        things = []
        for row in level:
            parent = made.get(row["parent"])
            path = f"{parent.path if parent else '/'}{row['code']}/"
            things.append(model(**{**row, "parent": parent, "path": path, "valid_from": SINCE}))
        made |= {thing.code: thing for thing in model.objects.bulk_create(things)}
        waiting = [row for row in waiting if row["code"] not in made]
    return made


def _posts(units: dict[str, Unit]) -> dict[str, Post]:
    names = dict.fromkeys(user for _name, user, _unit, _role in POSTS)
    users = User.objects.bulk_create(User(username=name, name=name, password="!") for name in names)
    by_name = {user.username: user for user in users}
    posts = Post.objects.bulk_create(
        Post(code=f"{unit}-{user}", user=by_name[user], unit=units[unit], role=role, valid_from=SINCE)
        for _name, user, unit, role in POSTS
    )
    return {row[0]: post for row, post in zip(POSTS, posts, strict=True)}


def _policies() -> Iterator[Policy]:
    for track in Policy.Track.values:
        for step, kind, amount, event, apart in LIMITS:
            own_kind, own_amount = apart.get(track, (kind, amount))
            yield Policy(
                code=f"{track}-{step}",
                track=track,
                step=step,
                kind=own_kind,
                amount=own_amount,
                counted_from=event,
                pauses=["hearing", "awaiting_petitioner", "force_majeure", "suspended", "elsewhere"],
                basis="《某条例》第十三条",
            )


# -- written once, then set down again -----------------------------------------------------------------------
@dataclass(frozen=True)
class Written:
    """The town as it came out of its first writing: a statement for each table, and the cast."""

    statements: tuple[tuple[str, list[Any]], ...]
    cast: bytes

    @classmethod
    def of(cls, cast: Cast) -> Written:
        """What stands in the tables of the town now."""
        return cls(tuple(_as_it_stands(model) for model in TOWN), pickle.dumps(cast))

    def set_down(self) -> Cast:
        """The same rows under the same keys, which costs a fifth of writing them. Raises IntegrityError if one stands."""
        with transaction.atomic(), connection.cursor() as cursor:
            for statement, values in self.statements:
                cursor.execute(statement, values)
        remembering.clear()
        return pickle.loads(self.cast)  # noqa: S301 — our own, of this process


TOWN = (Region, Unit, User, Post, DutyItem, Category, Policy, Reason)
WRITTEN: list[Written] = []


def _as_it_stands(model: Any) -> tuple[str, list[Any]]:
    """The statement that writes all rows of a table again, keys included, and its values."""
    name = connection.ops.quote_name
    columns = ", ".join(name(field.column) for field in model._meta.concrete_fields)
    table = name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY 1")
        rows = cursor.fetchall()
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    statement = f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * len(rows))}"
    return statement, [value for each in rows for value in each]


def in_town() -> Cast:
    """The cast in this test's database, as written by the first test that asked for it."""
    if WRITTEN:
        try:
            return WRITTEN[0].set_down()
        except IntegrityError:  # a test that brought rows of its own has the keys: written anew beside them
            return assemble()
    empty = not any(model.objects.exists() for model in TOWN)
    cast = assemble()
    if empty:
        WRITTEN.append(Written.of(cast))
    return cast


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    """The cast, in rows of this test's own; who followed whom is known, as in any process a moment after its start."""
    town = in_town()
    succession.mergers()
    yield town
    remembering.clear()


@pytest.fixture
def sign_in() -> Callable[[Actor], Client]:
    """Puts somebody of the office at a browser, signed in under a post: sign_in(cast.clerk).get("/desk/")."""

    def signed_in(actor: Actor) -> Client:
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(actor.user.pk)
        session[BACKEND_SESSION_KEY] = "huiyin.organisation.backends.Backend"
        session[HASH_SESSION_KEY] = actor.user.get_session_auth_hash()
        session[sitting.CHOSEN] = actor.post.pk
        session.save()
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return client

    return signed_in
