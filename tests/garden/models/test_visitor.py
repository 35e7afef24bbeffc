from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from garden.faces.base import Attribute, FaceReading
from garden.models import Visitor
from garden.tasks import sweep_retention
from garden.vocabulary import Emotion, Gender
from tests.support.factories import VisitorFactory

pytestmark = pytest.mark.django_db
YES = Attribute(value=True, confidence=0.9)


def reading(emotion: Emotion, age: int = 30) -> FaceReading:
    scores = {each: 0.3 if each is emotion else 0.1 for each in Emotion}
    return FaceReading(
        scores, age - 4, age + 4, Gender.MALE, YES, YES, YES, YES, YES, YES, YES, faces=1, confidence=0.9
    )


def test_it_makes_a_visitor_of_a_first_reading() -> None:
    Visitor.objects.remember("ann", reading(Emotion.ANGRY, age=70))
    ann = Visitor.objects.get(id="ann")
    assert (ann.emotion, ann.generation, ann.gender) == ("angry", "elder", "Male")


def test_it_updates_a_visitor_it_knows() -> None:
    VisitorFactory.create(id="ann", emotion="sad")
    Visitor.objects.remember("ann", reading(Emotion.HAPPY))
    assert Visitor.objects.get().emotion == "happy"


def test_it_keeps_no_face_and_no_photo() -> None:
    fields = {field.name for field in Visitor._meta.concrete_fields}
    assert fields == {"id", "generation", "gender", "emotion", "created_at", "last_seen_at"}


@pytest.mark.parametrize("field", ["emotion", "generation", "gender"])
def test_the_database_refuses_words_it_does_not_know(field: str) -> None:
    VisitorFactory.create()
    with pytest.raises(IntegrityError, match=f"visitor_{field}_known"), transaction.atomic():
        Visitor.objects.update(**{field: "x"})


def test_it_forgets_visitors_after_the_retention_time(settings: Any) -> None:
    settings.VISITOR_RETENTION_DAYS = 30
    VisitorFactory.create(id="old", last_seen_at=timezone.now() - timedelta(days=31))
    VisitorFactory.create(id="recent", last_seen_at=timezone.now() - timedelta(days=29))
    assert sweep_retention()["visitors"] == 1
    assert sweep_retention()["visitors"] == 0
    assert Visitor.objects.get().id == "recent"


def test_who_is_held_is_known_as_before_and_was_here_just_now() -> None:
    long_ago = timezone.now() - timedelta(days=30)
    VisitorFactory(id="bob", generation="adult", gender="Male", emotion="sad", last_seen_at=long_ago)
    with transaction.atomic():
        held = Visitor.objects.lock_for_update("bob")
    assert (held.pk, held.generation, held.gender, held.emotion) == ("bob", "adult", "Male", "sad")
    assert held.last_seen_at > long_ago


def test_who_is_unknown_is_made_bare_to_be_held() -> None:
    with transaction.atomic():
        held = Visitor.objects.lock_for_update("ann")
    assert (held.pk, held.generation, held.gender, held.emotion) == ("ann", "", "", "")
    assert Visitor.objects.get() == held
