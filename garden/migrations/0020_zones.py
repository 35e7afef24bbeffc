"""The seeds' pages know the zones `zone1` to `zone3`: a new site has them. An older one keeps those that it has."""

from django.db import migrations


def make_zones(apps, schema_editor):
    """Once, on a site without zones and pictures; what an operator deletes later stays deleted."""
    zones = apps.get_model("garden", "Zone").objects
    if not zones.exists() and not apps.get_model("garden", "Image").objects.exists():
        for number in (1, 2, 3):
            zones.create(name=f"zone{number}")


class Migration(migrations.Migration):
    dependencies = [("garden", "0019_pulse_listening")]
    operations = [migrations.RunPython(make_zones, migrations.RunPython.noop, elidable=False)]
