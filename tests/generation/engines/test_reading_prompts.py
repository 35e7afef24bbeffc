"""Which words the painter knows."""

import pytest

from garden.vocabulary import Emotion
from generation.engines.painter.prompt import Brief, read_prompt


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
