from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("garden", "0014_reader")]

    operations = [
        migrations.CreateModel(
            name="SentPhotos",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=32, verbose_name="service")),
                ("day", models.DateField(verbose_name="day")),
                ("count", models.PositiveIntegerField(default=0, verbose_name="count")),
            ],
            options={
                "verbose_name": "photos sent to a face service",
                "verbose_name_plural": "photos sent to face services",
                "constraints": [models.UniqueConstraint(fields=("service", "day"), name="sent_photos_once")],
            },
        ),
    ]
