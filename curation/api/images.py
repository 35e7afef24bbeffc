"""The lists behind the review page, the viewer and the trash."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.image_serializers import AskedPageSerializer, CountsSerializer, FilterSerializer, ImagePageSerializer
from curation.counting import count_by_verdict
from curation.descriptions import describe_page
from curation.filters import ImageFilter
from curation.paging import Page, page_after, page_around, page_before, rows_with
from garden.api.curators import CuratorView
from garden.api.etag import answer_unless_known
from garden.api.serializers import ErrorSerializer


class ImagesView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="Pictures as curators see them, newest first",
        description="`next` is the `before` of the older page, `previous` the `after` of the newer one. "
        "A page may be short, or empty, and still have a `next`: go on there. "
        "With `ids` these pictures as they are now, whatever the filter. "
        "With `If-None-Match` the answer is 304 until something changed.",
        parameters=[FilterSerializer, AskedPageSerializer],
        responses={200: ImagePageSerializer, 304: None, 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        asked = AskedPageSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        page = _page(ImageFilter.from_query(request.query_params), asked.validated_data)
        return answer_unless_known(request, describe_page(page, request))


class CountsView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="How many pictures a filter shows",
        description="Counting stops at 10,000 of each; `at_least` names what was not counted to its end. "
        "With `exact=1` all are counted.",
        parameters=[FilterSerializer],
        responses={200: CountsSerializer, 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        wanted = ImageFilter.from_query(request.query_params)
        return answer_unless_known(request, count_by_verdict(wanted, exact=request.query_params.get("exact") == "1"))


def _page(wanted: ImageFilter, asked: dict[str, Any]) -> Page:
    limit = asked["limit"]
    if "ids" in asked:
        return Page(rows_with(asked["ids"]), None, None)
    if "around" in asked:
        return page_around(wanted, asked["around"], limit)
    if "after" in asked:
        return page_after(wanted, asked["after"], limit)
    return page_before(wanted, asked.get("before"), limit)
