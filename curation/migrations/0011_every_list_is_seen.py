"""Everybody of staff sees every list of the admin; operators throw away what was set aside, end souvenirs, send again."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

APPS = ["garden", "recommend", "generation", "curation"]
GROUPS = ["viewer", "curator", "publisher", "operator"]
OPERATED = {"garden": ["delete_setasidemessage", "delete_souvenirlink"], "recommend": ["change_outgoingevent"]}


def grant(apps, schema_editor):
    for label in APPS:
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
        permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label=label)
        for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
            group.permissions.add(*permissions.filter(codename__startswith="view_"))
            if group.name == "operator":
                group.permissions.add(*permissions.filter(codename__in=OPERATED.get(label, [])))


class Migration(migrations.Migration):
    dependencies = [
        ("curation", "0010_operators_keep_credits"),
        ("garden", "0015_sent_photos"),
        ("generation", "0010_unpaid_indexed"),
        ("recommend", "0008_pseudonyms_indexed"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
