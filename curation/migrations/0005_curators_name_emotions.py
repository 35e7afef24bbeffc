"""Curators and all above them may say which emotion a picture made from free text has."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ["curator", "publisher", "operator"]


def grant(apps, schema_editor):
    config = apps.get_app_config("garden")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects
    change_image = permissions.get(content_type__app_label="garden", codename="change_image")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(change_image)


class Migration(migrations.Migration):
    dependencies = [("curation", "0004_likeness_groups")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
