"""A version onto other pictures, into the pool, into the garden."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.images import LARGEST_PAGE, ImagePageSerializer, describe_page
from curation.api.retouch.describing import describe_version
from curation.api.retouch.finding import RetouchView, find_version
from curation.api.retouch.serializers import (
    PublishedSerializer,
    PublishSerializer,
    RepeatedSerializer,
    SiblingsSerializer,
)
from curation.library.paging import Page, rows_with
from curation.models.act import Kind
from curation.services.operations import check_may
from curation.services.retouching import publish_version, shown_of
from garden.api.curators import curator
from garden.api.serializers import ErrorSerializer
from garden.models import Image
from generation.models import Version
from generation.retouch.edits import repeat_edit, siblings_of


class SiblingsView(RetouchView):
    @extend_schema(
        summary="Other pictures of the same job and size",
        responses={200: ImagePageSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        alike = siblings_of(find_version(pk)).values_list("pk", flat=True)[:LARGEST_PAGE]
        return Response(describe_page(Page(rows_with(list(alike)), None, None), request._request))

    @extend_schema(
        summary="The same edit on other pictures",
        description="One job, a version for each; `settings` change some of them.",
        request=SiblingsSerializer,
        responses={201: RepeatedSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        asked = SiblingsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = dict.fromkeys(asked.validated_data["images"])
        images = Image.objects.in_bulk(list(wanted))
        if missing := [image for image in wanted if image not in images]:
            raise NotFound(f"There is no image {missing[0]}.")
        job, versions = repeat_edit(
            version=find_version(pk),
            images=[images[image] for image in wanted],
            by=curator(request),
            changes=asked.validated_data["settings"],
        )
        described = [describe_version(version, request) for version in versions]
        return Response({"job": str(job.pk), "versions": described}, status=201)


class PublishView(RetouchView):
    @extend_schema(
        summary="Make a picture of a version",
        description="`new`: a picture of the pool, with `serve` in the garden at once. `old`: in the place of the one "
        "it was made from, which goes to the shelf in the same release (or to the trash, if it was never published). "
        "The garden needs `curation.publish_images`, the trash `curation.remove_images`. Twice is once.",
        request=PublishSerializer,
        responses={
            200: PublishedSerializer,
            400: ErrorSerializer,
            403: ErrorSerializer,
            404: ErrorSerializer,
            409: ErrorSerializer,
        },
    )
    def post(self, request: Request, pk: UUID) -> Response:
        given = PublishSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked, version = given.validated_data, find_version(pk)
        in_place = asked.pop("place") == "old"
        check_may_publish(request, version, in_place=in_place, serve=asked["serve"])
        made = publish_version(version=version, by=curator(request), in_place=in_place, **asked)
        act = made.act and str(made.act.pk)
        return Response({"image": made.image.pk, "key": made.image.key, "act": act})


def check_may_publish(request: Request, version: Version, *, in_place: bool, serve: bool) -> None:
    """Raises NotAllowedError."""
    old = shown_of(version.canvas) if in_place else None
    if old is not None and old.state == Image.State.SERVING:
        check_may(request.user, Kind.REPLACE)
    elif old is not None and old.state == Image.State.POOL:
        check_may(request.user, Kind.REMOVE)
    elif serve:
        check_may(request.user, Kind.PUBLISH)
