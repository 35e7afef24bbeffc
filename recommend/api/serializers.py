"""Requests and responses of `/garden` and `/like`: the contract with kiosks."""

from typing import Any

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from garden.api.fields import KEY_MAX_LENGTH, EmotionTextField, KeysField, StringField, StringUUIDField
from garden.api.serializers import GardenImageSerializer, GardenRequestSerializer, GardenSerializer
from garden.models.visitor import ID_MAX_LENGTH
from garden.storage.serving import PublicUrls
from recommend.backends.base import RankedImages
from recommend.models.interaction import EVENT_ID_MAX_LENGTH
from recommend.services.gardens import RecommendedGarden

IMPRESSION_MAX_LENGTH = 25
SHOWN_MAX_LENGTH = 200


class RecommendedGardenRequestSerializer(GardenRequestSerializer):
    """The visitor and the emotion; by default the visitor's last one."""

    emotion = EmotionTextField(
        required=False, allow_blank=True, allow_null=True, help_text="`calm`: every favorite; `calm/cat`"
    )
    recommendationId = StringUUIDField(
        required=False,
        allow_null=True,
        help_text="Of an earlier response: continue in its order from `start`, or with `shown` follow it by a new one.",
    )
    shown = KeysField(
        required=False,
        allow_null=True,
        max_length=SHOWN_MAX_LENGTH,
        help_text="Keys already shown in this visit, in order: they come last.",
    )


class RecommendedImageSerializer(GardenImageSerializer):
    key = serializers.CharField()
    score = serializers.FloatField(help_text="By the recommender's own measure; higher is better.")


class RecommendedGardenSerializer(GardenSerializer):
    """Best first; a few positions are random, so that new pictures are shown."""

    recommendationId = serializers.UUIDField(help_text="Send it with a like.")
    personalized = serializers.BooleanField(
        help_text="False: newest first, because the recommender is unavailable or starting, or the emotion is unknown."
    )
    landscape = RecommendedImageSerializer(many=True)
    portrait = RecommendedImageSerializer(many=True)


class LikeSerializer(serializers.Serializer[Any]):
    """Keys may be full URLs of images."""

    id = StringField(max_length=ID_MAX_LENGTH, help_text="The visitor, who is created if unknown.")
    itemId = StringField(
        max_length=KEY_MAX_LENGTH, allow_null=True, help_text="null: the impression was seen and nothing liked."
    )
    impression = KeysField(
        required=False,
        allow_null=True,
        max_length=IMPRESSION_MAX_LENGTH,
        help_text="Keys shown together, in order. Without it: the item alone.",
    )
    like = serializers.BooleanField(required=False, default=True, help_text="false: a dislike, or a like taken back.")
    eventId = StringField(
        max_length=EVENT_ID_MAX_LENGTH, required=False, allow_blank=True, allow_null=True, help_text="Idempotency key."
    )
    recommendationId = StringField(
        max_length=256,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="Of the garden that showed the pictures.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["itemId"] is None and not attrs.get("impression"):
            raise serializers.ValidationError({"impression": ["Required when itemId is null."]})
        return attrs


def describe_garden(garden: RecommendedGarden, url_of: PublicUrls) -> dict[str, Any]:
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


_VISITOR = "bfc150a5-07ad-45a0-87e8-435e8a21d6ee"
_RECOMMENDATION = "0f0e2c7e-7a0a-4f3b-9d7e-3f0d0c1b2a39"
_SHOWN = [f"emotions/calm/cat/img_starter_{number}h.jpeg" for number in (0, 1, 2)]

GARDEN_REQUEST = OpenApiExample(
    "An emotion",
    value={"id": _VISITOR, "emotion": "calm", "generation": "adult", "gender": "Male", "limit": 30},
    request_only=True,
)
GARDEN = OpenApiExample(
    "A garden",
    value={
        "recommendationId": _RECOMMENDATION,
        "personalized": True,
        "landscape": [
            {"url": f"https://garden.example/media/{_SHOWN[0]}", "emotion": "calm/cat", "key": _SHOWN[0], "score": 0.31}
        ],
        "portrait": [],
    },
    response_only=True,
    status_codes=["200"],
)
LIKE = OpenApiExample(
    "A like",
    value={
        "id": _VISITOR,
        "itemId": _SHOWN[0],
        "impression": _SHOWN,
        "recommendationId": _RECOMMENDATION,
        "eventId": "kiosk-1-0042",
    },
    request_only=True,
)
UNLIKE = OpenApiExample(
    "A dislike, or a like taken back",
    value={"id": _VISITOR, "itemId": _SHOWN[0], "impression": _SHOWN, "like": False},
    request_only=True,
)
NOTHING_LIKED = OpenApiExample(
    "Seen, and none was liked",
    value={"id": _VISITOR, "itemId": None, "impression": _SHOWN},
    request_only=True,
)
