"""Who was erased is found by no mailbox any more: until now their index stayed."""

from django.db import migrations


def forget(apps, schema_editor):
    """Take the index away from everybody who was erased."""
    people = apps.get_model("people", "Person").objects
    people.exclude(erased_at=None).exclude(email_index=None).update(email_index=None)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_lean_indexes")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
