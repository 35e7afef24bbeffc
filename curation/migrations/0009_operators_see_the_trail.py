"""Operators may read the audit trail, and see and replace the keys of devices."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

PERMISSIONS = ["read_trail", "view_kioskkey", "add_kioskkey", "change_kioskkey", "view_kiosk"]


def grant(apps, schema_editor):
    config = apps.get_app_config("garden")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="garden", codename__in=PERMISSIONS
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="operator"):
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [("curation", "0008_retouchers"), ("garden", "0011_access")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
