"""Groups of look-alikes over REST: list, settle, undo."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.images import PictureSerializer, add_addresses
from curation.duplicates.groups import Member, unresolved_members
from curation.duplicates.hashing import distance_between
from curation.duplicates.resolutions import How, resolve_group, undo_resolution
from curation.library.paging import FIELDS, PROMPT_LETTERS, Row
from curation.models import BulkOperation, Fingerprint
from garden.api.curators import CuratorView, curator
from garden.api.etag import answer_unless_known
from garden.api.fields import LARGEST_ID, RowIdField, StringUUIDField, validated
from garden.api.serializers import errors

PAGE = 20
LARGEST_PAGE = 60
SHOWN = 60
"""Pictures of one group."""


class GroupQuerySerializer(serializers.Serializer[Any]):
    before = RowIdField(required=False, max_value=LARGEST_ID - 1)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_PAGE, default=PAGE)


class RivalSerializer(PictureSerializer):
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


def list_groups(request: HttpRequest, before: int | None, limit: int) -> dict[str, Any]:
    """As `AlikeGroupPageSerializer` documents it: after the group whose newest picture has the id `before`."""
    waiting = Fingerprint.objects.open_groups()
    if before is not None:
        waiting = waiting.filter(newest__lt=before)
    rows = list(waiting[:limit])
    found = [row["group"] for row in rows]
    members = {group: some for group, some in unresolved_members(found).items() if len(some) > 1}
    groups: list[dict[str, Any]] = [
        {
            "id": group,
            "size": len(members[group]),
            "images": [_describe(member, members[group][0]) for member in members[group][:SHOWN]],
        }
        for group in found
        if group in members
    ]
    add_addresses([image for group in groups for image in group["images"]], request)
    return {"groups": groups, "next": rows[-1]["newest"] if len(rows) == limit else None}


def _describe(member: Member, best: Member) -> Row:
    return {
        **{name: getattr(member.image, name) for name in FIELDS},
        "prompt": member.image.prompt[:PROMPT_LETTERS],
        "seed": member.image.parameters.get("seed"),
        "liked": member.liked,
        "shown": member.shown,
        "sharpness": round(member.fingerprint.sharpness, 1),
        "distance": distance_between(member.fingerprint.phash, best.fingerprint.phash),
    }


class NewResolutionSerializer(serializers.Serializer[Any]):
    id = StringUUIDField(help_text="The client's own: sent twice it is one.")
    how = serializers.ChoiceField(choices=[how.value for how in How])
    image = RowIdField(
        required=False,
        min_value=1,
        max_value=LARGEST_ID - 1,
        help_text="The one to keep instead of the best, or the only one that is not alike.",
    )


class ResolutionSerializer(serializers.ModelSerializer[BulkOperation]):
    how = serializers.CharField(source="selection.how")
    group = serializers.IntegerField(source="selection.group")
    best = serializers.IntegerField(source="selection.best", allow_null=True)
    images = serializers.ListField(child=serializers.IntegerField(), source="selection.images")
    undone = serializers.SerializerMethodField()

    class Meta:
        model = BulkOperation
        fields = read_only_fields = ("id", "how", "group", "best", "images", "undone")

    def get_undone(self, resolution: BulkOperation) -> bool:
        return hasattr(resolution, "undone_by")


class LookalikesView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="Groups of pictures that look almost the same",
        description="Unresolved groups, newest first. With `If-None-Match` 304 while nothing changed.",
        parameters=[GroupQuerySerializer],
        responses={200: AlikeGroupPageSerializer, 304: None},
    )
    def get(self, request: Request) -> Response:
        data = validated(GroupQuerySerializer, request.query_params)
        page = list_groups(request, data.get("before"), data["limit"])
        return answer_unless_known(request, page)


class SettleView(CuratorView):
    change_permission = "curation.decide"

    @extend_schema(
        summary="Say what becomes of a group of look-alikes",
        description="`keep_best` dislikes the others, `remove_others` moves them to the trash and needs that "
        "permission too, `keep_all` closes the group, `not_alike` is remembered.",
        request=NewResolutionSerializer,
        responses={200: ResolutionSerializer, **errors(409)},
    )
    def post(self, request: Request, pk: int) -> Response:
        data = validated(NewResolutionSerializer, request.data)
        resolution = resolve_group(
            group=pk, how=data["how"], by=curator(request), resolution_id=data["id"], image=data.get("image")
        )
        return Response(ResolutionSerializer(resolution).data)


class UnsettleView(CuratorView):
    change_permission = "curation.decide"

    @extend_schema(
        summary="Take back what was said of a group of look-alikes",
        description="Twice is once.",
        request=None,
        responses={200: ResolutionSerializer, **errors(409)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        resolution = get_object_or_404(BulkOperation, pk=pk, selection__has_key="how")
        undone = undo_resolution(resolution=resolution, by=curator(request))
        return Response(ResolutionSerializer(undone).data)
