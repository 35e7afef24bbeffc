import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("garden", "0011_access")]

    operations = [
        migrations.CreateModel(
            name="Pulse",
            fields=[
                (
                    "queue",
                    models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="queue"),
                ),
                ("heard_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="heard")),
                ("worker", models.CharField(blank=True, max_length=255, verbose_name="worker")),
            ],
            options={"verbose_name": "pulse of a queue", "verbose_name_plural": "pulses of queues"},
        ),
    ]
