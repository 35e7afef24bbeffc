"""Acts over REST: begin, watch, undo."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.act_serializers import ActSerializer, NewActSerializer, NoteSerializer, describe_act
from curation.filters import ImageFilter
from curation.models import Act
from curation.services import begin_act, undo_act
from curation.services.permissions import check_may
from garden.api.curators import CuratorView, curator
from garden.api.etag import answer_unless_known
from garden.api.serializers import ErrorSerializer


class ActsView(CuratorView):
    change_permission = "curation.view_review"

    @extend_schema(
        summary="Do something to many pictures at once",
        description="Needs the permission of its kind. Up to 200 pictures it is done when the answer comes, more are "
        "done by a worker: poll. 201 when it is new, 200 when this id was sent before.",
        request=NewActSerializer,
        responses={
            200: ActSerializer,
            201: ActSerializer,
            400: ErrorSerializer,
            403: ErrorSerializer,
            409: ErrorSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        given = NewActSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        check_may(request.user, asked["kind"])
        known = Act.objects.filter(pk=asked["id"]).exists()
        act = begin_act(
            kind=asked["kind"],
            by=curator(request),
            images=asked.get("images", ()),
            selection=ImageFilter.from_json(asked["filter"]) if "filter" in asked else None,
            note=asked["note"],
            act_id=asked["id"],
            schedule=asked["schedule"],
            labels=asked.get("labels"),
        )
        return Response(describe_act(act), status=200 if known else 201)


class ActView(CuratorView):
    permission = "curation.view_review"

    @extend_schema(
        summary="How far an act is",
        description="With `If-None-Match` the answer is 304 until something changed.",
        responses={200: ActSerializer, 304: None, 404: ErrorSerializer},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return answer_unless_known(request, describe_act(get_object_or_404(Act, pk=pk)))


class UndoView(CuratorView):
    change_permission = "curation.view_review"

    @extend_schema(
        summary="Undo an act",
        description="Needs the permission of the act's kind. What was moved again since stays. Twice is once.",
        request=NoteSerializer,
        responses={200: ActSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        asked = NoteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        act = undo_act(act=get_object_or_404(Act, pk=pk), by=curator(request), note=asked.validated_data["note"])
        return Response(describe_act(act))
