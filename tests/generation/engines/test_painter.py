"""What the painter promises of its pictures."""

import subprocess
import sys
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256

import numpy as np
import pytest

from generation.engines.base import PictureRequest
from generation.engines.painter import PainterEngine
from generation.engines.painter.composition import paint
from generation.engines.painter.noise import Dice
from generation.engines.painter.scene import ANIMALS, FLOWERS, SEASONS, TIMES, WEATHERS, Brief, plan, read_prompt
from generation.engines.painter.staging import place_for
from tests.generation.engines.painting import difference, painted

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
    for hash_seed in ("0", "1"):
        command = [sys.executable, "-c", _IN_ANOTHER_PROCESS, prompt]
        environment = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": "."}
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


def test_it_says_that_it_is_the_painter() -> None:
    picture = next(iter(PainterEngine().make([PictureRequest("calm", 64, 64, 1)])))
    assert (picture.engine, picture.model) == ("painter", "garden-painter-1")


@pytest.mark.parametrize("size", [(64, 64), (160, 96), (96, 160), (64, 512), (512, 64), (1280, 800), (800, 1280)])
def test_it_paints_landscape_portrait_and_square(size: tuple[int, int]) -> None:
    pixels = painted("happy, cat", 2, *size)
    assert pixels.shape == (size[1], size[0], 3)
    assert pixels.std() > 20


def test_seeds_and_unknown_words_change_the_picture() -> None:
    pictures = [painted("calm", seed) for seed in range(5)] + [painted("calm, watercolor", 0)]
    for i, one in enumerate(pictures):
        assert all(difference(one, other) > 4 for other in pictures[i + 1 :])


@pytest.mark.parametrize("word", [*SEASONS, *WEATHERS, *TIMES])
def test_every_word_of_season_weather_and_time_shows(word: str) -> None:
    assert difference(_garden(Brief()), _garden(read_prompt(word))) > 2


@pytest.mark.parametrize("word", FLOWERS)
def test_every_flower_that_is_named_grows(word: str) -> None:
    assert difference(_garden(Brief(flower="daisy" if word != "daisy" else "tulip")), _garden(read_prompt(word))) > 0.8


def test_night_is_darker_than_day_and_snow_lighter_than_none() -> None:
    assert painted("happy, night").mean() < painted("happy, day").mean() - 25
    assert _garden(read_prompt("winter")).mean() > _garden(Brief()).mean()


@pytest.mark.parametrize("animal", ANIMALS)
def test_an_animal_changes_the_picture_at_its_place(animal: str) -> None:
    dice = Dice("happy", 4, 320, 200)
    scene = plan(Brief(animal=animal), dice, 320, 200)
    empty = paint(replace(scene, brief=replace(scene.brief, animal=None)), dice)
    changed = np.abs(paint(scene, dice).astype(int) - empty.astype(int)).mean(-1)
    place = place_for(scene, dice)
    assert place is not None
    left, top, right, bottom = (max(0, edge) for edge in place.box)
    there = changed[top:bottom, left:right].mean()
    assert there > 8
    assert there > 2.5 * np.median(changed)


@lru_cache
def _garden(brief: Brief) -> np.ndarray:
    dice = Dice("the same dice", 5, 320, 200)
    return paint(plan(brief, dice, 320, 200), dice)
