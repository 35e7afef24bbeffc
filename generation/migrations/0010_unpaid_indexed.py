from django.db import migrations, models

from garden.upgrading.gently import AddIndexGently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("generation", "0009_retouch_batch")]

    operations = [
        AddIndexGently(
            model_name="version",
            index=models.Index(
                fields=["by"], condition=models.Q(("done_at", None), ("price__gt", 0)), name="version_unpaid"
            ),
        ),
    ]
