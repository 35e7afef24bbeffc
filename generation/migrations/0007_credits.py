import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('generation', '0006_host_idle_time'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CreditPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64, unique=True, verbose_name='name')),
                ('daily', models.PositiveIntegerField(blank=True, help_text='Empty: without a limit.', null=True, verbose_name='credits a day')),
                ('ceiling', models.PositiveIntegerField(blank=True, help_text='What was not spent is kept up to this number. Empty: as many as come in a day.', null=True, verbose_name='kept at most')),
                ('usual', models.BooleanField(default=False, help_text='The plan of everybody who was given none.', verbose_name='usual')),
            ],
            options={
                'verbose_name': 'credit plan',
                'verbose_name_plural': 'credit plans',
                'ordering': ['name'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('usual', True)), fields=('usual',), name='credit_plan_one_usual', violation_error_message='Another plan is the usual one: take that from it first.'),
                    models.CheckConstraint(condition=models.Q(('ceiling', None), models.Q(('ceiling__gte', models.F('daily')), ('daily__isnull', False)), _connector='OR'), name='credit_plan_keeps_a_day', violation_error_message='A plan keeps at least what comes in a day; one without a limit keeps none.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CreditAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('balance', models.IntegerField(default=0, verbose_name='credits')),
                ('day', models.DateField(blank=True, null=True, verbose_name='credited until')),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='last asked')),
                ('plan', models.ForeignKey(blank=True, help_text='Empty: the usual one.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='accounts', to='generation.creditplan', verbose_name='plan')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='credit_account', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'credit account',
                'verbose_name_plural': 'credit accounts',
            },
        ),
        migrations.CreateModel(
            name='CreditCharge',
            fields=[
                ('version', models.UUIDField(editable=False, primary_key=True, serialize=False, verbose_name='version')),
                ('amount', models.PositiveIntegerField(verbose_name='credits')),
                ('charged_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='charged')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'credit charge',
                'verbose_name_plural': 'credit charges',
                'indexes': [models.Index(fields=['user', 'charged_at'], name='credit_charge_of')],
            },
        ),
        migrations.AlterModelOptions(
            name='version',
            options={'permissions': [('retouch', 'Can retouch pictures'), ('retouch_without_credits', 'Can retouch without spending credits')], 'verbose_name': 'version', 'verbose_name_plural': 'versions'},
        ),
        migrations.AddField(
            model_name='version',
            name='price',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='Credits that its maker is charged once it is finished.', verbose_name='price'),
        ),
    ]
