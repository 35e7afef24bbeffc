"""A garden of each emotion."""

from django.db import migrations

EMOTIONS = ["happy", "surprised", "calm", "angry", "fear", "confused", "disgusted", "sad"]


def make_gardens(apps, schema_editor):
    garden = apps.get_model("curation", "Garden")
    garden.objects.bulk_create([garden(emotion=emotion) for emotion in EMOTIONS], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("curation", "0001_initial")]

    operations = [migrations.RunPython(make_gardens, migrations.RunPython.noop)]
