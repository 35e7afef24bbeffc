"""How long GPU hosts stay on without work can be chosen, and is kept beside their switches."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0005_tag_words")]

    operations = [
        migrations.AddField(
            model_name="hostevent",
            name="seconds",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Of an idle time alone: off after so long without work. 0 is the site's own setting again.",
                null=True,
                verbose_name="idle time (s)",
            ),
        ),
        migrations.AlterField(
            model_name="hostevent",
            name="switch",
            field=models.CharField(
                choices=[("start", "start"), ("stop", "stop"), ("idle", "idle time")],
                max_length=8,
                verbose_name="switch",
            ),
        ),
    ]
