"""The painter as a generation engine, and its repainting of a part of a picture."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.engines.base import (
    Ability,
    Engine,
    Inpainter,
    InpaintRequest,
    LineArt,
    OnStep,
    Picture,
    PictureRequest,
    check_inpaint,
    ignore_steps,
)
from generation.engines.painter import weather
from generation.engines.painter.composition import paint, plant
from generation.engines.painter.finish import brush
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Pixels
from generation.engines.painter.scene import KNOWN_WORDS, Scene, ignored_words, plan, read_prompt
from generation.retouch.masks import fill, surroundings, whole_mask
from generation.retouch.pixels import match_colours
from generation.retouch.settings import Fill, working_size

_SMALLEST_AREA = 384 * 384
_LARGEST_AREA = 1280 * 1280
_LARGEST_ZOOM = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PainterEngine(Engine, Inpainter):
    """The embedded picture maker: rules and numpy, no model, no network. Never presented as diffusion.

    A picture depends on nothing but (prompt, seed, width, height), a repainted one on what is given besides; steps,
    guidance and the negative prompt belong to diffusion and are ignored.
    """

    name: ClassVar[str] = "painter"
    model: ClassVar[str] = "garden-painter-1"

    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        """Paint one picture per request, in order. Raises UnsupportedSizeError before the first."""
        for request in requests:
            self.limits.check(request.width, request.height)
        return self._paint_each(requests, on_step)

    def _paint_each(self, requests: Sequence[PictureRequest], on_step: OnStep) -> Iterator[Picture]:
        for painted, request in enumerate(requests):
            on_step(painted / len(requests))
            start = time.perf_counter()
            image = Image.fromarray(paint_request(request))
            on_step((painted + 1) / len(requests))
            yield Picture(painted, image, request, self.name, self.model, time.perf_counter() - start)

    def inpaint(self, requests: Sequence[InpaintRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        """Repaint one rectangle per request, in order. Errors as in `Engine.inpaint`."""
        check_inpaint(self, requests)
        return self._repaint_each(requests, on_step)

    def _repaint_each(self, requests: Sequence[InpaintRequest], on_step: OnStep) -> Iterator[Picture]:
        for painted, request in enumerate(requests):

            def on_share(share: float, painted: int = painted) -> None:
                on_step((painted + share) / len(requests))

            start = time.perf_counter()
            image = Image.fromarray(repaint(request, on_share))
            yield Picture(painted, image, request.target, self.name, self.model, time.perf_counter() - start)

    def abilities(self, model: str = "") -> frozenset[Ability]:
        """Lines hold the composition, a reference gives the palette."""
        return frozenset({Ability.LINE_ART, Ability.REFERENCE})

    def known_words(self) -> tuple[str, ...]:
        return KNOWN_WORDS

    def ignored_words(self, prompt: str, strength: float) -> tuple[str, ...]:
        """What is no word of its vocabulary, and below `REPLANTED` all but the mood."""
        return ignored_words(prompt, only_moods=strength < REPLANTED)

    def inpaint_size(self, width: int, height: int, model: str = "") -> tuple[int, int]:
        """As large as it is, unless that is very small or very large."""
        area = min(max(width * height, _SMALLEST_AREA), _LARGEST_AREA)
        limits = self.limits
        return working_size(
            width, height, area=area, multiple=limits.multiple, minimum=limits.minimum, maximum=limits.maximum
        )


def paint_request(request: PictureRequest) -> Pixels:
    """The pixels of a request, uint8 RGB of shape (height, width, 3); small pictures are painted larger first."""
    dice = Dice(request.prompt, request.seed, request.width, request.height)
    zoom = float(np.clip((_SMALLEST_AREA / (request.width * request.height)) ** 0.5, 1.0, _LARGEST_ZOOM))
    scene = plan(read_prompt(request.prompt), dice, round(request.width * zoom), round(request.height * zoom))
    pixels = paint(scene, dice)
    if zoom > 1:
        pixels = cv2.resize(pixels, (request.width, request.height), interpolation=cv2.INTER_AREA)
    return pixels


REPLANTED, REPAINTED = 0.4, 0.85
"""Denoising strengths from which there are new plants, and from which nothing of the old picture is left."""
OPEN_GROUND = "meadow"


def repaint(request: InpaintRequest, on_share: Callable[[float], None]) -> Pixels:
    """The rectangle with other paint under the mask; what is not under it stays, bit for bit."""
    target = request.target
    dice = Dice(target.prompt, target.seed, target.width, target.height)
    brief = read_prompt(target.prompt)
    if brief.weather == "snow":
        brief = replace(brief, season="winter")  # Snow is also on the ground.
    scene = replace(plan(brief, dice, target.width, target.height), spot=_spot(request.mask))
    on_share(0.0)
    painted = _painted(request, scene, dice, has_mood=brief.mood is not None)
    on_share(0.6)
    if request.reference is not None:
        painted = _coloured(painted, request.reference.pixels, request.reference.weight)
    if request.line_art is not None:
        painted = _drawn(painted, request.pixels, request.line_art)
    on_share(0.8)
    fitted = _fitted(painted, request)
    on_share(1.0)
    return fitted


def _spot(mask: NDArray[np.uint8]) -> tuple[float, float, float] | None:
    """The largest circle within the mask, the lowest of equal ones; None where the mask is the whole picture."""
    solid = (mask > 127).astype(np.uint8)
    if solid.all() or not solid.any():
        return None
    inside = cv2.distanceTransform(cv2.copyMakeBorder(solid, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.DIST_L2, 5)
    radius = float(inside.max())
    ys, xs = np.nonzero(inside >= 0.97 * radius)
    lowest = int(np.hypot(xs - np.nonzero(inside)[1].mean(), ys - inside.shape[0]).argmin())
    return float(xs[lowest] - 1), float(ys[lowest] - 1), radius


def _painted(request: InpaintRequest, scene: Scene, dice: Dice, *, has_mood: bool) -> Pixels:
    """Low strengths change the strokes, middle ones add plants, high ones repaint everything."""
    strength = request.strength
    if strength >= REPAINTED:
        return paint(scene, dice, framed=False)
    given = request.pixels
    if scene.brief.animal is not None and strength >= REPLANTED:
        given = fill(given, request.mask, Fill.BLUR, 0)  # It takes the place of what was there.
    kept = brush(given, scene, dice)
    if has_mood:
        kept = _coloured(kept, paint(scene, dice, framed=False), min(1.0, 0.25 + strength))
    if strength < REPLANTED:
        return kept
    if scene.weather == "snow":
        weather.lay_snow(kept, scene, dice)
    return plant(kept, replace(scene, layout=OPEN_GROUND, horizon=0.2 * scene.height), dice)


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
