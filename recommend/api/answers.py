"""A garden as kiosks read it."""

from typing import Any

from garden.storage.urls import PublicUrls
from recommend.backends.base import RankedImages
from recommend.services import Garden


def describe_garden(garden: Garden, url_of: PublicUrls) -> dict[str, Any]:
    """The answer of `/garden`, field for field."""
    return {
        "recommendationId": str(garden.recommendation_id),
        "personalized": garden.personalized,
        **{orientation.value: _describe(found, url_of) for orientation, found in garden.ranking.images.items()},
    }


def _describe(images: RankedImages, url_of: PublicUrls) -> list[dict[str, Any]]:
    return [
        {"url": url_of(key), "emotion": _emotion_path(key), "key": key, "score": score}
        for key, score in zip(images.keys, images.scores, strict=True)
    ]


def _emotion_path(key: str) -> str:
    """`emotions/calm/cat/img_….jpeg` → `calm/cat`; the key of a published image has both slashes."""
    return key[key.index("/") + 1 : key.rindex("/")]
