"""The prompt templates, tag words and credit plans of a new site. By default no account is limited."""

from django.db import migrations

from garden.vocabulary import Emotion
from generation.prompts.templates import own_templates

PLANS = {"free": 20, "standard": 100, "infinite": None}

WORDS = {
    "mood": " ".join(Emotion) + " joyful serene melancholy dramatic dreamy mysterious playful tender",
    "subject": "cat dog bird rabbit butterfly fish deer fox owl turtle bee horse duck squirrel hedgehog elephant frog "
    "bear swan dragonfly",
    "plant": "sunflower camellia rose lotus poppy iris passionflower moss mushroom fern bluebell daisy tulip lavender "
    "peony hydrangea wisteria ivy grass reeds willow birch oak maple blossom leaves",
    "place": "garden meadow forest grove path pond lake river bridge waterfall hill mountain field greenhouse "
    "courtyard sky sea rocks",
    "season": "spring summer autumn winter",
    "weather": "sunny cloudy rain snow fog storm windy rainbow",
    "time": "dawn day sunset night moonlight",
    "colour": "red orange yellow green turquoise blue purple pink brown white grey black",
    "style": "painting watercolor impressionism photograph illustration abstract soft vivid detailed backlit",
}


def write_templates(apps, schema_editor):
    template = apps.get_model("generation", "PromptTemplate")
    for own in own_templates():
        template.objects.get_or_create(
            emotion=own.emotion.value, text=own.text, defaults={"negative": own.negative, "order": own.order}
        )


def write_words(apps, schema_editor):
    word = apps.get_model("generation", "TagWord")
    rows = [word(text=text, kind=kind) for kind, listed in WORDS.items() for text in listed.split()]
    word.objects.bulk_create(rows, ignore_conflicts=True)


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
