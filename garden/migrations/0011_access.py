"""Keys of displays, followers and last uses; the audit trail, which the database refuses to change; counts."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

KINDS = [
    ("signed_in", "signed in"),
    ("sign_in_refused", "sign-in refused"),
    ("locked_out", "locked out"),
    ("unlocked", "unlocked"),
    ("signed_out", "signed out"),
    ("factor_proved", "second factor proved"),
    ("factor_refused", "second factor refused"),
    ("factor_set", "second factor set up"),
    ("factor_removed", "second factor removed"),
    ("codes_made", "recovery codes made"),
    ("key_made", "key made"),
    ("key_rotated", "key rotated"),
    ("key_revoked", "key revoked"),
    ("added", "added"),
    ("changed", "changed"),
    ("deleted", "deleted"),
    ("imported", "imported"),
    ("exported", "exported"),
    ("act", "act on pictures"),
    ("request", "request"),
    ("refused", "not allowed"),
    ("command", "command"),
]
GUARD = {
    "sqlite": [
        "CREATE TRIGGER garden_audit_is_final BEFORE UPDATE ON garden_auditentry "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is written once'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION garden_audit_is_final() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is written once'; END $$",
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


class Migration(migrations.Migration):
    dependencies = [("garden", "0010_privacy")]
    gentle_because = {
        "mixed": "what runs guards the table that is made here, and changes no row",
        "constrained": "every key of the release before belongs to a kiosk and to nothing else",
    }

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, editable=False, verbose_name="when"
                    ),
                ),
                ("kind", models.CharField(choices=KINDS, editable=False, max_length=24, verbose_name="what")),
                ("who", models.CharField(blank=True, editable=False, max_length=150, verbose_name="who")),
                ("address", models.CharField(blank=True, editable=False, max_length=64, verbose_name="from")),
                ("about", models.CharField(blank=True, editable=False, max_length=255, verbose_name="about")),
                ("detail", models.JSONField(blank=True, default=dict, editable=False, verbose_name="detail")),
            ],
            options={
                "verbose_name": "entry of the audit trail",
                "verbose_name_plural": "audit trail",
                "ordering": ["-at", "-id"],
                "default_permissions": (),
                "permissions": [("read_trail", "Can read the audit trail")],
                "indexes": [
                    models.Index(name="audit_who", fields=["who", "-at"]),
                    models.Index(name="audit_kind", fields=["kind", "-at"]),
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
        migrations.CreateModel(
            name="RateCount",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("ends_at", models.FloatField(db_index=True)),
            ],
            options={"db_table": "garden_ratecount"},
        ),
        migrations.AddField(
            model_name="kioskkey",
            name="display",
            field=models.ForeignKey(
                blank=True,
                help_text=(
                    "A display's key opens its wall page and tells how the display is; it asks for nothing else."
                ),
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="keys",
                to="garden.display",
                verbose_name="display",
            ),
        ),
        migrations.AddField(
            model_name="kioskkey",
            name="follows",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="follower",
                to="garden.kioskkey",
            ),
        ),
        migrations.AddField(
            model_name="kioskkey",
            name="last_used_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last used"),
        ),
        migrations.AlterField(
            model_name="kioskkey",
            name="kiosk",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="keys",
                to="garden.kiosk",
                verbose_name="kiosk",
            ),
        ),
        migrations.AddConstraint(
            model_name="kioskkey",
            constraint=models.CheckConstraint(
                name="key_of_one_device",
                condition=models.Q(("display__isnull", True), ("kiosk__isnull", False))
                | models.Q(("display__isnull", False), ("kiosk__isnull", True)),
            ),
        ),
    ]
