"""Triggers by which the database itself refuses to change or remove an event, on both engines.

They keep honest programs honest; whoever drops them is found by `verify`, which needs no triggers.
"""

from typing import Any

TABLE = "ledger_event"
FIXED = (
    "id", "subject", "subject_seq", "kind", "actor", "occurred_at", "recorded_at",
    "facts", "commitment", "prev", "hash", "mac",
)  # fmt: skip
REFUSAL = "ledger_event is append-only"
DELETE, UPDATE, TRUNCATE = "ledger_event_no_delete", "ledger_event_no_update", "ledger_event_no_truncate"
FUNCTION = "ledger_event_refuse"
EXPECTED = {"sqlite": (DELETE, UPDATE), "postgresql": (DELETE, UPDATE, TRUNCATE)}


class NotGuarded(RuntimeError):
    """The ledger was given a database engine for which no triggers are written."""


def install(connection: Any) -> None:
    """Put the triggers in place, anew if there. Any migration that remakes the table ends with this."""
    _run(connection, _removing(connection.vendor) + _placing(connection.vendor))


def lift(connection: Any) -> None:
    """Take the triggers away: for undoing the migration, and for emptying a test database."""
    _run(connection, _removing(connection.vendor))


def missing(connection: Any) -> list[str]:
    """The names of the triggers that should be in place and are not, or are switched off."""
    questions = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(questions[connection.vendor], [TABLE])
        present = {name for (name,) in cursor.fetchall()}
    return [name for name in EXPECTED[connection.vendor] if name not in present]


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _removing(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in EXPECTED[vendor]]
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {name} ON {TABLE}" for name in EXPECTED[vendor]]
    raise NotGuarded(vendor)


def _placing(vendor: str) -> list[str]:
    if vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        return [
            f"CREATE TRIGGER {DELETE} BEFORE DELETE ON {TABLE} FOR EACH ROW {refuse}",
            f"CREATE TRIGGER {UPDATE} BEFORE UPDATE ON {TABLE} FOR EACH ROW"
            f" WHEN {_unlawful('IS NOT')} {refuse}",
        ]
    refuse = f"EXECUTE FUNCTION {FUNCTION}()"
    return [
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $refuse$ BEGIN"
        f" RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $refuse$",
        f"CREATE TRIGGER {DELETE} BEFORE DELETE ON {TABLE} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {UPDATE} BEFORE UPDATE ON {TABLE} FOR EACH ROW"
        f" WHEN ({_unlawful('IS DISTINCT FROM')}) {refuse}",
        f"CREATE TRIGGER {TRUNCATE} BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT {refuse}",
    ]


def _unlawful(differs: str) -> str:
    """The condition of an update that must not be.

    Lawful are: filling in position and running hash once, erasing `private`, and sealing it anew under a
    newer key (its content stays bound by the commitment).
    """
    fixed = [f'OLD."{column}" {differs} NEW."{column}"' for column in FIXED]
    order = [
        f"(OLD.position IS NOT NULL AND (OLD.position {differs} NEW.position"
        f" OR OLD.running {differs} NEW.running))"
    ]
    private = ["(OLD.private IS NULL AND NEW.private IS NOT NULL)"]
    return " OR ".join(fixed + order + private)
