"""Who may see look-alikes, targets and figures, and who may change targets."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

VIEWED = ["alikegroup", "apart", "figures", "likeness", "likenessindex", "settlement", "target"]
GROUPS = ["viewer", "curator", "publisher", "operator"]


def grant(apps, schema_editor):
    config = apps.get_app_config("curation")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="curation")
    seen = permissions.filter(codename__in=[f"view_{model}" for model in VIEWED])
    changed = permissions.filter(codename__in=["add_target", "change_target", "delete_target"])
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*seen)
        if group.name in ("publisher", "operator"):
            group.permissions.add(*changed)


class Migration(migrations.Migration):
    dependencies = [("curation", "0003_likeness"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
