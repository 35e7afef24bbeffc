from django.db import migrations, models

TABLE = 'garden_processingentry'
GAP = 1_000_000


def move_numbers_on(apps, schema_editor):
    """The release before gives the next numbers itself while both are at work: the database's begin far behind them."""
    newest = apps.get_model('garden', 'ProcessingEntry').objects.aggregate(n=models.Max('sequence'))['n'] or 0
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == 'postgresql':
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{TABLE}', 'sequence'), %s)", [newest + GAP])
        else:
            cursor.execute('DELETE FROM sqlite_sequence WHERE name = %s', [TABLE])
            cursor.execute('INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)', [TABLE, newest + GAP])


class Migration(migrations.Migration):

    dependencies = [
        ('garden', '0022_record_chained_later'),
    ]

    operations = [
        migrations.RunPython(move_numbers_on, migrations.RunPython.noop),
    ]
