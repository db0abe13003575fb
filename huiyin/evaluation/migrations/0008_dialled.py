from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0007_contests")]

    operations = [
        migrations.AddField(
            model_name="callback",
            name="dialled_at",
            field=models.DateTimeField(
                null=True, help_text="when whoever has it took the number, for this try"
            ),
        ),
    ]
