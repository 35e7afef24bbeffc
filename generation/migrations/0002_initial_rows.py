"""The prompt templates, tag words and credit plans of a new site. By default no account is limited."""

from django.db import migrations

from generation.prompts.templates import own_templates
from generation.prompts.vocabulary import words

PLANS = {"free": 20, "standard": 100, "infinite": None}


def write_templates(apps, schema_editor):
    template = apps.get_model("generation", "PromptTemplate")
    for own in own_templates():
        template.objects.get_or_create(
            emotion=own.emotion.value, text=own.text, defaults={"negative": own.negative, "order": own.order}
        )


def write_words(apps, schema_editor):
    word = apps.get_model("generation", "TagWord")
    word.objects.bulk_create([word(text=text, kind=kind) for text, kind in words()], ignore_conflicts=True)


def write_plans(apps, schema_editor):
    plan = apps.get_model("generation", "CreditPlan")
    for name, daily in PLANS.items():
        plan.objects.get_or_create(name=name, defaults={"daily": daily, "usual": daily is None})


class Migration(migrations.Migration):
    dependencies = [("generation", "0001_initial")]

    operations = [
        migrations.RunPython(write_templates, migrations.RunPython.noop),
        migrations.RunPython(write_words, migrations.RunPython.noop),
        migrations.RunPython(write_plans, migrations.RunPython.noop),
    ]
