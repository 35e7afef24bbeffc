"""One retouch from its version to its layers: crop, mask, engine, filters; and the JPEG of a published version."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import numpy as np
import PIL.Image
from django.utils import timezone

from generation.available_models import get_inpainter
from generation.backends import get_engine
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
    """Crops of one size with the same settings are given to the engine together."""

    def batch_size(self, slot: Slot) -> int:
        return get_engine(slot.engine).batch_size(slot.request)

    def work(self, slots: Sequence[Slot], on_step: OnStep) -> Iterator[Result]:
        prepared, unprepared = _prepare_all(slots)
        done = 0
        for _, run in groupby(prepared, key=Prepared.engine_call):
            group = _without_cancelled(list(run))

            def on_share(share: float, done: int = done, size: int = len(group)) -> None:
                on_step((done + share * size) / len(slots))

            yield from _repaint_together(group, on_share)
            done += len(group)
        if unprepared is not None:
            raise unprepared


@dataclass(slots=True)
class Prepared:
    """A version before the engine: `wide` is its mask with the expansion; no `request` for strength 0."""

    slot: Slot
    version: Version
    crop: Pixels
    mask: Mask
    wide: Mask
    lines: Mask | None
    request: InpaintRequest | None
    seconds: float = 0.0

    def engine_call(self) -> object:
        """Equal for what the engine takes in one call; model, steps and guidance are those of the batch key."""
        if self.request is None:
            return None
        request, target = self.request, self.request.target
        art, reference = request.line_art, request.reference
        lines = None if art is None else (art.weight, art.start, art.end)
        weight = None if reference is None else reference.weight
        return target.width, target.height, request.strength, request.sampler, lines, weight


def _prepare_all(slots: Sequence[Slot]) -> tuple[list[Prepared], Exception | None]:
    """In order, up to the first that cannot be, and its error: those before it are made first."""
    prepared: list[Prepared] = []
    for slot in slots:
        begun = time.perf_counter()
        try:
            each = prepare(version_of(slot), slot)
        except Exception as error:
            return prepared, error
        each.seconds = time.perf_counter() - begun
        prepared.append(each)
    return prepared, None


def _without_cancelled(group: Sequence[Prepared]) -> list[Prepared]:
    """Preparing takes a while: what was cancelled meanwhile needs no place in the engine's batch."""
    leased = set(Slot.objects.leased().filter(pk__in=[each.slot.pk for each in group]).values_list("pk", flat=True))
    return [each for each in group if each.slot.pk in leased]


def _repaint_together(group: Sequence[Prepared], on_step: OnStep) -> Iterator[VersionResult]:
    """Raises the engine's errors."""
    if not group:
        return
    requests = [each.request for each in group if each.request is not None]
    if not requests:
        on_step(1.0)
        yield from (_finish(each, None) for each in group)
        return
    for picture in get_inpainter(group[0].slot.engine).inpaint(requests, on_step):
        yield _finish(group[picture.index], picture)


def version_of(slot: Slot) -> Version:
    """The requested edit; that of a batch is made here. Raises the errors of its recipe."""
    known = Version.objects.select_related("canvas", "parent").filter(slot=slot).first()
    return create_version(slot) if known is None else known


def prepare(version: Version, slot: Slot) -> Prepared:
    """Its crop, masks and request. Raises BadLayerError for an empty mask."""
    crop = np.ascontiguousarray(compose_or_opened(version.canvas, version.parent)[version.crop.window])
    mask, requested = mask_of(version, crop), version.settings
    wide = grow(mask, requested.expand)
    if not wide.any():
        raise BadLayerError("mask is empty: nothing was found to repaint.", field=MASK)
    lines = lines_of(version, crop)
    request = _request(version, slot, crop, wide, lines) if requested.strength else None
    return Prepared(slot, version, crop, mask, wide, lines, request)


def _finish(prepared: Prepared, picture: Picture | None) -> VersionResult:
    """With the engine's picture; the crop itself for strength 0."""
    begun = time.perf_counter()
    version, crop, wide, requested = prepared.version, prepared.crop, prepared.wide, prepared.version.settings
    painted = crop if picture is None else sized(np.asarray(picture.image, np.uint8), version.crop.size)
    patch = without_glare(match_colours(painted, crop, wide, requested.colour_match), requested.anti_glare)
    layers = {MASK: prepared.mask, CROP: crop, PATCH: patch, ALPHA: fade_out(wide, requested.feather)}
    if prepared.lines is not None:
        layers[LINE] = prepared.lines
    maker = (picture.engine, picture.model, picture.request.seed) if picture else ("", "", version.seed)
    seconds = prepared.seconds + (picture.seconds if picture else 0.0) + time.perf_counter() - begun
    return VersionResult(prepared.slot, version, layers, *maker, seconds=seconds)


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


def _request(version: Version, slot: Slot, crop: Pixels, mask: Mask, lines: Mask | None) -> InpaintRequest:
    requested, size = version.settings, (slot.width, slot.height)
    soft = soften(mask, requested.mask_blur)
    return InpaintRequest(
        target=slot.request,
        pixels=sized(fill(crop, mask, requested.fill, version.seed), size),
        mask=sized(soft, size),
        strength=requested.strength,
        sampler=requested.sampler,
        line_art=None if lines is None else _line_art(lines, size, requested),
        reference=_reference(version, requested),
    )


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
