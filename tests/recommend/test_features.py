"""Pictures and prompts as numbers, and how new a picture is as it is ranked and as it was when it was seen."""

import io
from datetime import UTC, datetime, timedelta

import numpy as np
import PIL.Image
import pytest
import time_machine

from garden.models import Image
from recommend.backends.embedded.candidates import CandidatePool
from recommend.backends.embedded.events import read_events
from recommend.features import (
    AXES,
    DIMENSION,
    NEUTRAL,
    PICTURE_DIMENSION,
    SIDE,
    WORDS_DIMENSION,
    days_since,
    describe_image,
    describe_picture,
    describe_words,
    layout,
    newness,
    seconds_of,
)
from recommend.models import Interaction, Ledger
from tests.recommend.cast import interact, plant


def plain(red: int, green: int, blue: int) -> "np.typing.NDArray[np.uint8]":
    return np.full((SIDE, SIDE, 3), (red, green, blue), np.uint8)


def jpeg(width: int, height: int, mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    PIL.Image.effect_noise((width, height), 60).convert(mode).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize("pixels", [plain(0, 0, 0), plain(255, 255, 255), plain(255, 0, 0)])
def test_pictures_of_one_colour_are_finite_and_within_three(pixels: "np.typing.NDArray[np.uint8]") -> None:
    described = describe_picture(pixels)
    assert described.shape == (PICTURE_DIMENSION,)
    assert described.dtype == np.float32
    assert np.abs(described).max() <= 3


def test_light_and_warm_pictures_differ_from_dark_and_cold_ones() -> None:
    light, dark = describe_picture(plain(230, 230, 230)), describe_picture(plain(20, 20, 20))
    warm, cold = describe_picture(plain(200, 120, 60)), describe_picture(plain(60, 120, 200))
    assert light[0] > dark[0]
    assert warm[2] > cold[2]


def test_busy_pictures_have_more_edges_and_the_bright_part_is_located() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (SIDE, SIDE, 3), np.uint8)
    assert describe_picture(noise)[13] > describe_picture(plain(120, 120, 120))[13]
    top_lit = plain(10, 10, 10)
    top_lit[: SIDE // 2] = 240
    assert describe_picture(top_lit)[21] > describe_picture(np.ascontiguousarray(top_lit[::-1]))[21]


@pytest.mark.parametrize("content", [None, b"junk", jpeg(64, 64)[:200]])
def test_without_a_picture_its_part_is_neutral_and_its_words_are_not(content: bytes | None) -> None:
    described = describe_image(prompt="roses", favorite="", content=content)
    assert (described[WORDS_DIMENSION:] == NEUTRAL[WORDS_DIMENSION:]).all()
    assert described[:WORDS_DIMENSION].any()


@pytest.mark.parametrize("content", [jpeg(1280, 800), jpeg(80, 128, "L"), jpeg(300, 200, "CMYK")])
def test_every_size_and_mode_is_described_in_one_dimension(content: bytes) -> None:
    described = describe_image(prompt="", favorite="", content=content)
    assert described.shape == (DIMENSION,)
    assert described[WORDS_DIMENSION:].any()
    assert (described == describe_image(prompt="", favorite="", content=content)).all()


def test_the_axes_of_templates_have_places_of_their_own() -> None:
    described = describe_words("a lake, winter garden at night", "")
    assert {axis for axis, is_on in zip(AXES, described, strict=False) if is_on} == {"winter", "night"}


def test_a_favorite_of_season_weather_and_time_counts_as_those_words() -> None:
    assert (describe_words("", "spring,cloudy,day") == describe_words("spring cloudy day", "")).all()


def test_pictures_of_one_thing_are_closer_than_pictures_of_two() -> None:
    cat, same, dog = (
        describe_words(f"{style}, soft light", animal)
        for style, animal in (("oil painting", "cat"), ("watercolour", "cat"), ("watercolour", "dog"))
    )
    assert cat @ same > cat @ dog


def test_weights_and_brackets_say_nothing_and_no_words_are_zeros() -> None:
    assert (describe_words("((roses:1.3)), lilies", "") == describe_words("lilies roses", "")).all()
    assert not describe_words("", "").any()


def test_the_order_of_words_changes_nothing_and_other_scripts_count() -> None:
    assert (describe_words("장미 정원이", "") == describe_words("정원이 장미", "")).all()
    assert describe_words("정원에서", "").any()


NOON = datetime(2_030, 5, 1, 12, tzinfo=UTC)


def published(image: Image, when: datetime) -> None:
    image.published_at = when
    image.save()


def ranked_newness(pool: CandidatePool, image: Image) -> float:
    stands = pool.candidates(image.emotion, None)
    ((candidates, _),) = stands.values()
    return float(candidates.features[candidates.places_of(np.array([image.pk]))[0], layout().newness])


def learned_newness() -> list[list[float]]:
    reported = read_events(after=0, to=Ledger.objects.current().head, base=0)
    return [impression.features[:, layout().newness].tolist() for entry in reported for impression in entry.impressions]


def test_it_goes_down_in_coarse_steps_and_unknown_counts_as_old() -> None:
    assert newness([0, 1, 6, 7, 29, 30, 179, 180, -1]).tolist() == [1, 0.75, 0.75, 0.5, 0.5, 0.25, 0.25, 0, 0]


def test_a_picture_published_just_ahead_of_this_clock_is_of_today() -> None:
    assert days_since(seconds_of(NOON + timedelta(seconds=5)), NOON) == 0
    assert days_since(seconds_of(None), NOON) == -1


@pytest.mark.django_db
def test_it_is_ranked_as_new_as_it_is_now() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        (image,) = plant(1)
        published(image, NOON)
        pool = CandidatePool(poll_seconds=0, overlap_seconds=0)
        assert ranked_newness(pool, image) == 1.0
        clock.shift(timedelta(days=8))
        assert ranked_newness(pool, image) == 0.5
        published(image, NOON + timedelta(days=6))
        assert ranked_newness(pool, image) == 0.75


@pytest.mark.django_db
def test_it_is_learned_as_new_as_it_was_when_the_impression_began() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        a, b = plant(2)
        published(a, NOON - timedelta(days=40))
        published(b, NOON - timedelta(hours=23, minutes=50))
        interact("ann", a, a, b)
        clock.shift(timedelta(minutes=15))
        interact("ann", b, a, b)
    assert learned_newness() == [[0.25, 1.0], [0.25, 1.0]]


@pytest.mark.django_db
def test_impressions_stored_without_days_count_as_old() -> None:
    interaction = interact("ann", *plant(1))
    assert interaction is not None
    impressions = [
        {key: value for key, value in impression.items() if key != "days"} for impression in interaction.impressions
    ]
    Interaction.objects.filter(pk=interaction.pk).update(impressions=impressions)
    assert learned_newness() == [[0.0]]
