"""One retouch from its version to its layers: crop, mask, engine, filters; and the JPEG of a published version."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import PIL.Image
from django.utils import timezone

from generation.available_models import get_inpainter
from generation.credits import charge
from generation.engines.base import InpaintRequest, LineArt, OnStep, Picture, Reference
from generation.models import Canvas, Slot, Version
from generation.provenance import DigitalSourceType, Facts, encode_facts, is_trained
from generation.queue.handlers import Handler, Result
from generation.retouch.batch.items import create_version
from generation.retouch.masks import fade_out, fill, grow, soften
from generation.retouch.pixels import Mask, Pixels, encode_png, match_colours, outline, sized, without_glare
from generation.retouch.regions import find_region
from generation.retouch.settings import BadLayerError, RetouchSettings
from generation.retouch.versions import (
    ALPHA,
    CROP,
    LAYERS,
    LINE,
    MASK,
    PATCH,
    REFERENCE,
    compose,
    compose_or_opened,
    layer,
    path_to,
    write_file,
)


@dataclass(slots=True)
class VersionResult(Result):
    """The layers of a version, and their engines."""

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
    """The requested edit; that of a batch is made here. Raises the errors of its recipe."""
    known = Version.objects.select_related("canvas", "parent").filter(slot=slot).first()
    return create_version(slot) if known is None else known


def repaint(version: Version, slot: Slot, on_step: OnStep) -> VersionResult:
    """Repaint the version's crop. Raises the engine's errors, and BadLayerError for an empty mask."""
    crop = np.ascontiguousarray(compose_or_opened(version.canvas, version.parent)[version.crop.window])
    mask, requested = mask_of(version, crop), version.settings
    wide = grow(mask, requested.expand)
    if not wide.any():
        raise BadLayerError("mask is empty: nothing was found to repaint.", field=MASK)
    lines = lines_of(version, crop)
    picture = _ask(version, slot, crop, wide, lines, on_step)
    painted = crop if picture is None else sized(np.asarray(picture.image, np.uint8), version.crop.size)
    patch = without_glare(match_colours(painted, crop, wide, requested.colour_match), requested.anti_glare)
    layers = {MASK: mask, CROP: crop, PATCH: patch, ALPHA: fade_out(wide, requested.feather)}
    if lines is not None:
        layers[LINE] = lines
    maker = (picture.engine, picture.model, picture.request.seed) if picture else ("", "", version.seed)
    return VersionResult(slot, version, layers, *maker, seconds=0.0)


def mask_of(version: Version, crop: Pixels) -> Mask:
    """The drawn mask, or the region's mask."""
    if MASK in version.layers:
        return layer(version, MASK)
    return find_region(crop, version.region)


def lines_of(version: Version, crop: Pixels) -> Mask | None:
    requested = version.settings
    if requested.line_weight == 0:
        return None
    if LINE in version.layers:
        return layer(version, LINE)
    return outline(crop, simplicity=requested.line_simplicity, method=requested.line_method)


def _ask(version: Version, slot: Slot, crop: Pixels, mask: Mask, lines: Mask | None, on_step: OnStep) -> Picture | None:
    """The engine's result; the crop itself for strength 0."""
    requested, size = version.settings, (slot.width, slot.height)
    if requested.strength == 0:
        on_step(1.0)
        return None
    soft = soften(mask, requested.mask_blur)
    request = InpaintRequest(
        target=slot.request,
        pixels=sized(fill(crop, mask, requested.fill, version.seed), size),
        mask=sized(soft, size),
        strength=requested.strength,
        sampler=requested.sampler,
        line_art=None if lines is None else _line_art(lines, size, requested),
        reference=_reference(version, requested),
    )
    [picture] = get_inpainter(slot.engine).inpaint([request], on_step)
    return picture


def _line_art(lines: Mask, size: tuple[int, int], requested: RetouchSettings) -> LineArt:
    return LineArt(sized(lines, size), requested.line_weight, requested.line_start, requested.line_end)


def _reference(version: Version, requested: RetouchSettings) -> Reference | None:
    """The uploaded reference, by default the opened picture."""
    if requested.reference_weight == 0:
        return None
    if REFERENCE in version.layers:
        return Reference(layer(version, REFERENCE), requested.reference_weight)
    return Reference(compose_or_opened(version.canvas, None), requested.reference_weight)


def finish_version(*, version: Version, **made: Any) -> None:
    """Mark it done, and make it current if its parent was.

    Call it in the transaction that finishes its slot: whatever belongs to a finished retouch, as its price does,
    belongs into that transaction too, so that it happens exactly once.
    """
    if Version.objects.filter(pk=version.pk, done_at=None).update(**made, done_at=timezone.now()):
        charge(version)  # The account is locked before the canvas, as in requests.
    Canvas.objects.filter(pk=version.canvas_id, head=version.parent_id).update(head=version.pk)


_UNKNOWN = {"", "import", "upload"}


def encode_retouched(version: Version) -> bytes:
    """JPEG bytes with provenance, signed if the site has a key."""
    return encode_facts(PIL.Image.fromarray(compose(version)), facts_of_version(version), **FINE)


def facts_of_version(version: Version) -> Facts:
    """A composite; of trained algorithms if one of its parts is."""
    trained = any(is_trained(maker) for maker in makers_of(version))
    return Facts(
        source_type=DigitalSourceType.COMPOSITE_WITH_TRAINED if trained else DigitalSourceType.COMPOSITE,
        engine=version.engine or "retouch",
        model=version.model,
        prompt=version.settings.prompt_text,
        made_at=datetime.now(UTC).replace(microsecond=0),
    )


def origin_of(version: Version) -> str:
    """The maker of the picture in one word: a trained engine has precedence."""
    makers = makers_of(version)
    return next((maker for maker in makers if is_trained(maker)), makers[0] if makers else "retouch")


def makers_of(version: Version) -> list[str]:
    """The engines of its parts, the last one first; unknown for an upload or an import."""
    image = version.canvas.image
    makers = [step.engine for step in reversed(path_to(version))]
    return [maker for maker in (*makers, image.origin if image else "") if maker not in _UNKNOWN]


FINE: dict[str, Any] = {"quality": 95, "subsampling": 0, "optimize": True, "progressive": True}
"""Full colour resolution: what was not repainted goes through JPEG again, and is to show it as little as can be."""
