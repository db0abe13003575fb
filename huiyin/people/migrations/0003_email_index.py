"""People are found again by their e-mail address too; those kept before get their index."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.sealing import blind_index

AT_ONCE = 1000


def index(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Compute the index of every address that is kept; a key needs the address, so each is opened once."""
    permit = Permit(holder="system:migration", purpose=Purpose.MATCH)
    person, last = apps.get_model("people", "Person"), 0
    while rows := list(
        person.objects.filter(pk__gt=last, email__isnull=False).only("pk", "email").order_by("pk")[:AT_ONCE]
    ):
        for row in rows:
            row.email_index = blind_index("email", row.email.open(permit).casefold())
        person.objects.bulk_update(rows, ["email_index"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("people", "0002_contact_measures")]
    operations = [
        migrations.AddField(
            model_name="person",
            name="email_index",
            field=models.BinaryField(max_length=16, null=True),
        ),
        migrations.RunPython(index, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["email_index"], name="person_by_email"),
        ),
    ]
