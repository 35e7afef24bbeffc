"""Groups of look-alikes over REST: list, settle, undo."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.duplicates.listing import list_groups
from curation.duplicates.resolutions import resolve_group, undo_resolution
from curation.models import Resolution
from curation.services.operations import check_may
from garden.api.curators import CuratorView, curator
from garden.api.etag import answer_unless_known
from garden.api.fields import LARGEST_ID, RowIdField, StringUUIDField, validated
from garden.api.serializers import errors

PAGE = 20
LARGEST_PAGE = 60


class AskedGroupsSerializer(serializers.Serializer[Any]):
    before = RowIdField(required=False, max_value=LARGEST_ID - 1)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_PAGE, default=PAGE)


class RivalSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    key = serializers.CharField()
    url = serializers.URLField()
    thumb = serializers.URLField()
    emotion = serializers.CharField()
    favorite = serializers.CharField()
    orientation = serializers.CharField()
    state = serializers.CharField()
    verdict = serializers.CharField()
    rating = serializers.IntegerField(allow_null=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    prompt = serializers.CharField(help_text="Its first 200 letters.")
    model = serializers.CharField()
    seed = serializers.IntegerField(allow_null=True)
    liked = serializers.IntegerField()
    shown = serializers.IntegerField()
    sharpness = serializers.FloatField()
    distance = serializers.IntegerField(help_text="Bits of the perceptual hash that differ from the best picture's.")


class AlikeGroupSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    size = serializers.IntegerField()
    images = RivalSerializer(many=True, help_text="The best first; of large groups the first 60.")


class AlikeGroupPageSerializer(serializers.Serializer[Any]):
    groups = AlikeGroupSerializer(many=True)
    next = serializers.IntegerField(allow_null=True, help_text="The `before` of the next page.")


class NewSettlementSerializer(serializers.Serializer[Any]):
    id = StringUUIDField(help_text="The client's own: sent twice it is one.")
    how = serializers.ChoiceField(choices=Resolution.How.choices)
    image = RowIdField(
        required=False,
        min_value=1,
        max_value=LARGEST_ID - 1,
        help_text="The one to keep instead of the best, or the only one that is not alike.",
    )


class SettlementSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    how = serializers.CharField()
    group = serializers.IntegerField(allow_null=True)
    best = serializers.IntegerField(allow_null=True)
    images = serializers.ListField(child=serializers.IntegerField())
    undone = serializers.BooleanField()


def describe_settlement(said: Resolution) -> dict[str, Any]:
    return {
        "id": str(said.pk),
        "how": said.how,
        "group": said.group,
        "best": said.best_id,
        "images": said.images,
        "undone": said.undone_at is not None,
    }


class LookalikesView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="Groups of pictures that look almost the same",
        description="Newest first: those nobody has settled yet. With `If-None-Match` 304 while nothing changed.",
        parameters=[AskedGroupsSerializer],
        responses={200: AlikeGroupPageSerializer, 304: None, **errors(400)},
    )
    def get(self, request: Request) -> Response:
        asked = validated(AskedGroupsSerializer, request.query_params)
        page = list_groups(request, asked.get("before"), asked["limit"])
        return answer_unless_known(request, page)


class SettleView(CuratorView):
    change_permission = "curation.decide"

    @extend_schema(
        summary="Say what becomes of a group of look-alikes",
        description="`keep_best` dislikes the others, `remove_others` moves them to the trash and needs that "
        "permission too, `keep_all` closes the group, `not_alike` is remembered.",
        request=NewSettlementSerializer,
        responses={200: SettlementSerializer, **errors(400, 403, 409)},
    )
    def post(self, request: Request, pk: int) -> Response:
        asked = validated(NewSettlementSerializer, request.data)
        if asked["how"] == Resolution.How.REMOVE_OTHERS:
            check_may(request.user, "remove")
        said = resolve_group(
            group=pk, how=asked["how"], by=curator(request), resolution_id=asked["id"], image=asked.get("image")
        )
        return Response(describe_settlement(said))


class UnsettleView(CuratorView):
    change_permission = "curation.decide"

    @extend_schema(
        summary="Take back what was said of a group of look-alikes",
        description="Twice is once.",
        request=None,
        responses={200: SettlementSerializer, **errors(403, 404, 409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        said = get_object_or_404(Resolution, pk=pk)
        if said.how == Resolution.How.REMOVE_OTHERS:
            check_may(request.user, "remove")
        return Response(describe_settlement(undo_resolution(resolution=said, by=curator(request))))
