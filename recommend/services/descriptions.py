"""Descriptions of pictures, computed once each from their files and prompts."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from django.core.files.storage import default_storage
from django.db import transaction
from numpy.typing import NDArray

from garden.batches import batches
from garden.errors import UnavailableError
from garden.models import Image
from recommend.bandit.inference import Floats
from recommend.encoders import ENCODED, Axes, PictureEncoder, Pixels, get_encoder
from recommend.features import decode_picture, describe_image, layout
from recommend.models import Description, Ledger, Snapshot
from recommend.models.description import pack

logger = logging.getLogger(__name__)
AXES_MINIMUM = 200
"""Number of pictures from which axes are computed; before that the encoder's part stays neutral."""
_SAMPLE, _AT_ONCE = 500, 50
_DECODED_SIDE = 512


@dataclass(frozen=True, slots=True)
class Encoding:
    encoder: PictureEncoder
    axes: Axes | None

    def parts(self, contents: Sequence[bytes | None]) -> Floats:
        """One row of ENCODED numbers per file: zeros for what is not a picture, and for all while there are no axes."""
        rows = np.zeros((len(contents), ENCODED), np.float32)
        pixels = {row: found for row, content in enumerate(contents) if (found := _decode(content)) is not None}
        if self.axes is not None and pixels:
            rows[list(pixels), : self.axes.width] = self.axes.project(_encode(self.encoder, list(pixels.values())))
        return rows


class EncoderUnavailableError(UnavailableError):
    """The encoder cannot encode pictures now."""

    code = "encoder_unavailable"


def site_encoding() -> Encoding | None:
    """None without an encoder. Computes missing axes if there are enough pictures."""
    encoder = get_encoder()
    if encoder is None:
        return None
    known = Snapshot.objects.of_axes(layout().version).first()
    return Encoding(encoder, Axes.unpack(bytes(known.state)) if known else _compute_axes(encoder))


def _decode(content: bytes | None) -> Pixels | None:
    """At least as wide as the input of networks."""
    return None if content is None else decode_picture(content, _DECODED_SIDE)


def _compute_axes(encoder: PictureEncoder) -> Axes | None:
    keys = list(Image.objects.serving().order_by("pk").values_list("key", flat=True))
    if len(keys) < AXES_MINIMUM:
        return None
    sample = [keys[place] for place in np.linspace(0, len(keys) - 1, min(len(keys), _SAMPLE)).astype(int)]
    some = (sample[start : start + _AT_ONCE] for start in range(0, len(sample), _AT_ONCE))
    seen = [_encode(encoder, pictures) for keys in some if (pictures := _pictures(keys))]
    count = sum(map(len, seen))
    return _save_axes(Axes.of(np.concatenate(seen))) if count >= AXES_MINIMUM else None


def _pictures(keys: Sequence[str]) -> list[Pixels]:
    return [found for key in keys if (found := _decode(_read_or_none(key))) is not None]


def _encode(encoder: PictureEncoder, pictures: Sequence[Pixels]) -> Floats:
    try:
        return encoder.encode(pictures)
    except Exception as error:
        logger.exception("%s cannot encode pictures now.", encoder.identity)
        raise EncoderUnavailableError(f"{encoder.identity} cannot encode pictures now.") from error


@transaction.atomic
def _save_axes(axes: Axes) -> Axes:
    """The first writer's axes count. The ledger is locked: descriptions with later numbers use the axes."""
    Ledger.objects.take(0)
    version = layout().version
    if known := Snapshot.objects.of_axes(version).first():
        return Axes.unpack(bytes(known.state))
    Snapshot.objects.all().save_axes(version, Ledger.objects.current().head, axes.pack())
    return axes


def _read_or_none(key: str) -> bytes | None:
    try:
        return _read(key)
    except OSError:
        return None


BATCH = 50
Vector = NDArray[np.float32]


def describe_missing(*, images: Iterable[Image]) -> Iterator[int]:
    """Describe images, one batch per transaction; yields how many of each batch were described.

    A file that cannot be read now is left for the next time, as are all while the encoder is unavailable; one that
    is missing, or is not a picture, is described by its words alone.
    """
    try:
        encoding = site_encoding()
        for batch in batches(images, BATCH):
            yield _keep(_described(batch, encoding), knows_axes=encoding is None or encoding.axes is not None)
    except EncoderUnavailableError:
        return


def _described(batch: Sequence[Image], encoding: Encoding | None) -> dict[int, Vector]:
    """Vectors by image, without those that cannot be read now."""
    found = {image.pk: one for image in batch if (one := _describe(image)) is not None}
    if encoding is None:
        return {image: vector for image, (vector, _) in found.items()}
    parts = encoding.parts([content for _, content in found.values()])
    whole = (np.concatenate([vector, part]) for (vector, _), part in zip(found.values(), parts, strict=True))
    return dict(zip(found, whole, strict=True))


def _describe(image: Image) -> tuple[Vector, bytes | None] | None:
    """The vector that needs no encoder, and the file."""
    try:
        content = _read(image.key)
        return describe_image(prompt=image.prompt, favorite=image.favorite, content=content), content
    except Exception:
        logger.exception("%s cannot be described now.", image.key)
        return None


def _read(key: str) -> bytes | None:
    try:
        with default_storage.open(key) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content


@transaction.atomic
def _keep(described: dict[int, Vector], *, knows_axes: bool) -> int:
    """Once per image: another worker may have stored these before, or the axes that they lack."""
    version = layout().version
    Ledger.objects.take(0)
    since = Snapshot.objects.known_from(version)
    if since and not knows_axes:
        return 0
    done = Description.objects.filter(version=version, sequence__gt=since, image__in=described).values_list(
        "image", flat=True
    )
    new: Sequence[int] = sorted(set(described) - set(done))
    rows = zip(Ledger.objects.take(len(new)), new, strict=True) if new else []
    Description.objects.bulk_create(
        Description(sequence=number, image_id=image, version=version, vector=pack(described[image]))
        for number, image in rows
    )
    return len(new)
