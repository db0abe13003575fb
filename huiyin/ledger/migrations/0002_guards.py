"""The database refuses to change or remove events."""

from django.db import migrations

from huiyin.ledger import guards


def place(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.lift(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunPython(place, remove)]
