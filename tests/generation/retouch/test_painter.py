"""The painter repaints: in the mood's colours, with what the prompt names, fitted to what is around."""

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from generation.engines.base import InpaintRequest, LineArt, PictureRequest, Reference
from generation.engines.painter import PainterEngine
from generation.retouch.pixels import outline

SIDE = 192
PAINTER = PainterEngine()


@pytest.fixture(scope="module")
def garden() -> NDArray[np.uint8]:
    [picture] = PAINTER.make([PictureRequest("calm", SIDE, SIDE, 3)])
    return np.asarray(picture.image)


def mask() -> NDArray[np.uint8]:
    spot = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(spot, (SIDE // 2, SIDE // 2), SIDE // 3, 255, -1)
    return spot


def repaint(garden: NDArray[np.uint8], prompt: str, strength: float = 0.6, **more: Any) -> NDArray[np.uint8]:
    inpaint_request = InpaintRequest(
        **{
            "target": PictureRequest(prompt, SIDE, SIDE, 5),
            "pixels": garden,
            "mask": mask(),
            "strength": strength,
            **more,
        }
    )
    [made] = PAINTER.inpaint([inpaint_request])
    return np.asarray(made.image)


def lab(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean colour under the mask."""
    light = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return np.asarray(light[mask() == 255].mean(axis=0))


def apart(one: NDArray[Any], other: NDArray[Any]) -> float:
    return float(np.abs(one.astype(int) - other.astype(int))[mask() == 255].mean())


def test_what_is_not_under_the_mask_stays(garden: NDArray[np.uint8]) -> None:
    assert (repaint(garden, "angry", 1.0)[mask() == 0] == garden[mask() == 0]).all()


def test_the_mood_gives_the_colours(garden: NDArray[np.uint8]) -> None:
    redder, yellower = 1, 2
    assert lab(repaint(garden, "angry"))[redder] > lab(garden)[redder] + 15
    assert lab(repaint(garden, "happy"))[yellower] > lab(garden)[yellower] + 8


def test_more_strength_changes_more(garden: NDArray[np.uint8]) -> None:
    little, much, all_of_it = (apart(repaint(garden, "happy", strength), garden) for strength in (0.1, 0.6, 1.0))
    assert 1 < little < min(much, all_of_it)


def test_without_a_mood_it_keeps_to_the_colours_around(garden: NDArray[np.uint8]) -> None:
    assert np.abs(lab(repaint(garden, "", 0.3)) - lab(garden)).max() < 6


def test_an_animal_that_is_named_is_there_at_middle_strengths(garden: NDArray[np.uint8]) -> None:
    assert apart(repaint(garden, "dog", 0.6), repaint(garden, "", 0.6)) > 2


def orange(pixels: NDArray[np.uint8], under: NDArray[np.uint8]) -> float:
    """The share of what is under a mask that is as orange as a fox."""
    hue, saturation, _value = np.moveaxis(cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV), -1, 0)
    return float(((hue > 4) & (hue < 20) & (saturation > 90))[under == 255].mean())


@pytest.mark.parametrize(
    ("middle", "strength"), [((40, 40), 0.4), ((150, 40), 0.6), ((40, 150), 0.75), ((150, 150), 1.0)]
)
def test_an_animal_stands_where_the_mask_is(
    garden: NDArray[np.uint8], middle: tuple[int, int], strength: float
) -> None:
    spot = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(spot, middle, 36, 255, -1)
    assert orange(garden, spot) < 0.02
    assert orange(repaint(garden, "calm, a fox", strength, mask=spot), spot) > 0.1


def test_an_animal_stands_at_the_foot_of_a_tall_mask(garden: NDArray[np.uint8]) -> None:
    tall, foot = np.zeros((SIDE, SIDE), np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    cv2.line(tall, (SIDE // 2, 50), (SIDE // 2, 150), 255, 60)
    foot[110:] = tall[110:]
    painted = repaint(garden, "calm, a fox", mask=tall)
    assert orange(painted, foot) > 0.1
    assert orange(painted, tall - foot) < 0.02


def test_an_animal_takes_the_place_of_another() -> None:
    [picture] = PAINTER.make([PictureRequest("calm, fox", SIDE, SIDE, 3)])
    before = np.asarray(picture.image)
    orange_parts = cv2.inRange(cv2.cvtColor(before, cv2.COLOR_RGB2HSV), (4, 90, 60), (20, 255, 255))
    _, labels, sizes, _ = cv2.connectedComponentsWithStats(orange_parts)
    ys, xs = np.nonzero(labels == 1 + sizes[1:, cv2.CC_STAT_AREA].argmax())
    spot = np.zeros((SIDE, SIDE), np.uint8)
    cv2.rectangle(spot, (int(xs.min()) - 4, int(ys.min()) - 4), (int(xs.max()) + 4, int(ys.max()) + 4), 255, -1)
    assert orange(before, spot) > 0.1
    assert orange(repaint(before, "elephant", 0.75, mask=spot), spot) < 0.03


@pytest.mark.parametrize("strength", [0.4, 0.75])
def test_snow_lies_under_the_mask(strength: float) -> None:
    [picture] = PAINTER.make([PictureRequest("calm, night", SIDE, SIDE, 3)])

    def ground(prompt: str) -> float:
        painted = repaint(np.asarray(picture.image), prompt, strength)
        return float(np.median(cv2.cvtColor(painted, cv2.COLOR_RGB2GRAY)[mask() == 255]))

    assert ground("a dog in snow") > ground("dog") + 40


@pytest.mark.parametrize("word", ["fox", "poppy", "winter", "autumn", "storm", "fog", "night", "sunset"])
@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_a_word_of_every_kind_shows_under_a_part_of_the_picture(
    garden: NDArray[np.uint8], word: str, strength: float
) -> None:
    spot = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(spot, (60, 130), 40, 255, -1)
    changed = np.abs(
        repaint(garden, f"calm {word}", strength, mask=spot).astype(int) - repaint(garden, "calm", strength, mask=spot)
    )
    assert changed[spot == 255].mean() > 6
    assert changed[spot == 0].max() == 0


def test_lines_hold_the_composition(garden: NDArray[np.uint8]) -> None:
    lines = LineArt(outline(garden, simplicity=0.2), 1.0)
    free, held = (repaint(garden, "happy", 1.0, **more) for more in ({}, {"line_art": lines}))
    before = cv2.GaussianBlur(cv2.cvtColor(garden, cv2.COLOR_RGB2GRAY), (0, 0), 4)

    def likeness(picture: NDArray[np.uint8]) -> float:
        grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (0, 0), 4)
        return float(np.corrcoef(grey[mask() == 255], before[mask() == 255])[0, 1])

    assert likeness(held) > likeness(free)


def test_a_reference_gives_its_colours(garden: NDArray[np.uint8]) -> None:
    purple = np.full((20, 20, 3), (120, 40, 160), np.uint8)
    plain, followed = (repaint(garden, "", 0.3, **more) for more in ({}, {"reference": Reference(purple, 1.0)}))
    wanted = cv2.cvtColor(purple.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0, 0]
    assert np.abs(lab(followed) - wanted).sum() < np.abs(lab(plain) - wanted).sum()


def test_its_edge_fits_what_is_around(garden: NDArray[np.uint8]) -> None:
    inner = mask() - cv2.erode(mask(), np.ones((3, 3), np.uint8))
    outer = cv2.dilate(mask(), np.ones((3, 3), np.uint8)) - mask()
    painted = repaint(garden, "angry", 0.6)
    step = painted[inner > 0].mean(axis=0) - painted[outer > 0].mean(axis=0)
    middle = painted[SIDE // 2 - 20 : SIDE // 2 + 20, SIDE // 2 - 20 : SIDE // 2 + 20].mean(axis=(0, 1))
    assert np.abs(step).max() < np.abs(middle - painted[outer > 0].mean(axis=0)).max() / 2
