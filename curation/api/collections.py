"""Collections over REST: put pictures into one, or take them out."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.models import Collection
from garden.api.curators import CuratorView, curator
from garden.api.fields import RowIdField, StringField, validated
from garden.batches import batches
from garden.models import Image

MOST = 10_000


class CollectSerializer(serializers.Serializer[Any]):
    name = StringField(max_length=80, help_text="A collection of another name is a new one.")
    images = serializers.ListField(child=RowIdField(), max_length=MOST)
    remove = serializers.BooleanField(default=False, help_text="Take them out instead.")


class CollectionSerializer(serializers.ModelSerializer[Collection]):
    count = serializers.IntegerField(source="images.count", help_text="Pictures in it now.")

    class Meta:
        model = Collection
        fields = ("id", "name", "count")


class CollectedSerializer(CollectionSerializer):
    changed = serializers.IntegerField(help_text="How many of the pictures were not in it, or in it, before.")

    class Meta(CollectionSerializer.Meta):
        fields = (*CollectionSerializer.Meta.fields, "changed")  # type: ignore[assignment]


class CollectionsView(CuratorView):
    permission = "curation.view_review"
    change_permission = "curation.decide"

    @extend_schema(summary="The collections, by name", responses=CollectionSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(CollectionSerializer(Collection.objects.order_by("name"), many=True).data)

    @extend_schema(
        summary="Put pictures into a collection",
        description="Or take them out of it. Twice is once; images that do not exist are left out.",
        request=CollectSerializer,
        responses=CollectedSerializer,
    )
    def post(self, request: Request) -> Response:
        data = validated(CollectSerializer, request.data)
        collection, _ = Collection.objects.get_or_create(name=data["name"], defaults={"by_id": curator(request).pk})
        before = collection.images.count()
        for some in batches(data["images"]):
            known = Image.objects.filter(pk__in=some).values_list("pk", flat=True)
            if data["remove"]:
                collection.images.remove(*known)
            else:
                collection.images.add(*known)
        described = CollectionSerializer(collection).data
        return Response({**described, "changed": abs(described["count"] - before)})
