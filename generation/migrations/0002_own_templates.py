from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from generation.prompts.own_templates import own_templates


def write(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    template = apps.get_model("generation", "PromptTemplate")
    for own in own_templates():
        template.objects.get_or_create(
            emotion=own.emotion.value, text=own.text, defaults={"negative": own.negative, "order": own.order}
        )


class Migration(migrations.Migration):
    dependencies = [("generation", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
