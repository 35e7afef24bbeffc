"""Who may see devices and walls, hang pictures there, and arrange zones, displays and playlists."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

SEEN = ["zone", "display", "hanging", "wallchange", "playlist", "playlistpicture", "showtime", "souvenirlink",
        "devicehealth", "alarm", "alarmnotice"]
KEPT = ["zone", "display", "playlist", "playlistpicture", "showtime"]
VIEWED = [f"view_{name}" for name in SEEN]
ARRANGED = [f"{verb}_{name}" for verb in ("add", "change", "delete") for name in KEPT]
GROUPS = {
    "viewer": VIEWED,
    "curator": [*VIEWED, "change_hanging"],
    "publisher": [*VIEWED, "change_hanging"],
    "operator": [*VIEWED, "change_hanging", "change_devicehealth", *ARRANGED],
}


def grant(apps, schema_editor):
    config = apps.get_app_config("garden")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="garden")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*permissions.filter(codename__in=GROUPS[group.name]))


class Migration(migrations.Migration):
    dependencies = [("curation", "0005_curators_name_emotions"), ("garden", "0008_fleet")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
