"""What the catalogue reads from the database: all of it once, then what changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
from django.db import models
from numpy.typing import NDArray

from garden.models import Image
from recommend.features import DIMENSION, VERSION
from recommend.models.description import Description

_CHUNK = 5_000


class ImageRow(NamedTuple):
    id: int
    key: str
    emotion: str
    favorite: str
    orientation: str
    state: str
    published_at: datetime | None

    @property
    def is_serving(self) -> bool:
        return self.state == Image.State.SERVING


class Described(NamedTuple):
    """Descriptions as they were made: ids of images (k), their vectors (k × DIMENSION), the number of the last one."""

    images: NDArray[np.int64]
    vectors: NDArray[np.float32]
    number: int


def serving_images() -> list[ImageRow]:
    """Newest first: of pictures that are believed to be equally good the newest ones come first."""
    return _image_rows(Image.objects.serving().newest_first())


def count_of_serving() -> int:
    return Image.objects.serving().count()


def images_changed_since(when: datetime) -> list[ImageRow]:
    return _image_rows(Image.objects.filter(changed_at__gte=when))


def descriptions_of_serving() -> Iterator[Described]:
    return _in_chunks(Description.objects.filter(image__state=Image.State.SERVING))


def descriptions_after(sequence: int) -> Iterator[Described]:
    return _in_chunks(Description.objects.filter(sequence__gt=sequence))


def descriptions_of(images: list[int]) -> Iterator[Described]:
    for start in range(0, len(images), _CHUNK):
        yield from _in_chunks(Description.objects.all().of_images(images[start : start + _CHUNK]))


def _image_rows(images: models.QuerySet[Image]) -> list[ImageRow]:
    return [ImageRow._make(row) for row in images.values_list(*ImageRow._fields).iterator(chunk_size=_CHUNK)]


def _in_chunks(descriptions: models.QuerySet[Description]) -> Iterator[Described]:
    rows = descriptions.filter(version=VERSION).order_by("sequence").values_list("image_id", "vector", "sequence")
    some: list[tuple[int, bytes, int]] = []
    for image, vector, sequence in rows.iterator(chunk_size=_CHUNK):
        some.append((image, bytes(vector), sequence))
        if len(some) == _CHUNK:
            yield _described(some)
            some = []
    if some:
        yield _described(some)


def _described(rows: list[tuple[int, bytes, int]]) -> Described:
    vectors = np.frombuffer(b"".join(vector for _, vector, _ in rows), "<f4").reshape(-1, DIMENSION)
    images = np.array([image for image, _, _ in rows], np.int64)
    return Described(images, vectors.astype(np.float32, copy=False), rows[-1][2])
