"""Which words the painter knows."""

import pytest

from garden.vocabulary import Emotion
from generation.engines.painter.scene import Brief, ignored_words, read_prompt


def test_it_reads_a_bulk_prompt() -> None:
    brief = read_prompt("happy, cat, flowers, garden, watercolor, highly detailed")
    assert brief == Brief(mood=Emotion.HAPPY, animal="cat")


def test_it_reads_season_weather_and_time() -> None:
    brief = read_prompt("calm, spring,cloudy,day, flowers")
    assert brief == Brief(mood=Emotion.CALM, season="spring", weather="cloudy", time="day")


@pytest.mark.parametrize(
    ("word", "mood"),
    [("Joyful", "happy"), ("ANGER", "angry"), ("fearful", "fear"), ("surprise", "surprised"), ("sadness", "sad")],
)
def test_it_knows_other_words_for_a_mood_in_any_case(word: str, mood: str) -> None:
    assert read_prompt(f"a garden, {word}!").mood == mood


@pytest.mark.parametrize("mood", list(Emotion))
def test_it_knows_every_mood_by_its_own_name(mood: Emotion) -> None:
    assert read_prompt(mood).mood is mood


def test_it_reads_whole_words_only() -> None:
    assert read_prompt("category of foxgloves, catfish, madrigal, dayflower, windowsill") == Brief()


def test_it_leaves_what_is_not_said_to_the_painter() -> None:
    assert read_prompt("정원, 庭") == Brief()


@pytest.mark.parametrize(
    ("prompt", "ignored"),
    [
        ("a dog in snow", ()),
        ("A fluffy dog with a hat, in snow", ("fluffy", "hat")),
        ("cat, kitten, dog", ("dog",)),
        ("(dog:1.3), [fox], 강아지", ("fox", "강아지")),
        ("", ()),
    ],
)
def test_it_tells_which_words_it_does_not_draw(prompt: str, ignored: tuple[str, ...]) -> None:
    assert ignored_words(prompt) == ignored


def test_it_tells_that_it_draws_nothing_new_where_it_keeps_things_as_they_are() -> None:
    assert ignored_words("happy dog in snow", only_moods=True) == ("dog", "snow")
