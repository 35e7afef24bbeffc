"""The plans that a site begins with: nobody is limited until one of the others is given or becomes the usual one."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PLANS = {"free": 20, "standard": 100, "infinite": None}


def write(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    plan = apps.get_model("generation", "CreditPlan")
    for name, daily in PLANS.items():
        plan.objects.get_or_create(name=name, defaults={"daily": daily, "usual": daily is None})


class Migration(migrations.Migration):
    dependencies = [("generation", "0007_credits")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
