"""Everybody of staff sees plans, accounts and charges; operators keep them, and retouch without spending credits."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

SEEN = ["view_creditplan", "view_creditaccount", "view_creditcharge"]
PLANS = [f"{verb}_creditplan" for verb in ("add", "change", "delete")]
KEPT = [*SEEN, *PLANS, "add_creditaccount", "change_creditaccount", "retouch_without_credits"]
GROUPS = {"viewer": SEEN, "curator": SEEN, "publisher": SEEN, "operator": KEPT}


def grant(apps, schema_editor):
    config = apps.get_app_config("generation")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="generation")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*permissions.filter(codename__in=GROUPS[group.name]))


class Migration(migrations.Migration):
    dependencies = [("curation", "0009_operators_see_the_trail"), ("generation", "0007_credits")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
