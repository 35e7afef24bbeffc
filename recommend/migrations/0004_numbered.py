"""Every interaction has its number now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recommend", "0003_history")]

    operations = [
        migrations.AlterField(
            model_name="interaction",
            name="pseudonym",
            field=models.BigIntegerField(
                help_text="A random number of this visitor's; it outlives the visitor and names nobody.",
                verbose_name="pseudonym",
            ),
        ),
        migrations.AlterField(
            model_name="interaction",
            name="sequence",
            field=models.PositiveBigIntegerField(editable=False, unique=True, verbose_name="number in the ledger"),
        ),
    ]
