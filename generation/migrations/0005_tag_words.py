from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from generation.prompts.vocabulary import words


def write(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    word = apps.get_model("generation", "TagWord")
    word.objects.bulk_create([word(text=text, kind=kind) for text, kind in words()], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("generation", "0004_retouch")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
