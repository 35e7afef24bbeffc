"""What the catalogue reads from the database: all of it once, then what changed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import models

from garden.models import Image
from recommend.models.rate import ImageRate

_BATCH = 500


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


class RateRow(NamedTuple):
    image: int
    group: str
    shown: int
    liked: int


def serving_images() -> Iterator[ImageRow]:
    return _image_rows(Image.objects.serving())


def images_changed_since(when: datetime) -> list[ImageRow]:
    return list(_image_rows(Image.objects.filter(changed_at__gte=when)))


def all_rates() -> Iterator[RateRow]:
    return _rate_rows(ImageRate.objects.filter(image__state=Image.State.SERVING))


def rates_changed_since(when: datetime) -> list[RateRow]:
    return list(_rate_rows(ImageRate.objects.all().changed_since(when)))


def rates_of(images: Iterable[int]) -> list[RateRow]:
    return [row for some in batches(sorted(images)) for row in _rate_rows(ImageRate.objects.all().of_images(some))]


def batches(images: Sequence[int]) -> Iterator[Sequence[int]]:
    return (images[start : start + _BATCH] for start in range(0, len(images), _BATCH))


def _image_rows(images: models.QuerySet[Image]) -> Iterator[ImageRow]:
    return map(ImageRow._make, images.values_list(*ImageRow._fields).iterator(chunk_size=5_000))


def _rate_rows(rates: models.QuerySet[ImageRate]) -> Iterator[RateRow]:
    return map(RateRow._make, rates.values_list("image_id", "group", "shown", "liked").iterator(chunk_size=5_000))
