"""A souvenir for a kiosk to give."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.display_serializers import KEY_MAX_LENGTH
from garden.api.fields import StringField
from garden.api.kiosks import KioskView
from garden.api.serializers import ErrorSerializer
from garden.errors import RefusedError
from garden.models import Image
from garden.souvenirs.links import link_for, qr_file_of, souvenir_address


class UnknownPictureError(RefusedError):
    code = "unknown_image"
    status = 404


class SouvenirRequestSerializer(serializers.Serializer[Any]):
    key = StringField(max_length=KEY_MAX_LENGTH, help_text="The key or URL of a published picture.")


class SouvenirSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="Where a phone opens it; empty where no phone could.")
    code_svg = serializers.CharField(help_text="Its QR code, an SVG document; empty without an address.")


class SouvenirView(KioskView):
    @extend_schema(
        summary="A short link to a picture",
        description="Asked again for the same picture it gives the same link, while half of its life is left.",
        request={"application/json": SouvenirRequestSerializer},
        responses={200: SouvenirSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
        examples=[
            OpenApiExample("A picture", value={"key": "emotions/calm/img_20230320-121242_6h.jpeg"}, request_only=True)
        ],
    )
    def post(self, request: Request) -> Response:
        asked = SouvenirRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        address = souvenir_address(request._request, link_for(_picture(asked.validated_data["key"])))
        return Response({"url": address, "code_svg": qr_file_of(address) if address else ""})


def _picture(key: str) -> Image:
    image = Image.objects.viewable().by_key_or_url([key]).get(key)
    if image is None:
        raise UnknownPictureError("This picture is not in the garden.", key=key)
    return image
