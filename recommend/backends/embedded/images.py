"""What the pool of candidates reads from the database: all of it once, then what changed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import numpy as np
from django.db import models
from numpy.typing import NDArray

from garden.models import Image
from recommend.features import layout
from recommend.models.description import Description

_CHUNK = 5_000
_Row = tuple[int, bytes | memoryview, int]
"""Id of an image, its vector, the number of the description; SQLite gives bytes, PostgreSQL may give a view of them."""


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
    """Descriptions as they were made: ids of images (k), their vectors (k × dimension), the number of the last one."""

    images: NDArray[np.int64]
    vectors: NDArray[np.float32]
    number: int


def serving_images() -> Iterator[list[ImageRow]]:
    """All of one moment, ids ascending, some thousands at a time."""
    rows = Image.objects.serving().order_by("id").values_list(*ImageRow._fields).iterator(chunk_size=_CHUNK)
    while some := [ImageRow._make(row) for row in islice(rows, _CHUNK)]:
        yield some


def count_of_serving() -> int:
    return Image.objects.serving().count()


def images_changed_since(when: datetime) -> list[ImageRow]:
    """Few or none nearly always: not through a cursor, which PostgreSQL opens, reads and closes one by one."""
    rows = Image.objects.filter(changed_at__gte=when).values_list(*ImageRow._fields)
    return [ImageRow._make(row) for row in rows]


def descriptions_after(sequence: int) -> Iterator[Described]:
    return _in_chunks(_rows(Description.objects.filter(sequence__gt=sequence)))


def descriptions_of(images: list[int]) -> Iterator[Described]:
    """Some thousands at a time, between bounds: so a planner that knows nothing of the table takes its index.

    Not through a cursor: PostgreSQL then takes the plan that begins soonest, which without statistics may have no end.
    """
    ordered = sorted(images)
    for start in range(0, len(ordered), _CHUNK):
        some = ordered[start : start + _CHUNK]
        between = Description.objects.filter(image_id__gte=some[0], image_id__lte=some[-1])
        yield from _in_chunks(_rows(between.of_images(some)))


def _rows(descriptions: models.QuerySet[Description]) -> models.QuerySet[Description, _Row]:
    todays = descriptions.filter(version=layout().version).order_by("sequence")
    return todays.values_list("image_id", "vector", "sequence")


def _in_chunks(rows: Iterable[_Row]) -> Iterator[Described]:
    some: list[tuple[int, bytes, int]] = []
    for image, vector, sequence in rows:
        some.append((image, bytes(vector), sequence))
        if len(some) == _CHUNK:
            yield _described(some)
            some = []
    if some:
        yield _described(some)


def _described(rows: list[tuple[int, bytes, int]]) -> Described:
    vectors = np.frombuffer(b"".join(vector for _, vector, _ in rows), "<f4").reshape(-1, layout().dimension)
    images = np.array([image for image, _, _ in rows], np.int64)
    return Described(images, vectors.astype(np.float32, copy=False), rows[-1][2])
