"""Curators send pictures to a wall."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.walls import pictures_to_hang
from garden.api.curators import CuratorView, curator
from garden.api.displays import HungSerializer, KeysField
from garden.api.serializers import ErrorSerializer
from garden.models.wall import SLOTS, Source
from garden.walls.service import find_zone, send


class KeysToHangSerializer(serializers.Serializer[Any]):
    keys = KeysField(min_length=1, max_length=2 * len(SLOTS))


class WallView(CuratorView):
    change_permission = "garden.change_hanging"

    @extend_schema(
        summary="Hang pictures in a zone, as a curator",
        description="Each takes the slot of its orientation where a picture has hung longest; all or none.",
        request=KeysToHangSerializer,
        responses={200: HungSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, zone: str) -> Response:
        asked = KeysToHangSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        place = find_zone(zone)
        images = pictures_to_hang(asked.validated_data["keys"])
        slots = send(place, images, source=Source.CURATOR, by=curator(request).get_username())
        return Response({"zone": place.name, "title": place.title, "version": place.version, "slots": slots})
