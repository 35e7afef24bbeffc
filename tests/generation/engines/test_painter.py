"""What the painter promises of its pictures, and which words it knows."""

import subprocess
import sys
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from itertools import combinations, pairwise, product
from typing import Any, get_args

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from garden.backends import build_backend
from garden.errors import MisconfiguredError
from garden.vocabulary import Emotion
from generation.engines.base import Engine, PictureRequest
from generation.engines.painter import PainterEngine
from generation.engines.painter.composition import paint
from generation.engines.painter.compositions.panels import COMPOSITIONS
from generation.engines.painter.drawings import ANIMALS as DRAWN
from generation.engines.painter.drawings import FLOWERS as GROWN
from generation.engines.painter.hands import Hand
from generation.engines.painter.moods import MOODS
from generation.engines.painter.noise import Dice
from generation.engines.painter.painting import Painting
from generation.engines.painter.scene import (
    ANIMALS,
    FLOWERS,
    SEASONS,
    TIMES,
    WEATHERS,
    Brief,
    Scene,
    ignored_words,
    plan,
    read_prompt,
)
from generation.engines.painter.variety import LAYOUTS, RUN, designs, distance


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
    assert (picture.engine, picture.model) == ("painter", "garden-painter-2")


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


def test_night_is_darker_than_day() -> None:
    assert painted("happy, night").mean() < painted("happy, day").mean() - 25


@pytest.mark.parametrize("words", ["winter", "snow"])
def test_snow_lies_on_the_ground_too(words: str) -> None:
    ground = slice(70, 100)
    plain, snowy = (_garden(read_prompt(prompt))[ground] for prompt in ("happy", f"happy, {words}"))
    assert snowy.mean() > plain.mean() + 40


@pytest.mark.parametrize("mood", list(Emotion))
@pytest.mark.parametrize("season", SEASONS)
def test_nothing_blooms_out_of_its_season_but_under_glass(mood: Emotion, season: str) -> None:
    for seed in range(RUN):
        scene = plan(Brief(mood=mood, season=season), Dice(mood, seed, 160, 100), 160, 100)
        if not LAYOUTS[scene.design.layout].indoors:
            grown = {species for species, _ in (*scene.flowers, *scene.chorus)}
            assert all(not GROWN[species].bloom or season in GROWN[species].bloom for species in grown)


def test_a_flower_that_is_named_out_of_its_season_stands_indoors() -> None:
    scenes = [plan(read_prompt("sunflower, winter"), Dice("sunflower", seed, 160, 100), 160, 100) for seed in range(6)]
    assert all(LAYOUTS[scene.design.layout].indoors for scene in scenes)
    assert all(scene.flowers[0][0] == "sunflower" for scene in scenes)


@pytest.mark.parametrize("animal", ANIMALS)
def test_an_animal_changes_the_picture_at_its_place(animal: str) -> None:
    for home, layout in (("ground", "meadow"), ("air", "meadow"), ("water", "pond")):
        if not DRAWN[animal].poses(home):
            continue
        dice = Dice("happy", 4, 480, 300)
        scene = plan(Brief(mood=Emotion.HAPPY, animal=animal), dice, 480, 300)
        scene = replace(scene, homes={home: DRAWN[animal].poses(home)}, design=_design(scene, layout))
        canvas, without = (_composed(one, dice) for one in (scene, replace(scene, brief=Brief())))
        assert canvas.subject is not None
        x, y, half = (int(number) for number in canvas.subject)
        changed = np.abs(canvas.pixels.astype(int) - without.pixels).mean(-1)
        there = changed[max(0, y - half) : y + half, max(0, x - half) : x + half].mean()
        assert there > 6, home
        assert there > 2 * np.median(changed), home


@pytest.mark.parametrize("animal", [name for name in ANIMALS if DRAWN[name].small])
def test_a_small_animal_is_painted_in_every_composition_with_room_for_it(animal: str) -> None:
    dice = Dice("happy", 4, 480, 300)
    scene = plan(Brief(mood=Emotion.HAPPY, animal=animal), dice, 480, 300)
    for layout in (name for name, one in LAYOUTS.items() if "small" in one.homes):
        fitted = replace(scene, design=_design(scene, layout))
        assert difference(paint(fitted, dice), paint(replace(fitted, brief=Brief()), dice)) > 0.05, layout


def test_a_pose_that_is_named_is_drawn() -> None:
    scene = plan(read_prompt("calm, a sleeping cat"), Dice("calm", 1, 160, 100), 160, 100)
    assert scene.homes == {"ground": ("sleeping",)}


def _design(scene: Scene, layout: str) -> Any:
    return replace(scene.design, layout=layout, horizon=LAYOUTS[layout].form[0])


def _composed(scene: Scene, dice: Dice) -> Painting:
    canvas = Painting(scene, dice)
    assert list(COMPOSITIONS[scene.design.layout](canvas)) == ["sky", "ground", "stems", "blossoms"]
    return canvas


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("season", ["", "winter"])
def test_every_composition_is_painted_in_every_season(layout: str, season: str) -> None:
    for mood, (width, height) in zip((Emotion.CONFUSED, Emotion.FEAR), ((160, 96), (96, 160)), strict=True):
        dice = Dice(layout, 3, width, height)
        scene = plan(Brief(mood=mood, season=season or None), dice, width, height)
        assert paint(replace(scene, design=_design(scene, layout)), dice).std() > 3


@pytest.mark.parametrize("layout", LAYOUTS)
def test_sky_and_ground_leave_no_part_unpainted(layout: str) -> None:
    """Such a part would stay black, which nothing is on a calm day."""
    for seed, offset in product(range(12), (-0.08, 0.0, 0.08)):
        dice = Dice(layout, seed, 200, 320)
        scene = plan(Brief(mood=Emotion.CALM, time="day"), dice, 200, 320)
        design = _design(scene, layout)
        moved = replace(design, horizon=float(np.clip(design.horizon + offset, 0.02, 0.92)))
        canvas = Painting(replace(scene, design=moved), dice)
        assert "ground" in COMPOSITIONS[layout](canvas)
        assert canvas.pixels.max(axis=2).all(), (seed, offset)


@pytest.mark.parametrize("mood", [mood for mood in Emotion if mood != Emotion.DISGUSTED])
def test_the_flower_of_a_study_stands_out(mood: Emotion) -> None:
    for seed in range(8):
        dice = Dice(mood, seed, 240, 384)
        scene = plan(Brief(mood=mood), dice, 240, 384)
        canvas = Painting(replace(scene, design=_design(scene, "single")), dice)
        before, after = (
            cv2.cvtColor(canvas.pixels, cv2.COLOR_RGB2LAB).astype(int)
            for name in COMPOSITIONS["single"](canvas)
            if name in {"stems", "blossoms"}
        )
        apart = np.abs(after - before).sum(axis=2)
        assert np.quantile(apart[apart > 0], 0.75) > 30, seed


@pytest.mark.parametrize("mood", list(Emotion))
def test_every_mood_has_a_dozen_compositions_and_three_palettes_in_one_order(mood: Emotion) -> None:
    scenes = [plan(Brief(mood=mood), Dice(mood, seed, 160, 100), 160, 100) for seed in range(RUN)]
    assert len({scene.design.layout for scene in scenes}) >= 12
    assert {scene.design.palette for scene in scenes} == set(range(len(MOODS[mood].palettes))) == {0, 1, 2}


def test_pictures_of_one_order_are_kept_apart() -> None:
    run = designs("an order", portrait=False, layouts=tuple(LAYOUTS))
    nearest = [min(distance(one, other) for other in run[max(0, i - 12) : i]) for i, one in enumerate(run) if i]
    assert min(nearest) > 0.6


def test_it_shows_a_picture_layer_by_layer() -> None:
    request = PictureRequest("happy, cat", 320, 200, 5)
    layers = [(layer.name, layer.pixels.copy()) for layer in PainterEngine().layers(request)]
    assert [name for name, _ in layers] == ["sky", "ground", "stems", "blossoms", "light"]
    assert all(difference(one, other) > 0.5 for (_, one), (_, other) in pairwise(layers))
    assert (layers[-1][1] == painted("happy, cat", 5, 320, 200)).all()


def test_a_site_chooses_the_hand() -> None:
    request = PictureRequest("calm", 320, 200, 2)
    hands = [PainterEngine(hand=hand) for hand in get_args(Hand)]
    pictures = [np.asarray(next(iter(engine.make([request]))).image) for engine in hands]
    assert all(difference(one, other) > 3 for one, other in combinations(pictures, 2))


def test_a_hand_that_it_has_not_is_refused() -> None:
    entry = {"BACKEND": "generation.engines.painter.PainterEngine", "OPTIONS": {"hand": "oil"}}
    with pytest.raises(MisconfiguredError, match="hand must be one of gouache, ink-wash, riso, cut-paper"):
        build_backend("GENERATION_ENGINES", entry, Engine)


@lru_cache
def _garden(brief: Brief) -> np.ndarray:
    """A meadow, whatever the words would choose."""
    dice = Dice("the same dice", 5, 160, 100)
    scene = plan(brief, dice, 160, 100)
    return paint(replace(scene, design=replace(_design(scene, "meadow"), palette=0, lead=0)), dice)


_KNOWN, _UNSEEN = range(16), range(50, 53)


def _colours(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How much of which colour there is: the roots of a histogram of L*a*b*."""
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    counts, _ = np.histogramdd(lab, bins=(5, 9, 9), range=((0, 100), (-70, 70), (-70, 80)))
    return np.asarray(np.sqrt(counts / counts.sum()).ravel())


@lru_cache
def _centroids() -> dict[Emotion, NDArray[np.float64]]:
    return {mood: np.mean([_colours(painted(mood, seed)) for seed in _KNOWN], 0) for mood in Emotion}


def _share_recognised(pictures: list[tuple[Emotion, NDArray[np.uint8]]]) -> float:
    centroids = _centroids()

    def nearest(pixels: NDArray[np.uint8]) -> Emotion:
        return min(centroids, key=lambda mood: float(np.linalg.norm(_colours(pixels) - centroids[mood])))

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
        ("a sleeping cat", ()),
        ("a flying cat", ("flying",)),
        ("", ()),
    ],
)
def test_it_reports_which_words_it_does_not_draw(prompt: str, ignored: tuple[str, ...]) -> None:
    assert ignored_words(prompt) == ignored


def test_it_reports_that_it_draws_nothing_new_where_it_keeps_things_as_they_are() -> None:
    assert ignored_words("happy dog in snow", only_moods=True) == ("dog", "snow")
