"""The database refuses to change entries of the audit log; a new site has the zones that the seeds' pages know."""

from django.db import migrations

GUARD = {
    "sqlite": [
        "CREATE TRIGGER garden_audit_is_final BEFORE UPDATE ON garden_auditentry "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is written once'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION garden_audit_is_final() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is written once'; END $$",
        "CREATE TRIGGER garden_audit_is_final BEFORE UPDATE ON garden_auditentry "
        "FOR EACH ROW EXECUTE FUNCTION garden_audit_is_final()",
    ],
}
UNGUARD = {
    "sqlite": ["DROP TRIGGER garden_audit_is_final"],
    "postgresql": [
        "DROP TRIGGER garden_audit_is_final ON garden_auditentry",
        "DROP FUNCTION garden_audit_is_final()",
    ],
}


def guard(apps, schema_editor):
    for statement in GUARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for statement in UNGUARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def make_zones(apps, schema_editor):
    """Runs once: a zone that an operator deletes later is not made again."""
    zones = apps.get_model("garden", "Zone").objects
    zones.bulk_create(zones.model(name=f"zone{number}") for number in (1, 2, 3))


class Migration(migrations.Migration):
    dependencies = [("garden", "0001_initial")]

    operations = [
        migrations.RunPython(guard, unguard),
        migrations.RunPython(make_zones, migrations.RunPython.noop),
    ]
