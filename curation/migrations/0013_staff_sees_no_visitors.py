"""Lists of visitors, keys of devices and messages set aside are for operators; accounts of credits not for viewers."""

from django.db import migrations

WITHHELD = {
    "garden": ["visitor", "consent", "moodsighting", "processingentry", "souvenirlink", "kioskkey", "setasidemessage"],
    "recommend": ["interaction", "slate", "outgoingevent", "forgetting"],
}
FROM_VIEWERS = {"generation": ["creditaccount", "creditcharge"]}


def withdraw(apps, schema_editor):
    _withdraw(apps, ["viewer", "curator", "publisher"], WITHHELD)
    _withdraw(apps, ["viewer"], FROM_VIEWERS)


def _withdraw(apps, groups, lists):
    for label, models in lists.items():
        permissions = apps.get_model("auth", "Permission").objects.filter(
            content_type__app_label=label, codename__in=[f"view_{model}" for model in models]
        )
        for group in apps.get_model("auth", "Group").objects.filter(name__in=groups):
            group.permissions.remove(*permissions)


class Migration(migrations.Migration):
    dependencies = [("curation", "0012_relabel")]

    operations = [migrations.RunPython(withdraw, migrations.RunPython.noop)]
