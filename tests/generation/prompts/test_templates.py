from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garden.storage.keys import parse_key
from garden.vocabulary import Emotion, Orientation
from generation.prompts.templates import (
    SEASONS,
    TIMES,
    WEATHERS,
    Axis,
    Choices,
    Sweep,
    Template,
    TemplateError,
    favorite_of,
    own_templates_by_emotion,
    values_of,
)

OWN = own_templates_by_emotion()
CHOICES = st.builds(
    Choices,
    emotions=st.lists(st.sampled_from(Emotion), min_size=1, max_size=8, unique=True),
    animals=st.lists(st.sampled_from(["cat", "dog", "fox"]), max_size=3, unique=True),
    weathers=st.lists(st.sampled_from(WEATHERS), max_size=4, unique=True),
    seasons=st.lists(st.sampled_from(SEASONS), max_size=4, unique=True),
    times=st.lists(st.sampled_from(TIMES), max_size=4, unique=True),
    repeats=st.integers(1, 5),
    orientations=st.lists(st.sampled_from(Orientation), min_size=1, max_size=2, unique=True),
)


def full_sweep() -> Sweep:
    choices = Choices(list(Emotion), animals=["cat"], seasons=SEASONS, weathers=WEATHERS, times=TIMES, repeats=16)
    return Sweep(OWN, choices)


def test_a_full_sweep_of_one_animal_is_16384_pictures() -> None:
    sweep = full_sweep()
    assert len(sweep) == 64 * 8 * 16 * 2 == 16_384
    assert len({picture.favorite for picture in sweep}) == 64
    assert all("cat" in picture.prompt for picture in sweep)


def test_a_sweep_too_large_to_make_is_counted_at_once() -> None:
    sweep = Sweep(OWN, Choices(emotions=list(Emotion), animals=[str(n) for n in range(1000)], repeats=10**6))
    assert len(sweep) == 8 * 1000 * 10**6 * 2
    assert sweep[-1].favorite == "999"


@settings(deadline=None, max_examples=40)
@given(CHOICES)
def test_the_count_is_exact_and_every_picture_is_another(choices: Choices) -> None:
    pictures = list(Sweep(OWN, choices))
    assert len(pictures) == len(Sweep(OWN, choices))
    assert len({(picture.emotion, picture.index, picture.orientation) for picture in pictures}) == len(pictures)


@settings(deadline=None, max_examples=40)
@given(CHOICES)
def test_each_emotion_and_favorite_gets_as_many_as_any_other(choices: Choices) -> None:
    counts = Counter((picture.emotion, picture.favorite) for picture in Sweep(OWN, choices))
    assert len(set(counts.values())) == 1


@settings(deadline=None, max_examples=40)
@given(CHOICES)
def test_templates_of_an_emotion_take_turns(choices: Choices) -> None:
    marked = {emotion: [Template("a"), Template("b"), Template("c")] for emotion in Emotion}
    sweep = Sweep(marked, choices)
    for emotion in choices.emotions:
        used = Counter(picture.prompt for picture in sweep if picture.emotion == emotion)
        pictures = [used[letter] for letter in "abc"]
        assert max(pictures) - min(pictures) <= len(choices.orientations)


@settings(deadline=None, max_examples=40)
@given(CHOICES)
def test_landscape_and_portrait_are_a_pair(choices: Choices) -> None:
    prompts: dict[tuple[str, int], set[str]] = {}
    for picture in Sweep(OWN, choices):
        prompts.setdefault((picture.emotion, picture.index), set()).add(picture.prompt)
    assert {len(found) for found in prompts.values()} == {1}


@settings(deadline=None, max_examples=40)
@given(CHOICES)
def test_no_placeholder_and_no_empty_phrase_is_left(choices: Choices) -> None:
    for picture in Sweep(OWN, choices):
        assert "[" not in picture.prompt
        assert all(phrase.strip() for phrase in picture.prompt.split(","))


@settings(deadline=None, max_examples=40)
@given(CHOICES)
def test_every_favorite_fits_a_key(choices: Choices) -> None:
    for picture in Sweep(OWN, choices)[:50]:
        folder = "/".join(filter(None, ("imgPool", picture.emotion, picture.favorite)))
        assert parse_key(f"{folder}/img_0h.jpeg").favorite == picture.favorite


@settings(deadline=None, max_examples=40)
@given(CHOICES, st.data())
def test_it_is_a_sequence_like_any_other(choices: Choices, data: st.DataObject) -> None:
    sweep = Sweep(OWN, choices)
    everything = list(sweep)
    place = data.draw(st.integers(-len(sweep), len(sweep) - 1))
    assert sweep[place] == everything[place]
    assert sweep[1:7:2] == everything[1:7:2]
    with pytest.raises(IndexError):
        sweep[len(sweep)]


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


def test_an_emotion_may_be_worded_otherwise() -> None:
    choices = Choices(emotions=[Emotion.HAPPY], words={Emotion.HAPPY: "full of joy"})
    assert Sweep({Emotion.HAPPY: [Template("[EMOTION] garden")]}, choices)[0].prompt == "full of joy garden"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("a [ANIMALS]", r"\[ANIMALS\] is not one of \[EMOTION\]"), (" , ", "needs words"), ("", "needs words")],
)
def test_a_template_that_cannot_be_expanded_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        Sweep({Emotion.CALM: [Template(text)]}, Choices(emotions=[Emotion.CALM]))


def test_a_sweep_of_nothing_is_refused() -> None:
    with pytest.raises(TemplateError, match="no template for sad"):
        Sweep({Emotion.SAD: []}, Choices(emotions=[Emotion.SAD]))
    with pytest.raises(TemplateError, match="once or more"):
        Sweep(OWN, Choices(emotions=[Emotion.SAD], repeats=0))
