"""Whether a case was dispatched again is kept with it, so that the list of those need not look at every open one."""

from django.db import migrations, models


def mark(apps, editor):
    """Those that have been until now."""
    orders = apps.get_model("cases", "order").objects.filter(state="replaced")
    apps.get_model("cases", "case").objects.filter(pk__in=orders.values("case")).update(hopped=True)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0022_no_pattern_index"),
        ("organisation", "0004_monitors"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="hopped",
            field=models.BooleanField(default=False, help_text="an order of it went on to another unit 改派"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "registered",
                            "accepted",
                            "handling",
                            "reviewing",
                            "telling",
                            "told",
                            "in_review",
                            "forwarded",
                            "referred",
                            "suspended",
                        ),
                    ),
                    ("hopped", True),
                ),
                fields=["due_at", "id"],
                name="case_hopped",
            ),
        ),
    ]
