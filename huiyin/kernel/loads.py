"""One run of loading a profile: brings rows in one after another and keeps what became of each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from django.db import models
from django.utils.translation import gettext as _

from huiyin.kernel.models import ProfileRow
from huiyin.kernel.profiles import Difference, Merged, Outcome, _key_text, merge_row
from huiyin.kernel.tables import BadTable, Row, each

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Loaded:
    """What became of one row; `name` is what `--take-profile` calls it: "units:chengguan"."""

    name: str
    file: str
    line: int
    outcome: Outcome
    differences: list[Difference] = field(default_factory=list)


@dataclass
class Load:
    """A run of `huiyin profile load`; rows named in `take` follow the profile even where an operator differs."""

    take: frozenset[str] = frozenset()
    loaded: list[Loaded] = field(default_factory=list)

    def bring(
        self, table: str, row: Row, model: type[M], *, key: Mapping[str, Any], values: Mapping[str, Any]
    ) -> M | None:
        """Bring one row in; the row as it now stands, or None where an operator has removed it."""
        name = name_of(table, key)
        merged = self.settle(
            name,
            merge=lambda: merge_row(model, key=key, values=values, table=table),
            take=lambda: model._default_manager.update_or_create(**key, defaults=dict(values)),
        )
        self.note(name, row, model, merged)
        return cast("M | None", merged.row)

    def settle(self, name: str, *, merge: Callable[[], Merged], take: Callable[[], object]) -> Merged:
        """Merge a row; when it is a conflict that the operator has settled for the profile, take the profile's."""
        merged = merge()
        if merged.outcome is not Outcome.CONFLICT or name not in self.take:
            return merged
        take()
        return Merged(Outcome.UPDATED, merge().row, merged.differences)

    def bring_tree(
        self, table: str, rows: list[Row], model: type[M], *, longest_code: int, shape: Callable[[Row], dict]
    ) -> dict[str, M]:
        """Bring a tree in (columns code, parent, successor and what `shape` reads), and lay its paths anew.

        Returns every row of the model by its code. A row under a parent that an operator removed stays out, as
        a conflict. Raises BadTable, naming every bad row.
        """
        known = {thing.code: thing for thing in model._default_manager.all()}  # type: ignore[attr-defined]
        named = {code: code for code in (*known, *(row.optional("code") for row in rows))}

        def read(row: Row) -> tuple[Row, str, dict]:
            row.known("parent", named, file=row.file)
            row.known("successor", named, file=row.file)
            return row, row.code("code", most=longest_code), shape(row)

        shaped = each(parents_first(rows), read)
        for row, code, values in shaped:
            parent = row.optional("parent")
            if parent and parent not in known:
                self._orphan(table, row, code, parent)
                continue
            thing = self.bring(
                table, row, model, key={"code": code}, values={**values, "parent": known.get(parent)}
            )
            if thing is not None:
                known[code] = thing
        for row, code, _values in shaped:
            if code in known:
                successor = known.get(row.optional("successor"))
                self.link(f"{table}.successor", row, known[code], values={"successor": successor})
        lay_paths(model)
        return known

    def _orphan(self, table: str, row: Row, code: str, parent: str) -> None:
        name = name_of(table, {"code": code})
        self.loaded.append(
            Loaded(name, row.file, row.line, Outcome.CONFLICT, [Difference("parent", None, parent)])
        )

    def link(self, table: str, row: Row, thing: M, *, values: Mapping[str, Any]) -> None:
        """Set columns that name other rows, after these have come in (successor, liaison).

        A column that is empty and was never loaded is the profile's to fill; otherwise as `bring`.
        """
        key = {"code": thing.code}  # type: ignore[attr-defined]
        empty = all(getattr(thing, column) is None for column in values)
        if empty and not any(values.values()):
            return
        model, name = type(thing), name_of(table, key)

        def write() -> object:
            return model._default_manager.filter(**key).update(**values)

        if empty and not ProfileRow.objects.filter(table=table, key=_key_text(model, key)).exists():
            write()
        merged = self.settle(
            name, merge=lambda: merge_row(model, key=key, values=values, table=table), take=write
        )
        if merged.outcome is not Outcome.UNCHANGED:
            self.note(name, row, model, merged)

    def note(self, name: str, row: Row, model: type[models.Model], merged: Merged) -> None:
        """Keep the outcome of a row that was merged elsewhere."""
        differences = [
            Difference(
                each.column, *(shown(model, each.column, value) for value in (each.here, each.profile))
            )
            for each in merged.differences
        ]
        self.loaded.append(Loaded(name, row.file, row.line, merged.outcome, differences))

    def count(self, outcome: Outcome) -> int:
        """How many rows had this outcome."""
        return sum(each.outcome is outcome for each in self.loaded)

    @property
    def conflicts(self) -> list[Loaded]:
        """The rows left as the operator made them, though the profile says otherwise."""
        return [each for each in self.loaded if each.outcome is Outcome.CONFLICT]


def name_of(table: str, key: Mapping[str, Any]) -> str:
    """The name of a row for people: its table and its key, codes instead of database ids."""
    return table + ":" + "/".join(str(getattr(part, "code", part)) for part in key.values())


def shown(model: type[models.Model], column: str, value: Any) -> Any:
    """A value for a person: the code of the row that it stands for, where the column names another row."""
    kind = model._meta.get_field(column)
    if value is None or not isinstance(kind, models.ForeignKey):
        return value
    other = kind.related_model._base_manager.filter(pk=value).first()  # type: ignore[union-attr]
    return getattr(other, "code", None) or getattr(other, "username", None) or value


def parents_first(rows: Iterable[Row]) -> list[Row]:
    """Rows of a tree (columns code and parent) so that each comes after its parent; raises BadTable on a circle."""
    waiting, placed = list(rows), []
    while waiting:
        codes = {row.optional("code") for row in waiting}
        free = [row for row in waiting if row.optional("parent") not in codes]
        if not free:
            raise BadTable([str(row.bad("parent", _("上级绕成了一个圈。请改正。"))) for row in waiting])
        placed += free
        waiting = [row for row in waiting if row not in free]
    return placed


def lay_paths(model: type[models.Model]) -> None:
    """Write the path of every row of a tree anew from its parents: "/root/…/code/". Raises BadTable if too long."""
    rows: dict[int, Any] = {
        row.pk: row for row in model._default_manager.only("pk", "code", "parent", "path")
    }
    longest = model._meta.get_field("path").max_length or 0  # type: ignore[union-attr]
    changed = []
    for row in rows.values():
        path = path_of(row, rows)
        if len(path) > longest:
            raise BadTable(
                [_("“%(code)s”的层级太深，路径太长。请缩短编码或者减少层级。") % {"code": row.code}]
            )
        if row.path != path:
            row.path = path
            changed.append(row)
    model._default_manager.bulk_update(changed, ["path"], batch_size=500)


def path_of(row: Any, rows: Mapping[int, Any]) -> str:
    """The path of one row of a tree, walked up through its parents."""
    codes: list[str] = []
    while row is not None:
        codes.append(row.code)
        row = rows.get(row.parent_id)
    return "/" + "/".join(reversed(codes)) + "/"
