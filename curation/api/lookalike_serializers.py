"""What the groups of look-alikes are asked, and what they answer."""

from typing import Any

from rest_framework import serializers

from curation.filter_values import LARGEST_ID
from curation.models import Settlement
from garden.api.fields import StringUUIDField

PAGE = 20
LARGEST_PAGE = 60


class AskedGroupsSerializer(serializers.Serializer[Any]):
    before = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST_ID - 1)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_PAGE, default=PAGE)


class RivalSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    key = serializers.CharField()
    url = serializers.URLField()
    thumb = serializers.URLField()
    emotion = serializers.CharField()
    favorite = serializers.CharField()
    orientation = serializers.CharField()
    state = serializers.CharField()
    verdict = serializers.CharField()
    rating = serializers.IntegerField(allow_null=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    prompt = serializers.CharField(help_text="Its first 200 letters.")
    model = serializers.CharField()
    seed = serializers.IntegerField(allow_null=True)
    liked = serializers.IntegerField()
    shown = serializers.IntegerField()
    sharpness = serializers.FloatField()
    distance = serializers.IntegerField(help_text="Bits of the perceptual hash that differ from the best picture's.")


class AlikeGroupSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    size = serializers.IntegerField()
    images = RivalSerializer(many=True, help_text="The best first; of large groups the first 60.")


class AlikeGroupPageSerializer(serializers.Serializer[Any]):
    groups = AlikeGroupSerializer(many=True)
    next = serializers.IntegerField(allow_null=True, help_text="The `before` of the next page.")


class NewSettlementSerializer(serializers.Serializer[Any]):
    id = StringUUIDField(help_text="The client's own: sent twice it is one.")
    how = serializers.ChoiceField(choices=Settlement.How.choices)
    image = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST_ID - 1,
        help_text="The one to keep instead of the best, or the only one that is not alike.",
    )


class SettlementSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    how = serializers.CharField()
    group = serializers.IntegerField(allow_null=True)
    best = serializers.IntegerField(allow_null=True)
    images = serializers.ListField(child=serializers.IntegerField())
    undone = serializers.BooleanField()


def describe_settlement(said: Settlement) -> dict[str, Any]:
    return {
        "id": str(said.pk),
        "how": said.how,
        "group": said.group_id,
        "best": said.best_id,
        "images": said.images,
        "undone": said.undone_at is not None,
    }
