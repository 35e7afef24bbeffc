"""What the database itself refuses."""

from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from recommend.models import ImageRate, Interaction, Ledger, Slate
from tests.factories import VisitorFactory
from tests.recommend.cast import GROUP, plant, say

pytestmark = pytest.mark.django_db


def refuse(constraint: str, model: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(**fields)


NUMBERS = count(1_000)


def saying(**fields: Any) -> dict[str, Any]:
    return {
        "sequence": next(NUMBERS),
        "pseudonym": 1,
        "group": GROUP,
        "kind": "like",
        "item_key": "emotions/calm/1h.jpeg",
        "impression": [],
        "exposed": [],
        **fields,
    }


def test_an_interaction_is_of_a_known_kind_and_group() -> None:
    refuse("interaction_kind_known", Interaction, **saying(kind="love"))
    refuse("interaction_group_known", Interaction, **saying(group="robot/unknown"))


def test_a_like_names_its_item_and_a_look_names_none() -> None:
    refuse("interaction_item_where_chosen", Interaction, **saying(item_key=""))
    refuse("interaction_item_where_chosen", Interaction, **saying(kind="seen"))


def test_an_event_of_a_visitor_is_one() -> None:
    ann = VisitorFactory()
    Interaction.objects.create(**saying(visitor=ann, event_id="1"))
    Interaction.objects.create(**saying(visitor=VisitorFactory(), event_id="1"))
    refuse("event_id|interaction_event_is_one", Interaction, **saying(visitor=ann, event_id="1"))


def test_only_a_dislike_takes_back_and_a_like_is_taken_back_once() -> None:
    (image,) = plant(1)
    like, undo = say("ann", image), say("ann", image, liked=False)
    assert undo is not None
    assert undo.takes_back == like
    refuse("interaction_only_dislikes_take_back", Interaction, **saying(takes_back=undo))
    refuse("takes_back", Interaction, **saying(kind="dislike", takes_back=like))


def test_nothing_is_liked_more_often_than_shown() -> None:
    (image,) = plant(1)
    refuse("rate_liked_was_shown", ImageRate, image=image, group=GROUP, shown=1, liked=2)
    ImageRate.objects.create(image=image, group=GROUP)
    refuse("image_id|rate_of_image_and_group", ImageRate, image=image, group=GROUP)
    refuse("rate_group_known", ImageRate, image=image, group="robot/unknown")


def test_a_slate_is_of_a_known_emotion() -> None:
    refuse("slate_emotion_known", Slate, emotion="bored", group=GROUP, personalized=True)


def test_a_number_of_the_ledger_is_given_once() -> None:
    (image,) = plant(1)
    like = say("ann", image)
    assert like is not None
    refuse("sequence", Interaction, **saying(sequence=like.sequence))


def test_hours_and_emotions_are_known_ones() -> None:
    refuse("interaction_hour_of_day", Interaction, **saying(hour=24))
    refuse("interaction_emotion_known", Interaction, **saying(emotion="bored"))


def test_there_is_one_ledger() -> None:
    refuse("ledger_is_one", Ledger, id=2)
