"""Whatever is cropped, masked and painted: what lies beyond the mask's feather stays, bit for bit."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from generation.retouch.masks import blend, fade_out, fill, grow, paste, soften, surroundings
from generation.retouch.pixels import decode_png, encode_png, match_colours, outline, without_glare
from generation.retouch.settings import SMALLEST, Crop, Fill, LineMethod, working_size

sides = some.integers(SMALLEST, 240)
seeds = some.integers(0, 2**32 - 1)


@some.composite
def scenes(draw: Any) -> tuple[np.ndarray, Crop, np.ndarray, np.ndarray]:
    """A picture, a crop of it, a mask in the crop, and paint."""
    width, height = draw(sides), draw(sides)
    crop_width, crop_height = draw(some.integers(SMALLEST, width)), draw(some.integers(SMALLEST, height))
    left, top = draw(some.integers(0, width - crop_width)), draw(some.integers(0, height - crop_height))
    crop = Crop(left, top, crop_width, crop_height)
    chance = np.random.default_rng(draw(seeds))
    mask = np.zeros((crop_height, crop_width), np.uint8)
    for _ in range(draw(some.integers(0, 4))):
        left, top = chance.integers(0, crop_width), chance.integers(0, crop_height)
        right, bottom = left + chance.integers(1, 60), top + chance.integers(1, 60)
        mask[top:bottom, left:right] = chance.integers(1, 256)
    picture = chance.integers(0, 256, (height, width, 3), np.uint8)
    return picture, crop, mask, chance.integers(0, 256, (crop_height, crop_width, 3), np.uint8)


def near(mask: np.ndarray, reach: int) -> np.ndarray:
    """Pixels at most so far from the mask, in both directions."""
    rows, columns = np.nonzero(mask)
    found = np.zeros(mask.shape, bool)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        found[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1] = True
    return found


@settings(max_examples=60, deadline=None)
@given(scenes(), some.integers(0, 24), some.integers(-12, 12), some.floats(0, 1))
def test_nothing_beyond_the_feather_changes(scene: Any, feather: int, expand: int, opacity: float) -> None:
    picture, crop, mask, paint = scene
    alpha = fade_out(grow(mask, expand), feather)
    pasted = paste(picture, crop, paint, decode_png(encode_png(alpha)), opacity)
    beyond = np.ones(picture.shape[:2], bool)
    beyond[crop.window] = alpha == 0
    assert (pasted[beyond] == picture[beyond]).all()
    assert not alpha[~near(mask, feather + max(expand, 0))].any()


@settings(max_examples=40, deadline=None)
@given(scenes())
def test_under_a_full_mask_the_paint_is_itself_and_without_opacity_nothing_is(scene: Any) -> None:
    picture, crop, mask, paint = scene
    under = mask == 255
    full = blend(picture[crop.window], paint, mask, 1.0)
    assert (full[under] == paint[under]).all()
    assert (paste(picture, crop, paint, mask, 0.0) == picture).all()


@settings(max_examples=40, deadline=None)
@given(scenes(), some.floats(0, 1))
def test_a_mixture_lies_between_its_parts(scene: Any, opacity: float) -> None:
    picture, crop, mask, paint = scene
    under = picture[crop.window]
    mixed = blend(under, paint, mask, opacity).astype(int)
    low, high = np.minimum(under, paint).astype(int), np.maximum(under, paint).astype(int)
    assert ((low <= mixed) & (mixed <= high)).all()
    share = mask[..., None] / 255 * round(opacity * 255) / 255
    exact = under + (paint.astype(float) - under) * share
    assert np.abs(mixed - exact).max() <= 0.51


@settings(max_examples=30, deadline=None)
@given(scenes(), some.integers(0, 40), some.integers(0, 40))
def test_masks_reach_no_farther_than_they_say(scene: Any, wide: int, soft: int) -> None:
    mask = scene[2]
    assert not grow(mask, wide)[~near(mask, wide)].any()
    assert not soften(mask, soft)[~near(mask, soft)].any()
    assert (fade_out(mask, soft) >= mask).all()
    assert (grow(mask, -wide) <= mask).all()


@given(some.integers(0, 40))
def test_a_mask_grows_and_shrinks_by_exactly_so_many_pixels(wide: int) -> None:
    mask = np.zeros((101, 101), np.uint8)
    mask[50, 50] = 255
    grown = grow(mask, wide)
    assert (grown[50].nonzero()[0] == np.arange(50 - wide, 51 + wide)).all()
    assert (grown[:, 50].nonzero()[0] == np.arange(50 - wide, 51 + wide)).all()
    assert (grow(grown, -wide) == mask).all()


@settings(max_examples=30, deadline=None)
@given(scenes(), some.sampled_from(Fill), seeds)
def test_filling_leaves_what_is_not_masked(scene: Any, how: Fill, seed: int) -> None:
    picture, crop, mask, _paint = scene
    under = np.ascontiguousarray(picture[crop.window])
    filled = fill(under, mask, how, seed)
    assert (filled[mask == 0] == under[mask == 0]).all()
    assert (fill(under, mask, how, seed) == filled).all()
    assert np.isfinite(surroundings(under, mask)).all()


@settings(max_examples=20, deadline=None)
@given(scenes(), some.floats(0, 1), some.sampled_from(LineMethod))
def test_filters_keep_shapes_and_take_any_picture(scene: Any, amount: float, method: LineMethod) -> None:
    picture, crop, mask, paint = scene
    under = np.ascontiguousarray(picture[crop.window])
    assert match_colours(paint, under, mask, amount).shape == paint.shape
    assert without_glare(paint, amount).shape == paint.shape
    assert outline(under, simplicity=amount, method=method).shape == mask.shape
    assert (match_colours(paint, under, mask, 0) == paint).all()
    assert (without_glare(paint, 0) == paint).all()


@settings(max_examples=200, deadline=None)
@given(some.integers(64, 5000), some.integers(64, 5000), some.sampled_from([8, 16, 32, 64]))
def test_a_working_size_is_one_that_the_model_makes(width: int, height: int, multiple: int) -> None:
    size = working_size(width, height, area=512**2, multiple=multiple, minimum=64, maximum=2048)
    assert all(side % multiple == 0 and 64 <= side <= 2048 for side in size)
