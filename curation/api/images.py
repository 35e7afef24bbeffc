"""The lists behind review and library; uploads into them and downloads from them."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from curation.duplicates.groups import count_duplicates
from curation.library.filters import FilterSerializer, ImageFilter
from curation.library.paging import Page, Row, count_by_verdict, page_after, page_around, page_before, rows_with
from curation.models import Decision
from curation.services.uploads import upload_picture
from garden.api.curators import CuratorView
from garden.api.etag import answer_unless_known
from garden.api.fields import LARGEST_ID, FavoriteField, RowIdField, validated
from garden.models import Image, ImageFile
from garden.storage.serving import PublicUrls
from garden.storage.thumbnails import thumbnail_key
from garden.vocabulary import Emotion

PAGE = 60
LARGEST_PAGE = 500


@extend_schema_field({"type": "string"})
class IdsField(serializers.Field[list[int], str, str, Any]):
    """`1,2,3`."""

    def to_internal_value(self, data: str) -> list[int]:
        parts = data.split(",")
        if len(parts) > LARGEST_PAGE or not all(part.isascii() and part.isdecimal() for part in parts):
            raise serializers.ValidationError(f"At most {LARGEST_PAGE} numbers, separated by commas.")
        return [number for part in parts if (number := int(part[:20])) <= LARGEST_ID]


class PageQuerySerializer(serializers.Serializer[Any]):
    """At most one of `before`, `after` and `around`: none asks for the newest."""

    before = RowIdField(required=False, max_value=LARGEST_ID - 1)
    after = RowIdField(required=False, max_value=LARGEST_ID - 1)
    around = RowIdField(required=False, max_value=LARGEST_ID - 1)
    ids = IdsField(required=False)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_PAGE, default=PAGE)


class MineSerializer(serializers.Serializer[Any]):
    verdict = serializers.CharField()
    rating = serializers.IntegerField(allow_null=True)


class PictureSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    key = serializers.CharField()
    url = serializers.URLField()
    thumb = serializers.URLField(help_text="May not be made yet: show `url` then.")
    emotion = serializers.CharField()
    favorite = serializers.CharField()
    orientation = serializers.CharField()
    state = serializers.CharField()
    verdict = serializers.CharField(help_text="What all votes came to.")
    rating = serializers.IntegerField(allow_null=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    model = serializers.CharField()
    prompt = serializers.CharField(help_text="Its first 200 letters.")


class ImageSerializer(PictureSerializer):
    mine = MineSerializer(allow_null=True, help_text="The asking curator's own vote.")
    alike = serializers.IntegerField(help_text="How many other pictures look almost the same.")


class ImagePageSerializer(serializers.Serializer[Any]):
    images = ImageSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)
    previous = serializers.IntegerField(allow_null=True)


class CountsSerializer(serializers.Serializer[Any]):
    """Of the filter whatever its verdict is."""

    all = serializers.IntegerField()
    liked = serializers.IntegerField()
    disliked = serializers.IntegerField()
    undecided = serializers.IntegerField()
    disputed = serializers.IntegerField()
    at_least = serializers.ListField(child=serializers.CharField())


def describe_page(page: Page, request: HttpRequest) -> dict[str, Any]:
    """As `ImagePageSerializer` documents it."""
    return {"images": describe_images(page.rows, request), "next": page.next, "previous": page.previous}


def describe_images(rows: list[Row], request: HttpRequest) -> list[Row]:
    """As `ImageSerializer` documents them; in place: a page has hundreds of them."""
    ids = [row["id"] for row in rows]
    mine, alike = _own_votes(ids, request.user.pk), count_duplicates(ids)
    for row in rows:
        row["prompt"] = row.pop("short_prompt")
        row["mine"], row["alike"] = mine.get(row["id"]), alike.get(row["id"], 0)
    return add_addresses(rows, request)


def add_addresses(rows: list[Row], request: HttpRequest) -> list[Row]:
    """`url` and `thumb` of rows that have the `id` and `key` of an image."""
    small, url_of = ImageFile.objects.with_thumbnail([row["id"] for row in rows]), PublicUrls(request)
    for row in rows:
        row["url"] = url_of(row["key"])
        row["thumb"] = url_of(thumbnail_key(row["key"])) if row["id"] in small else row["url"]
    return rows


def _own_votes(ids: list[int], curator: int | None) -> dict[int, dict[str, Any]]:
    votes = Decision.objects.current().filter(curator=curator, image__in=ids)
    found = votes.values_list("image_id", "verdict", "rating")
    return {image: {"verdict": verdict, "rating": rating} for image, verdict, rating in found if image}


class UploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="JPEG, PNG or WebP; at most 64 MB and 36 million pixels.")
    emotion = serializers.ChoiceField(choices=[str(emotion) for emotion in Emotion], required=False, default="")
    favorite = FavoriteField(required=False, default="")


class ImagesView(CuratorView):
    permission = "curation.view_review"
    change_permission = "generation.add_generationjob"
    parser_classes = [MultiPartParser]

    @extend_schema(
        summary="Pictures as curators see them, newest first",
        description="`next` is the `before` of the older page, `previous` the `after` of the newer one. "
        "A page may be short, or empty, and still have a `next`: go on there. "
        "With `ids` these pictures as they are now, whatever the filter. "
        "With `If-None-Match` the answer is 304 until something changed.",
        parameters=[FilterSerializer, PageQuerySerializer],
        responses={200: ImagePageSerializer, 304: None},
    )
    def get(self, request: Request) -> Response:
        data = validated(PageQuerySerializer, request.query_params)
        page = _page(ImageFilter.from_query(request.query_params), data)
        return answer_unless_known(request, describe_page(page, request))

    @extend_schema(
        summary="Upload a picture into the pool",
        description="It is encoded again as JPEG. The same file with the same emotion and favorite is one picture: "
        "201 when it is new, 200 when it is known.",
        request={"multipart/form-data": UploadSerializer},
        responses={200: ImageSerializer, 201: ImageSerializer},
    )
    def post(self, request: Request) -> Response:
        data = validated(UploadSerializer, request.data)
        file = data["file"]
        image, is_new = upload_picture(
            content=file.read(), name=file.name, emotion=data["emotion"], favorite=data["favorite"]
        )
        [described] = describe_images(rows_with([image.pk]), request)
        return Response(described, status=201 if is_new else 200)


class DownloadQuerySerializer(serializers.Serializer[Any]):
    ids = IdsField(help_text="At most 500, separated by commas.")


class _Buffer(io.RawIOBase):
    """What was written since it was last taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def zip_of(keys: Sequence[str]) -> Iterator[bytes]:
    """The bytes of an archive with the files of these keys, one after the other; missing ones are left out.

    Nothing is compressed again, and no more than one picture is in memory.
    """
    buffer = _Buffer()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for key in keys:
            try:
                with default_storage.open(key) as file:
                    archive.writestr(zipfile.ZipInfo(key), file.read())
            except FileNotFoundError:
                continue
            yield buffer.take()
    yield buffer.take()


class DownloadView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="Pictures as a ZIP file",
        description="With the folders of their keys. A picture whose file is missing is left out.",
        parameters=[DownloadQuerySerializer],
        responses={(200, "application/zip"): bytes},
    )
    def get(self, request: Request) -> HttpResponseBase:
        ids = validated(DownloadQuerySerializer, request.query_params)["ids"]
        keys = list(Image.objects.filter(pk__in=ids).order_by("-id").values_list("key", flat=True))
        headers = {"Content-Disposition": 'attachment; filename="pictures.zip"', "Cache-Control": "private, no-store"}
        return StreamingHttpResponse(zip_of(keys), content_type="application/zip", headers=headers)


class CountsView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="How many pictures a filter shows",
        description="Counting stops at 10,000 of each; `at_least` names what was not counted to its end. "
        "With `exact=1` all are counted.",
        parameters=[FilterSerializer],
        responses=CountsSerializer,
    )
    def get(self, request: Request) -> Response:
        filters = ImageFilter.from_query(request.query_params)
        return answer_unless_known(request, count_by_verdict(filters, exact=request.query_params.get("exact") == "1"))


def _page(filters: ImageFilter, data: dict[str, Any]) -> Page:
    limit = data["limit"]
    if "ids" in data:
        return Page(rows_with(data["ids"]))
    if "around" in data:
        return page_around(filters, data["around"], limit)
    if "after" in data:
        return page_after(filters, data["after"], limit)
    return page_before(filters, data.get("before"), limit)
