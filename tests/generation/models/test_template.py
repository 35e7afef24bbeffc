import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from garden.vocabulary import Emotion
from generation.models.template import PromptTemplate


def test_it_refuses_an_axis_that_does_not_exist() -> None:
    with pytest.raises(ValidationError, match=r"\[ANIMALS\] is not one of"):
        PromptTemplate(emotion="calm", text="a pond, [ANIMALS]").clean()


def test_it_takes_any_known_axis() -> None:
    PromptTemplate(emotion="calm", text="a pond, [ANIMAL], (lilies:1.2), [ducks]").clean()


@pytest.mark.django_db
def test_templates_of_an_emotion_come_in_their_turn() -> None:
    PromptTemplate.objects.all().delete()
    for order, text in ((2, "third"), (0, "first"), (1, "second")):
        PromptTemplate.objects.create(emotion="calm", text=text, negative="fog", order=order)
    PromptTemplate.objects.create(emotion="sad", text="rain", active=False)
    found = PromptTemplate.objects.active().by_emotion()
    assert {emotion: [template.text for template in templates] for emotion, templates in found.items()} == {
        Emotion.CALM: ["first", "second", "third"]
    }


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"emotion": "glad", "text": "a"}, {"emotion": "calm", "text": ""}])
def test_the_database_keeps_the_rules(values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PromptTemplate.objects.create(**values)
