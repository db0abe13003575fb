from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0003_monitors")]

    operations = [
        migrations.AddField(
            model_name="sweep",
            name="once",
            field=models.CharField(
                max_length=36, null=True, unique=True, help_text="the form that it came from"
            ),
        ),
    ]
