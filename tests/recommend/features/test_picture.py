"""Colour, texture and layout as numbers."""

import io

import numpy as np
import PIL.Image
import pytest

from recommend.features import (
    DIMENSION,
    NEUTRAL,
    PICTURE_DIMENSION,
    SIDE,
    WORDS_DIMENSION,
    describe_image,
    describe_picture,
)


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


def test_light_and_warm_are_told_apart_from_dark_and_cold() -> None:
    light, dark = describe_picture(plain(230, 230, 230)), describe_picture(plain(20, 20, 20))
    warm, cold = describe_picture(plain(200, 120, 60)), describe_picture(plain(60, 120, 200))
    assert light[0] > dark[0]
    assert warm[2] > cold[2]


def test_busy_pictures_have_more_edges_and_where_it_is_bright_is_told() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (SIDE, SIDE, 3), np.uint8)
    assert describe_picture(noise)[13] > describe_picture(plain(120, 120, 120))[13]
    top_lit = plain(10, 10, 10)
    top_lit[: SIDE // 2] = 240
    assert describe_picture(top_lit)[21] > describe_picture(np.ascontiguousarray(top_lit[::-1]))[21]


@pytest.mark.parametrize("content", [None, b"", b"junk", jpeg(64, 64)[:200]])
def test_without_a_picture_its_part_is_neutral_and_its_words_are_not(content: bytes | None) -> None:
    described = describe_image(prompt="roses", favorite="", content=content)
    assert (described[WORDS_DIMENSION:] == NEUTRAL[WORDS_DIMENSION:]).all()
    assert described[:WORDS_DIMENSION].any()


@pytest.mark.parametrize("content", [jpeg(1280, 800), jpeg(80, 128), jpeg(300, 200, "L"), jpeg(300, 200, "CMYK")])
def test_every_size_and_mode_is_described_in_one_dimension(content: bytes) -> None:
    described = describe_image(prompt="", favorite="", content=content)
    assert described.shape == (DIMENSION,)
    assert described[WORDS_DIMENSION:].any()
    assert (described == describe_image(prompt="", favorite="", content=content)).all()
