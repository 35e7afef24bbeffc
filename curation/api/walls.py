"""Curators send pictures of the garden to a wall; of an original, its copy in the garden."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.errors import NotPublishedError
from curation.models import ReleaseChange
from garden.api.curators import CuratorView, curator
from garden.api.displays import AssignedSerializer
from garden.api.fields import KeysField, StringUUIDField, validated
from garden.api.serializers import errors
from garden.models import Image
from garden.models.image import ImageQuerySet
from garden.models.wall import SLOTS, Source
from garden.vocabulary import Orientation
from garden.walls.service import find_pictures, find_zone, send

States = Image.State


def pictures_to_hang(keys: Sequence[str]) -> list[Image]:
    """In their order; of an original the copy that is in the garden.

    Raises NotPublishedError for what visitors cannot see, UnknownPictureError for what is not there.
    """
    known = Image.objects.select_related("published_as").by_key_or_url(keys)
    names = [_in_the_garden(known[key]) if key in known else key for key in keys]
    return find_pictures(names)


def _in_the_garden(image: Image) -> str:
    copy: Image | None = getattr(image, "published_as", None) if image.state == States.PUBLISHED else image
    if copy is None or copy.state != States.SERVING:
        raise NotPublishedError(
            "This picture is not in the garden now, so it cannot hang on a wall. Publish it first.", key=image.key
        )
    return copy.key


def published_by(operation: object) -> ImageQuerySet:
    """The pictures that a bulk operation published and visitors still see; none for what is no id."""
    try:
        changes = ReleaseChange.objects.filter(release__operation=UUID(str(operation)), change=ReleaseChange.Change.ADD)
    except ValueError:
        return Image.objects.none()
    return Image.objects.serving().filter(pk__in=changes.values("image"))


def as_many_as_hang(images: ImageQuerySet) -> list[Image]:
    """The newest, at most as many of each orientation as a zone has slots."""
    newest = images.order_by("-id")
    return [image for side in Orientation for image in newest.filter(orientation=side)[: len(SLOTS)]]


class KeysToHangSerializer(serializers.Serializer[Any]):
    """Either `keys`, or a bulk operation whose newest published pictures are shown."""

    keys = KeysField(min_length=1, max_length=2 * len(SLOTS), required=False)
    operation = StringUUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("keys" in attrs) == ("operation" in attrs):
            raise serializers.ValidationError({"keys": "Send either keys or operation."})
        return attrs


class WallView(CuratorView):
    change_permission = "garden.change_assignment"

    @extend_schema(
        summary="Show pictures in a zone, as a curator",
        description="Each takes the slot of its orientation where a picture was shown longest; all or none. With "
        "`operation`: the newest pictures that this bulk operation published, at most 8 of each orientation.",
        request=KeysToHangSerializer,
        responses={200: AssignedSerializer, **errors(409)},
    )
    def post(self, request: Request, zone: str) -> Response:
        data = validated(KeysToHangSerializer, request.data)
        place = find_zone(zone)
        if "keys" in data:
            images = pictures_to_hang(data["keys"])
        else:
            images = as_many_as_hang(published_by(data["operation"]))
            if not images:
                raise NotPublishedError("This operation published no picture that is in the garden now.")
        slots = send(place, images, source=Source.CURATOR, by=curator(request).get_username())
        return Response({"zone": place.name, "title": place.title, "version": place.version, "slots": slots})
