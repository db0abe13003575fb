from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0024_workbooks"),
    ]

    operations = [
        migrations.AddField(
            model_name="export",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
