"""Descriptions of pictures, made once each, from their files and prompts."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from django.core.files.storage import default_storage
from django.db import transaction
from numpy.typing import NDArray

from garden.models import Image
from recommend.features import describe_image, layout
from recommend.models import Description, Ledger, PictureAxes
from recommend.models.description import pack
from recommend.services.encoding import EncoderUnavailableError, Encoding, site_encoding

logger = logging.getLogger(__name__)
BATCH = 50
Vector = NDArray[np.float32]


def describe_missing(*, images: Iterable[Image]) -> Iterator[int]:
    """Describe images, a batch a transaction; yields how many of each batch were described.

    A file that cannot be read now is left for the next time; one that is not there, or is no picture, is
    described by its words alone. What the encoder cannot look at now is left for the next time, too.
    """
    waiting = iter(images)
    try:
        encoding = site_encoding()
        while batch := list(islice(waiting, BATCH)):
            yield _keep(_described(batch, encoding), knows_axes=encoding is None or encoding.axes is not None)
    except EncoderUnavailableError:
        return


def _described(batch: Sequence[Image], encoding: Encoding | None) -> dict[int, Vector]:
    """Vectors by image; those that cannot be read now are not among them."""
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
    """Once an image: another worker may have been quicker, also in finding the axes that these do not know."""
    version = layout().version
    Ledger.objects.take(0)
    since = PictureAxes.objects.since(version)
    if since and not knows_axes:
        return 0
    done = Description.objects.of_version(version).since(since).of_images(described).values_list("image_id", flat=True)
    new: Sequence[int] = sorted(set(described) - set(done))
    rows = zip(Ledger.objects.take(len(new)), new, strict=True) if new else []
    Description.objects.bulk_create(
        Description(sequence=number, image_id=image, version=version, vector=pack(described[image]))
        for number, image in rows
    )
    return len(new)
