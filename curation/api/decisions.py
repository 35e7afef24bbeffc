"""Decisions over REST: written in batches, and what the other curators decided meanwhile."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.images import MineSerializer
from curation.models.vote import VERDICTS
from curation.services.votes import NewDecision, decide, decisions_since
from garden.api.curators import CuratorView, curator
from garden.api.fields import RowIdField, StringUUIDField, validated

MOST = 1_000
PAGE = 500


class NewDecisionSerializer(serializers.Serializer[Any]):
    """An empty verdict without a rating takes the vote back."""

    event = StringUUIDField(help_text="The same one twice is one decision.")
    image = RowIdField()
    verdict = serializers.ChoiceField(choices=VERDICTS, allow_blank=True)
    rating = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True, default=None)
    settles = serializers.BooleanField(
        required=False, default=False, help_text="Ends a dispute; needs `curation.settle_dispute`."
    )


class NewDecisionsSerializer(serializers.Serializer[Any]):
    decisions: Any = serializers.ListSerializer(child=NewDecisionSerializer(), max_length=MOST)


class OutcomeSerializer(serializers.Serializer[Any]):
    image = serializers.IntegerField()
    verdict = serializers.CharField(source="outcome.verdict", help_text="What all votes came to.")
    rating = serializers.IntegerField(source="outcome.rating", allow_null=True)
    mine = MineSerializer()


class DecidedSerializer(serializers.Serializer[Any]):
    decided = OutcomeSerializer(source="images", many=True)
    missing = serializers.ListField(child=serializers.IntegerField(), help_text="Pictures that are not there.")
    cursor = serializers.IntegerField()


class DecisionSerializer(serializers.Serializer[Any]):
    image = serializers.IntegerField(source="image_id")
    verdict = serializers.CharField(help_text="What this curator said.")
    rating = serializers.IntegerField(allow_null=True)
    curator = serializers.CharField(source="curator.username", default="")
    outcome = serializers.CharField(source="image.verdict", help_text="What all votes came to.")


class DecisionsSerializer(serializers.Serializer[Any]):
    decisions = DecisionSerializer(many=True)
    cursor = serializers.IntegerField()


class DecisionQuerySerializer(serializers.Serializer[Any]):
    after = RowIdField(required=False, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=PAGE, required=False, default=PAGE)


class DecisionsView(CuratorView):
    permission = "curation.view_review"
    change_permission = "curation.decide"

    @extend_schema(
        summary="Write decisions",
        description="In their order, each event once, all or none.",
        request=NewDecisionsSerializer,
        responses=DecidedSerializer,
    )
    def post(self, request: Request) -> Response:
        data = validated(NewDecisionsSerializer, request.data)
        decisions = [NewDecision(**decision) for decision in data["decisions"]]
        if any(decision.settles for decision in decisions) and not request.user.has_perm("curation.settle_dispute"):
            raise PermissionDenied
        return Response(DecidedSerializer(decide(by=curator(request), decisions=decisions)).data)

    @extend_schema(
        summary="What the other curators decided",
        description="Ask again with `cursor` as `after`. The youngest decisions come again: none is left out. "
        "Where votes are blind, only of pictures that have all of them.",
        parameters=[DecisionQuerySerializer],
        responses=DecisionsSerializer,
    )
    def get(self, request: Request) -> Response:
        data = validated(DecisionQuerySerializer, request.query_params)
        decisions, cursor = decisions_since(by=curator(request), cursor=data["after"], limit=data["limit"])
        return Response({"decisions": DecisionSerializer(decisions, many=True).data, "cursor": cursor})
