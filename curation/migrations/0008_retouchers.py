"""Who may look at retouches, who makes them, and who keeps the vocabulary."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

SEEN = [f"view_{name}" for name in ("canvas", "version", "tagword", "tagreading", "retouchpreset")]
MADE = [*SEEN, "retouch", "add_retouchpreset", "change_retouchpreset", "delete_retouchpreset"]
KEPT = [*MADE, "add_tagword", "change_tagword", "delete_tagword"]
GROUPS = {"viewer": SEEN, "curator": MADE, "publisher": KEPT, "operator": KEPT}


def grant(apps, schema_editor):
    config = apps.get_app_config("generation")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="generation")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*permissions.filter(codename__in=GROUPS[group.name]))


class Migration(migrations.Migration):
    dependencies = [("curation", "0007_replace"), ("generation", "0004_retouch")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
