"""The seeds' curator routes: look into the pool, remove, withdraw."""

import json
import re
from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.errors import OperationFailedError
from curation.models import BulkOperation
from curation.services.operations import AT_ONCE, MOST, remove_images, run_operation, withdraw_images
from garden.api.curators import CuratorView, curator
from garden.api.fields import StringField, validated
from garden.api.serializers import GardenRequestSerializer, GardenSerializer
from garden.api.views import list_garden
from garden.batches import batches
from garden.models import Image
from garden.storage.serving import PublicUrls

_KEYS = {"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}
_UNKEPT = re.compile("[\0\ud800-\udfff]")
"""NUL and halves of characters: JSON can say them, no database looks for them."""


@extend_schema_field(_KEYS)
class SeedKeysField(serializers.Field[list[str], Any, list[str], Any]):
    """A list of keys or URLs, the same list as a JSON string (the seed's bulk page sends that), or one key."""

    def to_internal_value(self, data: Any) -> list[str]:
        keys = _read_keys(data) if isinstance(data, str) else data
        if not isinstance(keys, list) or not all(isinstance(key, str) and not _UNKEPT.search(key) for key in keys):
            raise serializers.ValidationError("It must be a list of keys, or that list as a JSON string.")
        if len(keys) > MOST:
            raise serializers.ValidationError(f"At most {MOST:,} keys at once.")
        return list(dict.fromkeys(keys))


class RemoveSerializer(serializers.Serializer[Any]):
    objName = SeedKeysField()


class RemovedSerializer(serializers.Serializer[Any]):
    removed = serializers.IntegerField(help_text="How many went to the trash; those that were there do not count.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="Those sent that name no picture.")
    act = serializers.UUIDField(help_text="To undo it.")


class ClearIndexSerializer(serializers.Serializer[Any]):
    objName = StringField(max_length=4_000)


class ClearedSerializer(serializers.Serializer[Any]):
    withdrawn = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.CharField(), help_text="The one sent, where it names none.")
    act = serializers.UUIDField(help_text="To undo it.")


class RetrieveView(CuratorView):
    change_permission = "curation.view_review"

    @extend_schema(
        summary="Pictures of the pool, newest first",
        request=GardenRequestSerializer,
        responses=GardenSerializer,
    )
    def post(self, request: Request) -> Response:
        data = validated(GardenRequestSerializer, request.data)
        return Response(list_garden(data, PublicUrls(request), Image.objects.pool()))


class RemoveView(CuratorView):
    change_permission = "curation.remove_images"

    @extend_schema(
        summary="Move pictures to the trash",
        request=RemoveSerializer,
        responses=RemovedSerializer,
    )
    def post(self, request: Request) -> Response:
        data = validated(RemoveSerializer, request.data)
        operation, missing = _begin(remove_images, data["objName"], request)
        return Response({"removed": operation.total, "missing": missing, "act": operation.pk})


class ClearIndexView(CuratorView):
    change_permission = "curation.publish_images"

    @extend_schema(
        summary="Take a picture out of the garden; its file stays",
        request=ClearIndexSerializer,
        responses=ClearedSerializer,
    )
    def post(self, request: Request) -> Response:
        data = validated(ClearIndexSerializer, request.data)
        operation, missing = _begin(withdraw_images, [data["objName"]], request)
        return Response({"withdrawn": operation.total, "missing": missing, "act": operation.pk})


def _begin(begin: Callable[..., BulkOperation], texts: list[str], request: Request) -> tuple[BulkOperation, list[str]]:
    """The finished operation on the pictures that keys or URLs name, and the texts that name none.

    The seeds' clients do not poll: they wait for the answer.
    """
    images = Image.objects.only("id", "key")
    named = {text: image.pk for some in batches(texts) for text, image in images.by_key_or_url(some).items()}
    operation = begin(images=list(dict.fromkeys(named.values())), by=curator(request))
    if operation.total > AT_ONCE:
        operation = run_operation(operation_id=operation.pk)
    if operation.state == BulkOperation.State.FAILED:
        raise OperationFailedError(operation.error, act=str(operation.pk))
    return operation, [text for text in texts if text not in named]


def _read_keys(text: str) -> Any:
    """A list as JSON, or one key; None for a list that is no JSON."""
    if not text.lstrip().startswith("["):
        return [text]
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
