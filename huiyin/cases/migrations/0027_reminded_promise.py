"""A reminder of a promise names it: a unit can have made several in one matter, and one row says which was meant."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0026_peer_views"),
    ]

    operations = [
        migrations.AddField(
            model_name="reminder",
            name="promise",
            field=models.ForeignKey(
                db_index=False,
                help_text="past its day, of which a rule reminds; waits until it is kept or moved",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="cases.promise",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("promise__isnull", False)), fields=["promise"], name="reminder_of_promise"
            ),
        ),
    ]
