"""What is asked of acts and releases, and what they answer."""

from typing import Any

from rest_framework import serializers

from curation.api.image_serializers import FilterSerializer
from curation.models import Act, Release
from curation.models.act import Kind
from curation.services.operations import MOST
from garden.api.fields import RowIdField, StringField, StringUUIDField
from garden.storage.keys import is_favorite
from garden.vocabulary import Emotion

ASKABLE = [kind.value for kind in (Kind.REMOVE, Kind.PUBLISH, Kind.RESTORE, Kind.WITHDRAW, Kind.LABEL, Kind.PURGE)]
NOTE = 2_000


class LabelsSerializer(serializers.Serializer[Any]):
    """What is left out stays as it is; an empty favorite is none."""

    emotion = serializers.ChoiceField(choices=[str(emotion) for emotion in Emotion], required=False)
    favorite = StringField(max_length=100, allow_blank=True, required=False)

    def validate_favorite(self, favorite: str) -> str:
        if favorite and not is_favorite(favorite):
            raise serializers.ValidationError("A favorite is printable text without a slash.")
        return favorite

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("Give an emotion, a favorite or both.")
        return attrs


class NewActSerializer(serializers.Serializer[Any]):
    """Give `images` or `filter`. The same `id` twice is one act."""

    id = StringUUIDField()
    kind = serializers.ChoiceField(choices=ASKABLE)
    images = serializers.ListField(child=RowIdField(), max_length=MOST, required=False)
    filter = FilterSerializer(required=False)
    labels = LabelsSerializer(required=False, help_text="For `label` alone, which needs them.")
    note = StringField(max_length=NOTE, required=False, allow_blank=True, default="")
    schedule = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def to_internal_value(self, data: Any) -> Any:
        """The filter as it was sent: `ImageFilter` reads it."""
        read = super().to_internal_value(data)
        if "filter" in read:
            read["filter"] = data["filter"]
        return read

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("images" in attrs) == ("filter" in attrs):
            raise serializers.ValidationError({"images": "Give images or a filter, not both."})
        if ("labels" in attrs) != (attrs["kind"] == Kind.LABEL):
            raise serializers.ValidationError({"labels": "`label` needs labels, and no other kind has them."})
        return attrs


class NoteSerializer(serializers.Serializer[Any]):
    id = StringUUIDField(required=False, help_text="The same one twice is one act.")
    note = StringField(max_length=NOTE, required=False, allow_blank=True, default="")


class ReleaseNameSerializer(serializers.Serializer[Release]):
    id = serializers.IntegerField()
    garden = serializers.CharField(source="garden_id")
    number = serializers.IntegerField(allow_null=True, help_text="None until it goes live.")
    goes_live_at = serializers.DateTimeField(allow_null=True)


class ActSerializer(serializers.Serializer[Act]):
    """Poll it while `state` is `queued` or `running`. `total` of them fitted, the others were left alone."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.CharField()
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    error = serializers.CharField()
    note = serializers.CharField()
    by = serializers.SerializerMethodField()
    at = serializers.DateTimeField()
    undoable = serializers.BooleanField(source="is_undoable")
    undoes = serializers.UUIDField(source="undoes_id", allow_null=True)
    releases = ReleaseNameSerializer(many=True)

    def get_by(self, act: Act) -> str:
        return act.by.get_username() if act.by else ""


class ReleaseSerializer(ReleaseNameSerializer):
    by = serializers.SerializerMethodField()
    note = serializers.CharField()
    act = serializers.UUIDField(source="act_id", allow_null=True)
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    returns_to = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    live_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    live = serializers.SerializerMethodField()

    def get_by(self, release: Release) -> str:
        return release.by.get_username() if release.by else ""

    def get_live(self, release: Release) -> bool:
        return release.garden.live_id == release.pk


class ReleasesSerializer(serializers.Serializer[Any]):
    releases = ReleaseSerializer(many=True)
    next = serializers.IntegerField(allow_null=True, help_text="The `before` of the next page.")


class DiffSerializer(serializers.Serializer[Any]):
    """Keys that the later one has and the earlier one has not, and the other way round."""

    garden = serializers.CharField()
    first = serializers.IntegerField()
    second = serializers.IntegerField()
    added = serializers.ListField(child=serializers.CharField())
    removed = serializers.ListField(child=serializers.CharField())


def describe_act(act: Act) -> dict[str, Any]:
    found = Act.objects.select_related("by", "undone_by").prefetch_related("releases").get(pk=act.pk)
    described: dict[str, Any] = dict(ActSerializer(found).data)
    return described
