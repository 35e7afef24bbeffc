"""What a curator chooses in the bulk form becomes an order, or a sentence at its field."""

from typing import Any

import pytest

from curation.pages.bulk_form import BulkForm
from garden.vocabulary import Emotion, Orientation
from generation.models.job import Priority

pytestmark = pytest.mark.django_db
CHOSEN = {
    "token": "t",
    "repeats": "2",
    "emotions": ["calm"],
    "words_calm": "calm",
    "others": "flowers",
    "landscape": "96×64",
    "portrait": "64x96",
    "maker": "painter|",
    "priority": "50",
}


def filled(**changes: Any) -> BulkForm:
    return BulkForm({name: value for name, value in {**CHOSEN, **changes}.items() if value is not None})


def errors(**changes: Any) -> dict[str, list[str]]:
    return {name: [str(message) for message in messages] for name, messages in filled(**changes).errors.items()}


def favorites(**changes: Any) -> tuple[str, ...]:
    form = filled(**changes)
    assert form.is_valid(), form.errors
    return form.order().favorites


def test_it_becomes_an_order() -> None:
    form = filled(emotions=["calm", "sad"], words_calm="at ease", priority="10")
    assert form.is_valid(), form.errors
    order = form.order()
    assert order.emotions == (Emotion.CALM, Emotion.SAD)
    assert order.words[Emotion.CALM] == "at ease"
    assert order.sizes == {Orientation.LANDSCAPE: (96, 64), Orientation.PORTRAIT: (64, 96)}
    assert (order.repeats, order.engine, order.model) == (2, "painter", "")
    assert order.priority == Priority.SINGLE


def test_a_new_form_is_nearly_ready_to_send() -> None:
    form = BulkForm()
    assert form["landscape"].value() == "1280×800"
    assert form["portrait"].value() == "800×1280"
    assert form["others"].value() == "flowers, garden, painterly light"
    assert "watermark" in form["negative"].value()
    assert form["words_fear"].value() == "fear"


def test_it_makes_each_animal_in_each_scenery_by_default() -> None:
    assert BulkForm()["combine"].value() is True
    chosen = {"combine": "on", "animals": ["cat"], "more": "red fox", "weathers": ["snowy", "rainy"]}
    assert favorites(**chosen) == ("cat,snowy", "cat,rainy", "red fox,snowy", "red fox,rainy")


def test_it_needs_no_favorite() -> None:
    assert favorites() == ("",)


def test_without_combination_animals_others_and_scenery_are_sets_each() -> None:
    chosen = {
        "bare": "on",
        "animals": ["cat", "bird"],
        "more": "red fox, , cat",
        "seasons": ["spring"],
        "weathers": ["sunny", "rainy"],
    }
    assert favorites(**chosen) == ("", "cat", "bird", "red fox", "spring,sunny", "spring,rainy")


def test_an_emotion_that_is_sent_twice_is_chosen_once() -> None:
    form = filled(emotions=["calm", "calm"])
    assert form.is_valid()
    assert form.order().emotions == (Emotion.CALM,)


def test_season_weather_and_time_are_one_favorite() -> None:
    assert favorites(seasons=["spring"], weathers=["cloudy"], times=["day"]) == ("spring,cloudy,day",)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"emotions": []}, "emotions", "at least one"),
        ({"landscape": "97×64"}, "landscape", "width must be a multiple of 8"),
        ({"landscape": "9600×64"}, "landscape", "from 64 to 4096"),
        ({"landscape": "wide"}, "landscape", "width×height"),
        ({"landscape": "64×96"}, "landscape", "at least as wide"),
        ({"portrait": "96×64"}, "portrait", "higher than wide"),
        ({"landscape": "", "portrait": ""}, "landscape", "landscape, portrait or both"),
        ({"repeats": "0"}, "repeats", "greater than or equal to 1"),
        ({"repeats": "9000", "emotions": list(Emotion)}, "repeats", "more than the 10000 of one job"),
        ({"maker": "brush|"}, "maker", "not one of the available"),
        ({"more": "a/b"}, "more", "cannot be a favorite"),
        ({"more": ".."}, "more", "cannot be a favorite"),
        ({"more": "a\nb"}, "more", "cannot be a favorite"),
        ({"more": "a" * 101}, "more", "cannot be a favorite"),
    ],
)
def test_it_says_what_is_wrong_at_its_field(changes: dict[str, Any], field: str, sentence: str) -> None:
    told = errors(**changes)
    assert list(told) == [field]
    assert sentence in told[field][0]


def test_what_was_chosen_fills_a_form_again() -> None:
    form = filled(animals=["cat"], more="red fox", words_calm="at ease")
    assert form.is_valid()
    again = BulkForm(initial=form.as_request())
    assert again["landscape"].value() == "96×64"
    assert again["more"].value() == "red fox"
    assert again["animals"].value() == ["cat"]
    assert again["words_calm"].value() == "at ease"
    assert form.as_request()["maker"] == "painter|"
    assert "token" not in form.as_request()
