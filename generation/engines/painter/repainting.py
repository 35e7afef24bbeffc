"""Repainting a part of a picture: what the prompt names is painted where the mask is, in its size."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from generation.engines.base import InpaintRequest, LineArt
from generation.engines.painter.animals import paint_animal
from generation.engines.painter.composition import paint
from generation.engines.painter.drawings import ANIMALS
from generation.engines.painter.hands import Hand, finish
from generation.engines.painter.noise import Dice
from generation.engines.painter.painting import Painting
from generation.engines.painter.palette import WHITE, Pixels
from generation.engines.painter.plants import grow, paint_blossoms, paint_stems
from generation.engines.painter.scene import Scene, plan, read_prompt
from generation.engines.painter.weather import paint_air
from generation.retouch.masks import fill, surroundings, whole_mask
from generation.retouch.pixels import match_colours
from generation.retouch.settings import Fill

REPLANTED, REPAINTED = 0.4, 0.85
"""Denoising strengths from which there are new plants, and from which nothing of the old picture is left."""
_LEAST = 64
"""Pixels a side of the part that is painted."""


def repaint(request: InpaintRequest, on_share: Callable[[float], None], hand: Hand) -> Pixels:
    """The rectangle with other paint under the mask; what is not under it stays, bit for bit."""
    painted = request.pixels.copy()
    if not request.mask.any():
        return painted
    box = _box(request.mask)
    part = replace(
        request, pixels=np.ascontiguousarray(request.pixels[box]), mask=np.ascontiguousarray(request.mask[box])
    )
    dice = Dice(request.target.prompt, request.target.seed, request.target.width, request.target.height)
    brief = read_prompt(request.target.prompt)
    height, width = part.mask.shape
    painted[box] = _painted(part, plan(brief, dice, width, height), dice, hand)
    on_share(0.6)
    if request.reference is not None:
        painted = _coloured(painted, request.reference.pixels, request.reference.weight)
    if request.line_art is not None:
        painted = _drawn(painted, request.pixels, request.line_art)
    on_share(0.8)
    fitted = _fitted(painted, request)
    on_share(1.0)
    return fitted


def _box(mask: Pixels) -> tuple[slice, slice]:
    """The rows and columns of a mask, not fewer than `_LEAST` where there are so many."""
    x, y, width, height = cv2.boundingRect((mask > 0).astype(np.uint8))
    slices = []
    for start, size, whole in ((y, height, mask.shape[0]), (x, width, mask.shape[1])):
        size = max(size, min(_LEAST, whole))
        first = min(start, whole - size)
        slices.append(slice(first, first + size))
    return slices[0], slices[1]


def _painted(request: InpaintRequest, scene: Scene, dice: Dice, hand: Hand) -> Pixels:
    """Low strengths change the strokes, middle ones add plants, high ones repaint everything."""
    if request.strength >= REPAINTED and (request.mask > 127).all():
        return paint(scene, dice, hand)
    ground = replace(scene, design=replace(scene.design, layout="meadow", horizon=0.22))
    bare = replace(ground, brief=replace(scene.brief, animal=None))
    if request.strength >= REPAINTED:
        canvas = Painting(ground, dice, paint(bare, dice, hand))
    else:
        canvas = Painting(ground, dice, _gone_over(request, bare, dice, hand, animal=scene.brief.animal is not None))
        if request.strength < REPLANTED:
            return canvas.pixels
        if ground.palette.snow:
            _lay_snow(canvas)
        _plant(canvas, request.mask, few=scene.brief.animal is not None and scene.brief.flower is None)
        paint_air(canvas)
    if scene.brief.animal is not None:
        _place_animal(canvas, request.mask)
    return canvas.pixels


def _gone_over(request: InpaintRequest, bare: Scene, dice: Dice, hand: Hand, *, animal: bool) -> Pixels:
    """What was there, with other strokes, in the light that the words name; emptied where an animal comes."""
    given = request.pixels
    if animal and request.strength >= REPLANTED:
        given = fill(given, request.mask, Fill.BLUR, 0)
    kept = finish(Painting(bare, dice, given.copy()), "gouache")
    brief = bare.brief
    if any((brief.mood, brief.time, brief.weather, brief.season)):
        kept = _coloured(kept, paint(bare, dice, hand), min(1.0, 0.25 + request.strength))
    return kept


def _lay_snow(canvas: Painting) -> None:
    """Over the lower part, thinner towards the top."""
    share = np.linspace(0.75, 0.97, canvas.height, dtype=np.float32)[:, None]
    canvas.veil(canvas.everywhere, canvas.palette.lit(WHITE), np.repeat(share, canvas.width, 1))


def _plant(canvas: Painting, mask: Pixels, *, few: bool) -> None:
    """Flowers rooted under the mask, sized by it."""
    rng = canvas.rng("bank")
    _, _, radius = _spot(mask)
    ys, xs = np.nonzero(mask > 127)
    if not len(ys):
        return
    scale = radius * 2 / canvas.unit / 420
    picked = np.sort(rng.integers(0, len(ys), 6 if few else 16))
    spots = [(float(xs[i]), float(ys[i]), float(scale * rng.uniform(0.5, 1.0) * (0.5 if few else 1))) for i in picked]
    spots = [(x, min(y + scale * 90 * canvas.unit, canvas.height * 1.05), size) for x, y, size in spots]
    plants = grow(canvas, spots, rng, lead=0.85, haze=False, tall=0.6)
    paint_stems(canvas, plants)
    paint_blossoms(canvas, plants)


def _place_animal(canvas: Painting, mask: Pixels) -> None:
    """In the largest circle within the mask."""
    x, y, radius = _spot(mask)
    name = canvas.scene.brief.animal or ""
    home = next(iter(canvas.scene.homes), "ground")
    if name in {"bird", "owl"} and home == "ground":
        home = "air" if ANIMALS[name].air else "ground"
    at = (x, y + 0.9 * radius) if home == "ground" else (x, y)
    paint_animal(canvas, home, at, 1.9 * radius, canvas.rng("animal"))


def _spot(mask: Pixels) -> tuple[float, float, float]:
    """Middle and radius of the largest circle within the mask, the lowest of equal ones."""
    solid = (mask > 127).astype(np.uint8)
    inside = cv2.distanceTransform(cv2.copyMakeBorder(solid, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.DIST_L2, 5)
    radius = float(inside.max())
    ys, xs = np.nonzero(inside >= 0.97 * radius)
    lowest = int(np.hypot(xs - np.nonzero(inside)[1].mean() if solid.any() else xs, ys - inside.shape[0]).argmin())
    return float(xs[lowest] - 1), float(ys[lowest] - 1), radius


def _coloured(painted: Pixels, like: Pixels, weight: float) -> Pixels:
    return match_colours(painted, like, whole_mask(*painted.shape[:2]), weight)


def _drawn(painted: Pixels, before: Pixels, art: LineArt) -> Pixels:
    """Light and shade lie where they lay, and the lines are drawn again with a thin brush."""
    weight = min(art.weight, 1.0) * max(0.0, art.end - art.start)
    near = max(2.0, float(np.sqrt(art.lines.size)) / 60)
    lab = cv2.cvtColor(painted.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    old = cv2.cvtColor(before.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 0]
    lab[..., 0] += weight * (cv2.GaussianBlur(old, (0, 0), near) - cv2.GaussianBlur(lab[..., 0], (0, 0), near))
    thin = cv2.GaussianBlur(art.lines, (0, 0), 0.8).astype(np.float32) / 255
    lab[..., 0] *= 1 - 0.35 * weight * thin
    light = np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.float32)
    drawn: Pixels = np.clip(light * 255 + 0.5, 0, 255).astype(np.uint8)
    return drawn


def _fitted(painted: Pixels, request: InpaintRequest) -> Pixels:
    """Towards its edge the paint takes on the colours beside it, the less the more was to change."""
    mask, before = request.mask, request.pixels.astype(np.float32)
    if not (mask == 0).any():
        return painted
    inside = cv2.distanceTransform((mask > 0).astype(np.uint8), cv2.DIST_L2, 3)
    reach = (0.5 - 0.35 * request.strength) * max(float(inside.max()), 1.0) + 4
    beside = surroundings(before - painted, np.where(mask > 0, 255, 0).astype(np.uint8))
    paint_in_light = painted + beside * np.exp(-np.asarray(inside, np.float32) / reach)[..., None]
    share = (mask / np.float32(255))[..., None]
    fitted: Pixels = np.clip(before + (paint_in_light - before) * share + 0.5, 0, 255).astype(np.uint8)
    return fitted
