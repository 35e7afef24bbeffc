"""One retouch from its version to its layers: crop, mask, engine, filters. The picture itself is never written to."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils import timezone

from generation.credits.spending import charge
from generation.engines.base import OnStep, Picture
from generation.engines.inpainting import InpaintRequest, LineArt, Reference
from generation.models import Canvas, Slot, Version
from generation.queue.handlers import Handler, Result
from generation.retouch.batch.working import begin_item
from generation.retouch.errors import BadLayerError
from generation.retouch.inpainters import get_inpainter
from generation.retouch.masks import fade_out, fill, grow, soften
from generation.retouch.pixels import Mask, Pixels, encode_png, match_colours, outline, sized, without_glare
from generation.retouch.regions import find_region
from generation.retouch.settings import RetouchSettings
from generation.retouch.versions import (
    ALPHA,
    CROP,
    LAYERS,
    LINE,
    MASK,
    PATCH,
    REFERENCE,
    compose_or_opened,
    layer,
    write_file,
)


@dataclass(slots=True)
class VersionResult(Result):
    """The layers of a version, and who painted them."""

    slot: Slot
    version: Version
    layers: dict[str, Pixels]
    engine: str
    model: str
    seed: int
    seconds: float

    def write(self) -> None:
        for name, pixels in self.layers.items():
            write_file(self.version.key_of(name), encode_png(pixels))

    def save(self) -> None:
        known = {*self.version.layers, *self.layers}
        finish_version(
            version=self.version,
            engine=self.engine,
            model=self.model,
            seed=self.seed,
            layers=[name for name in LAYERS if name in known],
        )


class RetouchHandler(Handler):
    def work(self, slots: Sequence[Slot], on_step: OnStep) -> Iterator[Result]:
        for done, slot in enumerate(slots):
            begun = time.perf_counter()
            version = version_of(slot)

            def on_share(share: float, done: int = done) -> None:
                on_step((done + share) / len(slots))

            finished = repaint(version, slot, on_share)
            finished.seconds = time.perf_counter() - begun
            yield finished


def version_of(slot: Slot) -> Version:
    """What was asked for; for a picture of a batch it is begun here. Raises what the recipe meets in the picture."""
    known = Version.objects.select_related("canvas", "parent").filter(slot=slot).first()
    return begin_item(slot) if known is None else known


def repaint(version: Version, slot: Slot, on_step: OnStep) -> VersionResult:
    """Ask the engine for the version's crop. Raises what the engine raises, and BadLayerError for an empty mask."""
    crop = np.ascontiguousarray(compose_or_opened(version.canvas, version.parent)[version.crop.window])
    mask, wishes = mask_of(version, crop), version.wishes
    wide = grow(mask, wishes.expand)
    if not wide.any():
        raise BadLayerError("mask is empty: nothing was found to repaint.", field=MASK)
    lines = lines_of(version, crop)
    picture = _ask(version, slot, crop, wide, lines, on_step)
    painted = crop if picture is None else sized(np.asarray(picture.image, np.uint8), version.crop.size)
    patch = without_glare(match_colours(painted, crop, wide, wishes.colour_match), wishes.anti_glare)
    layers = {MASK: mask, CROP: crop, PATCH: patch, ALPHA: fade_out(wide, wishes.feather)}
    if lines is not None:
        layers[LINE] = lines
    if picture is None:
        return VersionResult(slot, version, layers, "", "", version.seed, seconds=0.0)
    return VersionResult(slot, version, layers, picture.engine, picture.model, picture.request.seed, seconds=0.0)


def mask_of(version: Version, crop: Pixels) -> Mask:
    """What was drawn, or what the region finds in the pixels."""
    if MASK in version.layers:
        return layer(version, MASK)
    return find_region(crop, version.region)


def lines_of(version: Version, crop: Pixels) -> Mask | None:
    wishes = version.wishes
    if wishes.line_weight == 0:
        return None
    if LINE in version.layers:
        return layer(version, LINE)
    return outline(crop, simplicity=wishes.line_simplicity, method=wishes.line_method)


def _ask(version: Version, slot: Slot, crop: Pixels, mask: Mask, lines: Mask | None, on_step: OnStep) -> Picture | None:
    """The engine's answer; without strength there is nothing to ask for."""
    wishes, size = version.wishes, (slot.width, slot.height)
    if wishes.strength == 0:
        on_step(1.0)
        return None
    soft = soften(mask, wishes.mask_blur)
    request = InpaintRequest(
        asked=slot.request,
        pixels=sized(fill(crop, mask, wishes.fill, version.seed), size),
        mask=sized(soft, size),
        strength=wishes.strength,
        sampler=wishes.sampler,
        line_art=None if lines is None else _line_art(lines, size, wishes),
        reference=_reference(version, wishes),
    )
    [picture] = get_inpainter(slot.engine).inpaint([request], on_step)
    return picture


def _line_art(lines: Mask, size: tuple[int, int], wishes: RetouchSettings) -> LineArt:
    return LineArt(sized(lines, size), wishes.line_weight, wishes.line_start, wishes.line_end)


def _reference(version: Version, wishes: RetouchSettings) -> Reference | None:
    """What was sent along; without a file the picture itself as it was opened is the one to follow."""
    if wishes.reference_weight == 0:
        return None
    if REFERENCE in version.layers:
        return Reference(layer(version, REFERENCE), wishes.reference_weight)
    return Reference(compose_or_opened(version.canvas, None), wishes.reference_weight)


def finish_version(*, version: Version, **made: Any) -> None:
    """Write down that it is done, and make it the current one where its parent was.

    Call it in the transaction that finishes its slot: whatever belongs to a finished retouch, as its price does,
    belongs into that transaction too, so that it happens exactly once.
    """
    if Version.objects.filter(pk=version.pk, done_at=None).update(**made, done_at=timezone.now()):
        charge(version)  # Before the canvas is touched: whoever asks holds the account first, too.
    Canvas.objects.filter(pk=version.canvas_id, head=version.parent_id).update(head=version.pk)
