"""Curators send pictures of the garden to a wall; of an original, its copy in the garden."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.errors import NotPublishedError
from garden.api.curators import CuratorView, curator
from garden.api.displays import AssignedSerializer, KeysField
from garden.api.fields import validated
from garden.api.serializers import errors
from garden.models import Image
from garden.models.wall import SLOTS, Source
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


class KeysToHangSerializer(serializers.Serializer[Any]):
    keys = KeysField(min_length=1, max_length=2 * len(SLOTS))


class WallView(CuratorView):
    change_permission = "garden.change_assignment"

    @extend_schema(
        summary="Show pictures in a zone, as a curator",
        description="Each takes the slot of its orientation where a picture was shown longest; all or none.",
        request=KeysToHangSerializer,
        responses={200: AssignedSerializer, **errors(409)},
    )
    def post(self, request: Request, zone: str) -> Response:
        data = validated(KeysToHangSerializer, request.data)
        place = find_zone(zone)
        images = pictures_to_hang(data["keys"])
        slots = send(place, images, source=Source.CURATOR, by=curator(request).get_username())
        return Response({"zone": place.name, "title": place.title, "version": place.version, "slots": slots})
