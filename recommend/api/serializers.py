"""The shapes of `/garden` and `/like`; they are the contract with kiosks."""

from typing import Any

from rest_framework import serializers

from garden.api.fields import StringField, StringUUIDField
from garden.api.serializers import GardenImageSerializer, GardenRequestSerializer, GardenSerializer
from garden.models.visitor import ID_MAX_LENGTH
from recommend.models.interaction import EVENT_ID_MAX_LENGTH

IMPRESSION_MAX_LENGTH = 25
URL_MAX_LENGTH = 4096


class GardenWishSerializer(GardenRequestSerializer):
    """Who asks and for what. Without an emotion it is the visitor's last one."""

    emotion = StringField(
        max_length=300,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="`calm`: every favorite; `calm/cat`",
    )
    recommendationId = StringUUIDField(
        required=False, allow_null=True, help_text="Of an earlier answer: page through its order with `start`."
    )


class RecommendedImageSerializer(GardenImageSerializer):
    key = serializers.CharField()
    score = serializers.FloatField(help_text="The recommender's own; higher is better.")


class RecommendedGardenSerializer(GardenSerializer):
    """Best first; a little of the order is left to chance, so that new pictures are seen."""

    recommendationId = serializers.UUIDField(help_text="Send it back with a like.")
    personalized = serializers.BooleanField(
        help_text="False: newest first (the recommender is down, or starts), or the emotion is unknown."
    )
    landscape = RecommendedImageSerializer(many=True)
    portrait = RecommendedImageSerializer(many=True)


class LikeSerializer(serializers.Serializer[Any]):
    """Keys may be full URLs of images."""

    id = StringField(max_length=ID_MAX_LENGTH, help_text="The visitor; made if nobody knows them.")
    itemId = StringField(
        max_length=URL_MAX_LENGTH, allow_null=True, help_text="null: the impression was seen and nothing liked."
    )
    impression = serializers.ListField(
        child=StringField(max_length=URL_MAX_LENGTH),
        max_length=IMPRESSION_MAX_LENGTH,
        required=False,
        allow_null=True,
        help_text="Keys shown together, in order. Without it: the item alone.",
    )
    like = serializers.BooleanField(required=False, default=True, help_text="false: a dislike, or a like taken back.")
    eventId = StringField(
        max_length=EVENT_ID_MAX_LENGTH, required=False, allow_blank=True, allow_null=True, help_text="Idempotency key."
    )
    recommendationId = StringField(
        max_length=256, required=False, allow_blank=True, allow_null=True, help_text="Of the garden it answers to."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["itemId"] is None and not attrs.get("impression"):
            raise serializers.ValidationError({"impression": ["Say what was seen when itemId is null."]})
        return attrs
