"""A garden of each emotion, and the four groups of staff, each with all that the one before it may do."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EMOTIONS = ["happy", "surprised", "calm", "angry", "fear", "confused", "disgusted", "sad"]
GROUPS = {
    "viewer": ["curation.view_*", "garden.view_*", "generation.view_*", "recommend.view_*"],
    "curator": ["curation.decide", "curation.remove_images", "curation.restore_images",
                "generation.add_generationjob", "generation.change_generationjob"],
    "publisher": ["curation.publish_images", "curation.roll_back_release", "curation.settle_dispute",
                  "generation.add_prompttemplate", "generation.change_prompttemplate", "generation.delete_prompttemplate"],
    "operator": ["curation.purge_trash", "curation.import_data", "garden.add_kiosk", "garden.change_kiosk",
                 "garden.delete_kiosk", "garden.add_kioskkey", "garden.change_kioskkey", "garden.delete_kioskkey",
                 "garden.delete_visitor", "generation.switch_hosts"],
}


def make_gardens(apps, schema_editor):
    Garden = apps.get_model("curation", "Garden")
    Garden.objects.bulk_create([Garden(emotion=emotion) for emotion in EMOTIONS], ignore_conflicts=True)


def make_groups(apps, schema_editor):
    _make_permissions(apps)
    Group = apps.get_model("auth", "Group")
    granted = set()
    for name, patterns in GROUPS.items():
        granted |= {permission for pattern in patterns for permission in _matching(apps, pattern)}
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*granted)


def _make_permissions(apps):
    """Django makes them after the last migration, which is too late for this one."""
    for label in ("garden", "recommend", "generation", "curation"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None


def _matching(apps, pattern):
    app, _, codename = pattern.partition(".")
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label=app)
    if codename.endswith("*"):
        return list(permissions.filter(codename__startswith=codename[:-1]))
    return list(permissions.filter(codename=codename))


class Migration(migrations.Migration):
    dependencies = [
        ("curation", "0001_initial"),
        ("garden", "0002_curation"),
        ("generation", "0002_own_templates"),
        ("recommend", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(make_gardens, migrations.RunPython.noop),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
