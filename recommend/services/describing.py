"""Descriptions of pictures, made once each, from their files and prompts."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from django.core.files.storage import default_storage
from django.db import transaction
from numpy.typing import NDArray

from garden.models import Image
from recommend.features import VERSION, describe_image
from recommend.models import Description, Ledger
from recommend.models.description import pack

logger = logging.getLogger(__name__)
BATCH = 50


def describe_missing(*, images: Iterable[Image]) -> Iterator[int]:
    """Describe images, a batch a transaction; yields how many of each batch were described.

    A file that cannot be read now is left for the next time; one that is not there, or is no picture, is
    described by its words alone.
    """
    waiting = iter(images)
    while batch := list(islice(waiting, BATCH)):
        described = {image.pk: vector for image in batch if (vector := _describe(image)) is not None}
        yield _keep(described)


def _describe(image: Image) -> NDArray[np.float32] | None:
    try:
        return describe_image(prompt=image.prompt, favorite=image.favorite, content=_read(image.key))
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
def _keep(described: dict[int, NDArray[np.float32]]) -> int:
    """Once an image: another worker may have been quicker."""
    done = Description.objects.of_version(VERSION).of_images(described).values_list("image_id", flat=True)
    new: Sequence[int] = sorted(set(described) - set(done))
    rows = zip(Ledger.objects.take(len(new)), new, strict=True) if new else []
    Description.objects.bulk_create(
        Description(sequence=number, image_id=image, version=VERSION, vector=pack(described[image]))
        for number, image in rows
    )
    return len(new)
