"""PostgreSQL may keep new words in a list, from which `index.insert` puts them into the index together."""

from typing import Any

from django.db import migrations

TABLES = ("search_officeentry", "search_publicentry")


def together(apps: Any, schema_editor: Any) -> None:
    _set(schema_editor, "on")


def one_by_one(apps: Any, schema_editor: Any) -> None:
    _set(schema_editor, "off")


def _set(schema_editor: Any, fastupdate: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER INDEX {table}_terms SET (fastupdate = {fastupdate})")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(together, one_by_one)]
