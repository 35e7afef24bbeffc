"""What the database itself refuses."""

from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from recommend.models import ImageRate, Interaction, Ledger, Slate
from tests.recommend.cast import GROUP, interact, plant
from tests.support.factories import VisitorFactory

pytestmark = pytest.mark.django_db
NUMBERS = count(1_000)


def refuse(constraint: str, model: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(**fields)


def interaction(**fields: Any) -> dict[str, Any]:
    known = {
        "sequence": next(NUMBERS),
        "pseudonym": 1,
        "group": GROUP,
        "kind": "like",
        "item_key": "emotions/calm/1h.jpeg",
    }
    return {**known, "impression": [], "exposed": [], **fields}


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("interaction_kind_known", {"kind": "love"}),
        ("interaction_group_known", {"group": "robot/unknown"}),
        ("interaction_item_where_chosen", {"item_key": ""}),
        ("interaction_item_where_chosen", {"kind": "seen"}),
        ("interaction_hour_of_day", {"hour": 24}),
        ("interaction_emotion_known", {"emotion": "bored"}),
    ],
)
def test_an_interaction_outside_the_vocabulary_is_refused(constraint: str, fields: dict[str, Any]) -> None:
    refuse(constraint, Interaction, **interaction(**fields))


def test_a_slate_of_an_unknown_emotion_and_a_second_ledger_are_refused() -> None:
    refuse("slate_emotion_known", Slate, emotion="bored", group=GROUP, personalized=True)
    refuse("ledger_is_one", Ledger, id=2)


def test_an_event_of_a_visitor_and_a_number_of_the_ledger_are_stored_once() -> None:
    ann = VisitorFactory()
    Interaction.objects.create(**interaction(visitor=ann, event_id="1"))
    other = Interaction.objects.create(**interaction(visitor=VisitorFactory(), event_id="1"))
    refuse("event_id|interaction_event_is_one", Interaction, **interaction(visitor=ann, event_id="1"))
    refuse("sequence", Interaction, **interaction(sequence=other.sequence))


def test_only_a_dislike_takes_back_and_a_like_is_taken_back_once() -> None:
    (image,) = plant(1)
    like, undo = interact("ann", image), interact("ann", image, liked=False)
    assert undo is not None
    assert undo.takes_back == like
    refuse("interaction_only_dislikes_take_back", Interaction, **interaction(takes_back=undo))
    refuse("takes_back", Interaction, **interaction(kind="dislike", takes_back=like))


def test_nothing_is_liked_more_often_than_shown() -> None:
    (image,) = plant(1)
    refuse("rate_liked_was_shown", ImageRate, image=image, group=GROUP, shown=1, liked=2)
    ImageRate.objects.create(image=image, group=GROUP)
    refuse("image_id|rate_of_image_and_group", ImageRate, image=image, group=GROUP)
    refuse("rate_group_known", ImageRate, image=image, group="robot/unknown")
