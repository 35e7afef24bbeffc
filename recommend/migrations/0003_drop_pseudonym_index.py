from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('recommend', '0002_slate_follows'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='interaction',
            name='interaction_of_pseudonym',
        ),
    ]
