from django.db import migrations, models

from garden.upgrading.gently import AddIndexGently


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('recommend', '0007_picture_axes'),
    ]

    operations = [
        AddIndexGently(
            model_name='interaction',
            index=models.Index(fields=['pseudonym', '-sequence'], name='interaction_of_pseudonym'),
        ),
        AddIndexGently(
            model_name='forgetting',
            index=models.Index(fields=['pseudonym'], name='forgetting_of_pseudonym'),
        ),
    ]
