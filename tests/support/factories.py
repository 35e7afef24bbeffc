"""Rows to test with; files are made by `tests.support.pictures` where a test needs them."""

from typing import Any

import factory
from django.utils import timezone

from garden.models import Image, Kiosk, Visitor


class ImageFactory(factory.django.DjangoModelFactory[Image]):
    """A serving image without a file. Give a `key` to choose emotion, favorite, orientation and state."""

    class Meta:
        model = Image

    key = factory.Sequence(lambda n: f"emotions/calm/img_{n:06d}_0h.jpeg")
    width = 1280
    height = 800
    origin = "painter"
    model = "garden-painter-2"
    content_hash = factory.Sequence(lambda n: f"{n:064x}")
    published_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: type[Image], *args: Any, **kwargs: Any) -> Image:
        described = {name: kwargs.pop(name) for name in ("state",) if name in kwargs}
        image = model_class(**kwargs).fill_from_key()
        for name, value in described.items():
            setattr(image, name, value)
        if image.state == Image.State.TRASH and not image.trashed_from:
            image.trashed_from, image.trashed_at = model_class(key=image.key).fill_from_key().state, timezone.now()
        image.save()
        return image


class VisitorFactory(factory.django.DjangoModelFactory[Visitor]):
    class Meta:
        model = Visitor

    id = factory.Sequence(lambda n: f"visitor-{n}")
    generation = "adult"
    gender = "Female"
    emotion = "calm"


class KioskFactory(factory.django.DjangoModelFactory[Kiosk]):
    class Meta:
        model = Kiosk

    name = factory.Sequence(lambda n: f"Kiosk {n}")
