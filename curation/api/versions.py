"""A version of a retouch: repeated on other pictures, made a picture of the pool or the garden."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.images import LARGEST_PAGE, ImagePageSerializer, describe_page
from curation.library.paging import Page, rows_with
from curation.services.retouching import publish_version
from garden.api.curators import curator
from garden.api.fields import RowIdField, StringField, validated
from garden.api.serializers import errors
from garden.models import Image
from garden.vocabulary import Emotion
from generation.api.canvases import RetouchVersionSerializer, RetouchView
from generation.api.versions import describe_version, find_version
from generation.retouch.edits import repeat_edit, siblings_of

MOST_SIBLINGS = 500


class SiblingsSerializer(serializers.Serializer[Any]):
    images = serializers.ListField(child=RowIdField(), min_length=1, max_length=MOST_SIBLINGS)
    settings = serializers.JSONField(required=False, default=dict)


class RepeatedSerializer(serializers.Serializer[Any]):
    job = serializers.UUIDField()
    versions = RetouchVersionSerializer(many=True)


class PublishSerializer(serializers.Serializer[Any]):
    place = serializers.ChoiceField(choices=["new", "old"], default="new")
    serve = serializers.BooleanField(default=False, help_text="Of a new one: into the garden at once.")
    emotion = serializers.ChoiceField(choices=[str(one) for one in Emotion], required=False, default="")
    favorite = StringField(max_length=255, required=False, allow_blank=True, default="")
    note = StringField(max_length=2_000, required=False, allow_blank=True, default="")


class PublishedSerializer(serializers.Serializer[Any]):
    image = serializers.IntegerField()
    key = serializers.CharField()
    act = serializers.UUIDField(allow_null=True)


class SiblingsView(RetouchView):
    @extend_schema(summary="Other pictures of the same job and size", responses=ImagePageSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        alike = siblings_of(find_version(pk)).values_list("pk", flat=True)[:LARGEST_PAGE]
        return Response(describe_page(Page(rows_with(alike)), request))

    @extend_schema(
        summary="The same edit on other pictures",
        description="One job, a version for each; `settings` change some of them.",
        request=SiblingsSerializer,
        responses={201: RepeatedSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        data = validated(SiblingsSerializer, request.data)
        ids = dict.fromkeys(data["images"])
        images = Image.objects.in_bulk(list(ids))
        if missing := [image for image in ids if image not in images]:
            raise NotFound(f"There is no image {missing[0]}.")
        job, versions = repeat_edit(
            version=find_version(pk),
            images=[images[image] for image in ids],
            by=curator(request),
            changes=data["settings"],
        )
        described = [describe_version(version, request) for version in versions]
        return Response({"job": job.pk, "versions": described}, status=201)


class PublishView(RetouchView):
    @extend_schema(
        summary="Make a picture of a version",
        description="`new`: a picture of the pool, with `serve` in the garden at once. `old`: in the place of the one "
        "it was made from, which goes to the shelf in the same release (or to the trash, if it was never published). "
        "The garden needs `curation.publish_images`, the trash `curation.remove_images`. Twice is once.",
        request=PublishSerializer,
        responses={200: PublishedSerializer, **errors(409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        data, version = validated(PublishSerializer, request.data), find_version(pk)
        in_place = data.pop("place") == "old"
        made = publish_version(version=version, by=curator(request), in_place=in_place, **data)
        return Response({"image": made.image.pk, "key": made.image.key, "act": made.operation and made.operation.pk})
