"""Templates, those of every garden among them, and the prompt of a bulk picture as API.md writes it."""

import re

import pytest

from garden.vocabulary import Emotion
from generation.prompts.templates import (
    Axis,
    OwnTemplate,
    Template,
    TemplateError,
    bulk_prompt,
    favorite_of,
    own_templates,
    values_of,
)

OWN = list(own_templates())


def name_of(own: OwnTemplate) -> str:
    return f"{own.emotion}-{own.order}"


def test_every_emotion_has_several_in_order() -> None:
    for emotion in Emotion:
        assert [own.order for own in OWN if own.emotion == emotion] == [0, 1, 2, 3]


def test_no_two_are_alike() -> None:
    assert len({own.text for own in OWN}) == len(OWN)


@pytest.mark.parametrize("own", OWN, ids=name_of)
def test_each_is_open_on_every_axis_and_says_what_not_to_show(own: OwnTemplate) -> None:
    Template(own.text).check()
    assert sorted(re.findall(r"\[([A-Z]+)\]", own.text)) == sorted(Axis)
    assert not [phrase for phrase in own.text.split(",") if phrase.count("[") > 1]
    assert "watermark" in own.negative


@pytest.mark.parametrize("own", OWN, ids=name_of)
def test_each_reads_well_with_nothing_chosen_and_fits_the_encoder_with_everything(own: OwnTemplate) -> None:
    template = Template(own.text)
    assert len(template.fill({Axis.EMOTION: "calm"}).split()) >= 8
    assert len(template.fill(dict.fromkeys(Axis, "hummingbird")).split()) <= 50


@pytest.mark.parametrize(
    ("values", "favorite"),
    [
        ({}, ""),
        ({Axis.ANIMAL: "cat"}, "cat"),
        ({Axis.SEASON: "spring", Axis.WEATHER: "cloudy", Axis.TIME: "day"}, "spring,cloudy,day"),
        (
            {Axis.ANIMAL: "cat", Axis.TIME: "day", Axis.SEASON: "spring", Axis.WEATHER: "cloudy"},
            "cat,spring,cloudy,day",
        ),
        ({Axis.WEATHER: "rainy"}, "rainy"),
        ({Axis.ANIMAL: "red fox", Axis.WEATHER: "snowy"}, "red fox,snowy"),
        ({Axis.ANIMAL: "red fox", Axis.WEATHER: "snowy", Axis.TIME: "night"}, "red fox,snowy,night"),
    ],
)
def test_a_combination_has_its_favorite(values: dict[Axis, str], favorite: str) -> None:
    assert favorite_of(values) == favorite
    assert values_of(favorite) == values


def test_a_season_is_followed_by_weather_and_time_in_any_words() -> None:
    assert values_of("spring,hazy,noon") == {Axis.SEASON: "spring", Axis.WEATHER: "hazy", Axis.TIME: "noon"}


def test_a_phrase_without_its_value_is_left_out() -> None:
    template = Template("a pond, [ANIMAL] on the bank,  [WEATHER] sky in [SEASON] , [EMOTION]")
    assert template.fill({Axis.EMOTION: "calm", Axis.WEATHER: "rainy"}) == "a pond, calm"
    assert template.fill({Axis.ANIMAL: "cat", Axis.WEATHER: "rainy", Axis.SEASON: "spring"}) == (
        "a pond, cat on the bank, rainy sky in spring"
    )


def test_weights_in_brackets_stay() -> None:
    assert Template("(pond:1.3), [less] of it, [ANIMAL]").fill({Axis.ANIMAL: "cat"}) == "(pond:1.3), [less] of it, cat"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("a [ANIMALS]", r"\[ANIMALS\] is not one of \[EMOTION\]"), (" , ", "needs words"), ("", "needs words")],
)
def test_a_template_that_cannot_be_expanded_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        Template(text).check()


@pytest.mark.parametrize(
    ("parts", "prompt"),
    [
        (("happy", "cat", "flowers, watercolor"), "happy, cat, flowers, watercolor"),
        (("happy", "", "flowers"), "happy, flowers"),
        (("happy", "spring,cloudy,day", ""), "happy, spring,cloudy,day"),
        (("  sad ", " ", " rain "), "sad, rain"),
        (("calm",), "calm"),
        (("", "", ""), ""),
    ],
)
def test_it_joins_the_parts_that_say_something(parts: tuple[str, ...], prompt: str) -> None:
    assert bulk_prompt(*parts) == prompt
