"""Pictures and sayings that many tests of the recommender need."""

from typing import Any

from rest_framework.test import APIClient

from garden.models import Image
from garden.vocabulary import Orientation
from recommend.backends.base import RankingRequest, VisitorContext
from recommend.models import ImageRate, Interaction
from recommend.services.descriptions import describe_missing
from recommend.services.likes import Like, record_like
from tests.support.factories import ImageFactory

ANN = VisitorContext("ann", generation="adult", gender="Female", emotion="calm")
GROUP = "unknown/unknown"


def wanted(emotion: str = "calm", favorite: str | None = None, count: int = 100, seed: int = 1) -> RankingRequest:
    return RankingRequest(emotion, favorite, count, seed)


def plant(count: int, folder: str = "calm", orientation: str = Orientation.LANDSCAPE) -> list[Image]:
    """Serving images, the newest one last."""
    side = "v" if orientation == Orientation.PORTRAIT else "h"
    first = Image.objects.count()
    numbers = range(first, first + count)
    return [ImageFactory(key=f"emotions/{folder}/img_20230320-121242_{n}{side}.jpeg") for n in numbers]


def describe(image: Image, prompt: str) -> None:
    """As the worker does when an image appears; there is no file."""
    image.prompt = prompt
    image.save()
    assert sum(describe_missing(images=[image])) == 1


def interact(visitor: str, item: Image | None, *shown: Image, liked: bool = True, **more: Any) -> Interaction | None:
    """A like (or dislike) of `item`, seen together with `shown`."""
    impression = [image.key for image in shown]
    key = None if item is None else item.key
    return record_like(like=Like(visitor_id=visitor, item=key, impression=impression, liked=liked, **more))


def counts() -> dict[tuple[str, str], tuple[int, int]]:
    """(shown, liked) by key and group; rows that say nothing left out."""
    rates = ImageRate.objects.filter(shown__gt=0).select_related("image")
    return {(rate.image.key, rate.group): (rate.shown, rate.liked) for rate in rates}


def counts_of(image: Image, group: str = GROUP) -> tuple[int, int]:
    return counts().get((image.key, group), (0, 0))


def post(api: APIClient, path: str, **body: Any) -> Any:
    return api.post(path, body, format="json")
