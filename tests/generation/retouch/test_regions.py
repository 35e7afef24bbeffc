"""Regions that nobody drew: faces, what draws the eye, and the thing that lies there."""

import io
from typing import Any

import hypothesis
import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from generation.retouch.masks import grow
from generation.retouch.pixels import Mask, Pixels
from generation.retouch.regions import ALL, FACE, SALIENCY, SEGMENT, find_region, read_region, saliency_map
from generation.retouch.settings import BadSettingError, NothingFoundError
from tests.support import pictures

GREEN, RED = (60, 120, 60), (200, 40, 40)
FACE_OF_THE_ASTRONAUT = (slice(80, 150), slice(195, 250))


def shown(content: bytes) -> Pixels:
    return np.asarray(PIL.Image.open(io.BytesIO(content)).convert("RGB"), np.uint8)


def meadow(height: int = 120, width: int = 160, seed: int = 0) -> NDArray[Any]:
    grain = np.random.default_rng(seed).integers(-12, 13, (height, width, 3))
    return np.clip(np.full((height, width, 3), GREEN) + grain, 0, 255).astype(np.uint8)


def with_flower(x: int = 100, y: int = 40, side: int = 30) -> Pixels:
    picture = meadow()
    picture[y : y + side, x : x + side] = RED
    return picture


def share(mask: Mask, window: tuple[slice, slice]) -> float:
    return float((mask[window] > 0).mean())


def test_a_face_is_masked_from_brow_to_chin_and_nothing_else() -> None:
    mask = find_region(shown(pictures.portrait()), {"kind": FACE})
    assert share(mask, FACE_OF_THE_ASTRONAUT) > 0.9
    assert (mask > 0).mean() < 0.06
    assert set(np.unique(mask)) == {0, 255}


def test_of_several_faces_all_are_masked() -> None:
    mask = find_region(shown(pictures.two_faces()), {"kind": FACE})
    assert share(mask, FACE_OF_THE_ASTRONAUT) > 0.9
    smaller = (slice(100 + 50, 100 + 85), slice(650 + 116, 650 + 145))
    assert share(mask, smaller) > 0.9


def test_a_picture_without_a_face_is_refused_never_guessed() -> None:
    with pytest.raises(NothingFoundError, match="no face"):
        find_region(shown(pictures.coffee()), {"kind": FACE})


@pytest.mark.parametrize("kind", [SALIENCY, SEGMENT])
def test_what_stands_out_is_found(kind: str) -> None:
    mask = find_region(with_flower(), {"kind": kind})
    flower = (slice(40, 70), slice(100, 130))
    outside = mask.copy()
    outside[30:80, 90:140] = 0
    assert share(mask, flower) > 0.5
    assert (outside > 0).mean() < 0.05


def test_the_thing_is_cut_out_along_its_edge() -> None:
    mask = find_region(with_flower(), {"kind": SEGMENT})
    flower = np.zeros(mask.shape, bool)
    flower[40:70, 100:130] = True
    overlap = (flower & (mask > 0)).sum() / (flower | (mask > 0)).sum()
    assert overlap > 0.9


def test_a_flower_as_light_as_its_meadow_stands_out_by_its_colour() -> None:
    lab_twin = with_flower()
    lab_twin[40:70, 100:130] = (152, 85, 60)  # The meadow's own lightness.
    found = saliency_map(lab_twin)
    assert found[40:70, 100:130].mean() > 1.5 * found.mean()


@pytest.mark.parametrize("kind", [SALIENCY, SEGMENT])
def test_in_a_picture_of_one_colour_nothing_stands_out(kind: str) -> None:
    with pytest.raises(NothingFoundError, match="one colour"):
        find_region(np.full((80, 120, 3), 90, np.uint8), {"kind": kind})


@hypothesis.settings(max_examples=25)
@given(height=st.integers(64, 200), width=st.integers(64, 200), seed=st.integers(0, 99))
def test_a_mask_is_of_the_pictures_size_and_the_same_each_time(height: int, width: int, seed: int) -> None:
    picture = meadow(height, width, seed)
    picture[height // 3 : height // 2, width // 3 : width // 2] = RED
    for kind in (ALL, SALIENCY):
        mask = find_region(picture, {"kind": kind})
        assert mask.shape == (height, width)
        assert mask.dtype == np.uint8
        assert mask.any()
        assert (mask == find_region(picture, {"kind": kind})).all()


@hypothesis.settings(max_examples=25)
@given(expand=st.integers(0, 40), shrink=st.integers(0, 40))
def test_it_is_expanded_and_then_shrunk(expand: int, shrink: int) -> None:
    plain = find_region(with_flower(), {"kind": SALIENCY})
    found = find_region(with_flower(), {"kind": SALIENCY, "expand": expand, "shrink": shrink})
    assert (found == grow(grow(plain, expand), -shrink)).all()


@pytest.mark.parametrize(
    "given", [{"kind": "body"}, {"kind": FACE, "expand": -1}, {"kind": FACE, "shrink": 1.5}, "face"]
)
def test_it_refuses_a_region_that_breaks_a_rule(given: Any) -> None:
    with pytest.raises(BadSettingError, match="region"):
        read_region(given)
