"""Groups of look-alikes over REST: list, settle, undo."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.lookalike_serializers import (
    AlikeGroupPageSerializer,
    AskedGroupsSerializer,
    NewSettlementSerializer,
    SettlementSerializer,
    describe_settlement,
)
from curation.likeness.listing import list_groups
from curation.likeness.settling import settle_group, undo_settlement
from curation.models import Settlement
from curation.services.permissions import check_may
from garden.api.curators import CuratorView, curator
from garden.api.etag import answer_unless_known
from garden.api.serializers import ErrorSerializer


class LookalikesView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="Groups of pictures that look almost the same",
        description="Newest first: those nobody has settled yet. With `If-None-Match` 304 while nothing changed.",
        parameters=[AskedGroupsSerializer],
        responses={200: AlikeGroupPageSerializer, 304: None, 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        asked = AskedGroupsSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        page = list_groups(request, asked.validated_data.get("before"), asked.validated_data["limit"])
        return answer_unless_known(request, page)


class SettleView(CuratorView):
    change_permission = "curation.decide"

    @extend_schema(
        summary="Say what becomes of a group of look-alikes",
        description="`keep_best` dislikes the others, `remove_others` moves them to the trash and needs that "
        "permission too, `keep_all` closes the group, `not_alike` is remembered.",
        request=NewSettlementSerializer,
        responses={200: SettlementSerializer, 400: ErrorSerializer, 403: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        given = NewSettlementSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        if asked["how"] == Settlement.How.REMOVE_OTHERS:
            check_may(request.user, "remove")
        said = settle_group(
            group=pk, how=asked["how"], by=curator(request), settlement_id=asked["id"], image=asked.get("image")
        )
        return Response(describe_settlement(said))


class UnsettleView(CuratorView):
    change_permission = "curation.decide"

    @extend_schema(
        summary="Take back what was said of a group of look-alikes",
        description="Twice is once.",
        request=None,
        responses={200: SettlementSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        said = get_object_or_404(Settlement, pk=pk)
        if said.how == Settlement.How.REMOVE_OTHERS:
            check_may(request.user, "remove")
        return Response(describe_settlement(undo_settlement(settlement=said, by=curator(request))))
