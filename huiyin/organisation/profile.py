"""The rows of a profile that belong here: regions, units, posts, and the units' duty lists."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from huiyin.accounts.models import User
from huiyin.accounts.roles import Role
from huiyin.kernel.loads import Load
from huiyin.kernel.tables import Row, each
from huiyin.organisation import remembering
from huiyin.organisation.models import DutyItem, Post, Region, Unit


def dates(row: Row) -> dict[str, date | None]:
    """The two dates between which a row holds; raises BadRow when they are the wrong way round."""
    since, until = row.day("valid_from"), row.day("valid_to")
    if since and until and until < since:
        raise row.bad("valid_to", _("失效日期早于生效日期。请改正其中一个。"))
    return {"valid_from": since, "valid_to": until}


def load_regions(rows: list[Row], *, into: Load) -> None:
    """Bring regions.csv in, with successors and paths. Raises BadTable."""

    def shape(row: Row) -> dict[str, Any]:
        return {
            "name": row.text("name", most=60),
            "name_en": row.optional("name_en", most=120),
            "level": row.choice("level", Region.Level.values),
            "population": row.count("population"),
            **dates(row),
        }

    into.bring_tree("regions", rows, Region, longest_code=30, shape=shape)
    remembering.clear()


def load_units(rows: list[Row], *, into: Load) -> None:
    """Bring units.csv in, with successors and paths; liaisons follow the posts. Raises BadTable."""
    regions = {region.code: region for region in Region.objects.all()}

    def shape(row: Row) -> dict[str, Any]:
        return {
            "name": row.text("name", most=60),
            "name_en": row.optional("name_en", most=120),
            "short_name": row.optional("short_name", most=20),
            "kind": row.choice("kind", Unit.Kind.values),
            "region": row.needed("region", regions, file="regions.csv"),
            "phone": row.optional("phone", most=40),
            **dates(row),
        }

    known = into.bring_tree("units", rows, Unit, longest_code=30, shape=shape)
    named = each(rows, lambda row: (row, row.known("superior", known, file=row.file)))
    for row, superior in named:
        if row.text("code") in known:
            into.link("units.superior", row, known[row.text("code")], values={"superior": superior})
    remembering.clear()


def load_posts(rows: list[Row], *, into: Load) -> None:
    """Bring posts.csv in: who holds which role in which unit. Raises BadTable."""
    users = {user.username: user for user in User.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}

    def shape(row: Row) -> dict[str, Any]:
        return {
            "user": row.needed("username", users, file="users.csv"),
            "unit": row.needed("unit", units, file="units.csv"),
            "role": row.choice("role", Role.values),
            "title": row.optional("title", most=40),
            **dates(row),
        }

    shaped = each(rows, lambda row: (row, row.code("code", most=40), shape(row)))
    for row, code, values in shaped:
        into.bring("posts", row, Post, key={"code": code}, values=values)
    known = {post.code: post for post in Post.objects.all()}
    for row, code, _values in shaped:
        if code in known:
            successor = row.known("successor", known, file=row.file)
            into.link("posts.successor", row, known[code], values={"successor": successor})
    remembering.clear()


def load_liaisons(rows: list[Row], *, into: Load) -> None:
    """Give the units of units.csv their liaisons, once the posts are there. Raises BadTable."""
    posts = {post.code: post for post in Post.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}

    def liaison(row: Row) -> tuple[Row, Post | None]:
        post = row.known("liaison", posts, file="posts.csv")
        if post is not None and post.unit_id != units[row.text("code")].pk:
            raise row.bad("liaison", _("这个岗位不在这个单位。请换一个本单位的岗位。"))
        return row, post

    for row, post in each([row for row in rows if row.optional("code") in units], liaison):
        into.link("units.liaison", row, units[row.text("code")], values={"liaison": post})
    remembering.clear()


def load_duties(rows: list[Row], *, categories: set[str], into: Load) -> None:
    """Bring duties.csv in: what each unit leads or assists in; `categories` are the known codes. Raises BadTable."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    codes = {code: code for code in categories}

    def shape(row: Row) -> tuple[Row, dict[str, Any], dict[str, Any]]:
        key = {
            "unit": row.needed("unit", units, file="units.csv"),
            "category_code": row.needed("category_code", codes, file="categories.csv"),
            "part": row.choice("part", DutyItem.Part.values),
        }
        return row, key, {"basis": row.optional("basis", most=200), **dates(row)}

    for row, key, values in each(rows, shape):
        into.bring("duties", row, DutyItem, key=key, values=values)
    remembering.clear()
