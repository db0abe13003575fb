"""PostgreSQL: Django adds an index for `LIKE` to every unique text. Nobody looks for the beginning of a number."""

from django.db import migrations


def drop(apps, editor):
    """Drop it by what it is: its name is Django's to choose."""
    if editor.connection.vendor != "postgresql":
        return
    table = apps.get_model("cases", "case")._meta.db_table
    found = "SELECT indexname FROM pg_indexes WHERE tablename = %s AND indexdef LIKE %s"
    with editor.connection.cursor() as cursor:
        cursor.execute(found, [table, "%(number varchar_pattern_ops)%"])
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {editor.quote_name(name)}")


class Migration(migrations.Migration):
    dependencies = [("cases", "0021_monitors")]
    operations = [migrations.RunPython(drop, migrations.RunPython.noop)]
