import django.db.models.deletion
import huiyin.kernel.sealing
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0019_sweep_channel'),
        ('organisation', '0003_saved_filters'),
    ]

    operations = [
        migrations.CreateModel(
            name='Progress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', huiyin.kernel.sealing.SealedTextField()),
                ('noted_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='progress', to='cases.case')),
                ('instruction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='progress', to='cases.instruction')),
                ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
