from django.db import migrations, models

from garden.upgrading.gently import AddIndexGently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("generation", "0012_slot_alone")]

    operations = [
        AddIndexGently(
            model_name="slot",
            index=models.Index(
                fields=["engine", "priority", "owner", "model", "id"],
                condition=models.Q(("state", "queued")),
                name="slot_turns",
            ),
        ),
        migrations.RemoveIndex(model_name="slot", name="slot_queue"),
    ]
