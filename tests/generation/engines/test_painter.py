"""What the painter promises of its pictures, and which words it knows."""

import subprocess
import sys
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from garden.vocabulary import Emotion
from generation.engines.base import PictureRequest
from generation.engines.painter import PainterEngine
from generation.engines.painter.composition import paint
from generation.engines.painter.noise import Dice
from generation.engines.painter.scene import (
    ANIMALS,
    FLOWERS,
    SEASONS,
    TIMES,
    WEATHERS,
    Brief,
    ignored_words,
    plan,
    read_prompt,
)
from generation.engines.painter.staging import place_for


@lru_cache(maxsize=512)
def painted(prompt: str, seed: int = 1, width: int = 128, height: int = 80) -> NDArray[np.uint8]:
    """Pixels of shape (height, width, 3)."""
    picture = next(iter(PainterEngine().make([PictureRequest(prompt, width, height, seed)])))
    return np.asarray(picture.image)


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean absolute difference, in levels of 255."""
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


_IN_ANOTHER_PROCESS = """
import hashlib, sys
from generation.engines.base import PictureRequest
from generation.engines.painter import PainterEngine
request = PictureRequest(sys.argv[1], 128, 80, 7)
print(hashlib.sha256(next(iter(PainterEngine().make([request]))).image.tobytes()).hexdigest())
"""


def test_it_paints_the_same_bytes_in_every_process() -> None:
    prompt = "fear, owl, autumn, night"
    here = sha256(painted(prompt, 7).tobytes()).hexdigest()
    command = [sys.executable, "-c", _IN_ANOTHER_PROCESS, prompt]
    environment = {"PYTHONHASHSEED": "1", "PYTHONPATH": "."}
    there = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.strip()
    assert there == here


def test_it_paints_the_same_picture_whatever_it_painted_before() -> None:
    request = PictureRequest("sad", 96, 64, 3)
    first, _, again = PainterEngine().make([request, PictureRequest("happy", 96, 64, 3), request])
    assert first.image.tobytes() == again.image.tobytes()


def test_it_ignores_what_belongs_to_diffusion() -> None:
    plain = PictureRequest("sad", 96, 64, 3)
    tuned = PictureRequest("sad", 96, 64, 3, negative_prompt="rain", steps=5, guidance_scale=1.0)
    one, other = PainterEngine().make([plain, tuned])
    assert one.image.tobytes() == other.image.tobytes()


def test_it_names_itself_as_engine_and_model() -> None:
    picture = next(iter(PainterEngine().make([PictureRequest("calm", 64, 64, 1)])))
    assert (picture.engine, picture.model) == ("painter", "garden-painter-1")


@pytest.mark.parametrize("size", [(64, 64), (64, 512), (512, 64), (1280, 800)])
def test_it_paints_landscape_portrait_and_square(size: tuple[int, int]) -> None:
    pixels = painted("happy, cat", 2, *size)
    assert pixels.shape == (size[1], size[0], 3)
    assert pixels.std() > 20


def test_seeds_and_unknown_words_change_the_picture() -> None:
    pictures = [painted("calm", seed) for seed in range(5)] + [painted("calm, watercolor", 0)]
    for i, one in enumerate(pictures):
        assert all(difference(one, other) > 4 for other in pictures[i + 1 :])


def test_every_word_of_season_weather_and_time_shows() -> None:
    for word in (*SEASONS, *WEATHERS, *TIMES):
        assert difference(_garden(Brief()), _garden(read_prompt(word))) > 2, word


def test_every_named_flower_is_painted() -> None:
    for word in FLOWERS:
        other = Brief(flower="daisy" if word != "daisy" else "tulip")
        assert difference(_garden(other), _garden(read_prompt(word))) > 0.8, word


def test_night_is_darker_than_day_and_snow_lighter_than_none() -> None:
    assert painted("happy, night").mean() < painted("happy, day").mean() - 25
    assert _garden(read_prompt("winter")).mean() > _garden(Brief()).mean()


def test_an_animal_changes_the_picture_at_its_place(subtests: pytest.Subtests) -> None:
    dice, without = Dice("happy", 4, 160, 100), dict[tuple[str, float], NDArray[np.uint8]]()
    for animal in ANIMALS:
        with subtests.test(animal):
            scene = plan(Brief(animal=animal), dice, 160, 100)
            ground = scene.layout, scene.horizon
            if ground not in without:
                without[ground] = paint(replace(scene, brief=replace(scene.brief, animal=None)), dice)
            changed = np.abs(paint(scene, dice).astype(int) - without[ground].astype(int)).mean(-1)
            place = place_for(scene, dice)
            assert place is not None
            left, top, right, bottom = (max(0, edge) for edge in place.box)
            there = changed[top:bottom, left:right].mean()
            assert there > 6
            assert there > 2.5 * np.median(changed)


@lru_cache
def _garden(brief: Brief) -> np.ndarray:
    dice = Dice("the same dice", 5, 160, 100)
    return paint(plan(brief, dice, 160, 100), dice)


_KNOWN, _UNSEEN = range(2), range(50, 51)


def _colour_statistics(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean and standard deviation of L*a*b* in three horizontal bands: 18 values."""
    bands = np.array_split(cv2.cvtColor(pixels, cv2.COLOR_RGB2Lab).astype(float), 3)
    return np.concatenate([np.concatenate([band.mean((0, 1)), band.std((0, 1))]) for band in bands])


@lru_cache
def _centroids() -> dict[Emotion, NDArray[np.float64]]:
    return {mood: np.mean([_colour_statistics(painted(mood, seed)) for seed in _KNOWN], 0) for mood in Emotion}


def _share_recognised(pictures: list[tuple[Emotion, NDArray[np.uint8]]]) -> float:
    centroids = _centroids()
    scale = np.std(list(centroids.values()), 0)

    def nearest(pixels: NDArray[np.uint8]) -> Emotion:
        return min(
            centroids, key=lambda mood: float(np.linalg.norm((_colour_statistics(pixels) - centroids[mood]) / scale))
        )

    return float(np.mean([nearest(pixels) is mood for mood, pixels in pictures]))


def test_unseen_pictures_are_nearest_to_their_own_mood() -> None:
    assert _share_recognised([(mood, painted(mood, seed)) for mood in Emotion for seed in _UNSEEN]) >= 0.875


def test_portraits_and_favorites_keep_the_mood() -> None:
    pictures = [(mood, painted(f"{mood}, cat", 60, 80, 128)) for mood in list(Emotion)[::2]]
    pictures += [(mood, painted(f"{mood}, spring,cloudy,day", 61)) for mood in list(Emotion)[1::2]]
    assert _share_recognised(pictures) >= 0.8


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
def test_it_reports_which_words_it_does_not_draw(prompt: str, ignored: tuple[str, ...]) -> None:
    assert ignored_words(prompt) == ignored


def test_it_reports_that_it_draws_nothing_new_where_it_keeps_things_as_they_are() -> None:
    assert ignored_words("happy dog in snow", only_moods=True) == ("dog", "snow")
