"""What the studio offers: engines and ranges, words, presets, tags read in the picture, credits."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.curators import curator
from garden.api.etag import answer_unless_known
from garden.api.fields import RowIdField, StringField, StringUUIDField, validated
from garden.api.serializers import errors
from garden.errors import RefusedError
from generation.api.canvases import RetouchView, find_canvas, version_of
from generation.available_models import AvailableModel, available_models, get_inpainter
from generation.backends import get_tagger
from generation.credits import price_of, standing_of
from generation.models import RetouchPreset, TagReading, TagWord
from generation.queue.progress import sentence_of
from generation.retouch.settings import RANGES, SMALLEST, STOPS, Crop, Fill, LineMethod, RetouchSettings, Sampler
from generation.tagging.handler import read_tags

SUGGESTED = 20
OPTIONS = {name: serializers.JSONField() for name in ("engines", "stops", "ranges", "defaults")}
LISTS = {name: serializers.ListField(child=serializers.CharField()) for name in ("samplers", "fills", "line_methods")}


class WordSerializer(serializers.ModelSerializer[TagWord]):
    class Meta:
        model = TagWord
        fields = ("text", "kind")


class PresetSerializer(serializers.Serializer[Any]):
    id = RowIdField(read_only=True)
    name = StringField(max_length=100)
    settings = serializers.JSONField(source="chosen")
    by = serializers.CharField(source="by.username", read_only=True, default="")


class AskedTagsSerializer(serializers.Serializer[Any]):
    version = StringUUIDField(required=False, allow_null=True, default=None)
    crop = serializers.JSONField(required=False, allow_null=True, default=None)


class TagSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    kind = serializers.CharField()
    score = serializers.FloatField()


class TagReadingSerializer(serializers.Serializer[TagReading]):
    id = serializers.UUIDField()
    state = serializers.CharField()
    tagger = serializers.CharField()
    note = serializers.SerializerMethodField(help_text="What this tagger looked at.")
    tags = TagSerializer(many=True)
    error = serializers.SerializerMethodField()

    def get_note(self, reading: TagReading) -> str:
        return get_tagger().note

    def get_error(self, reading: TagReading) -> str:
        return sentence_of(reading.slot.error) if reading.slot and reading.done_at is None else ""


class CreditsSerializer(serializers.Serializer[Any]):
    plan = serializers.CharField()
    left = serializers.IntegerField(allow_null=True, help_text="Null: there is no limit.")
    most = serializers.IntegerField(allow_null=True, help_text="So many are kept.")
    daily = serializers.IntegerField(allow_null=True, help_text="So many come at midnight.")
    price = serializers.IntegerField(help_text="Of a picture by the usual engine.")
    prices = serializers.DictField(child=serializers.IntegerField(), help_text="Of a picture by each engine.")


class OptionsView(RetouchView):
    @extend_schema(
        summary="What a retouch can be asked for",
        responses=inline_serializer(
            "RetouchOptions",
            {**OPTIONS, **LISTS, "smallest_crop": serializers.IntegerField(), "tagger": serializers.CharField()},
        ),
    )
    def get(self, request: Request) -> Response:
        offered = {
            "engines": offered_engines(),
            "samplers": [str(one) for one in Sampler if one],
            "fills": [str(one) for one in Fill],
            "line_methods": [str(one) for one in LineMethod],
            "stops": [{"name": name, "strength": strength} for name, strength in STOPS.items()],
            "ranges": {name: list(limits) for name, limits in RANGES.items()},
            "defaults": RetouchSettings().as_json(),
            "smallest_crop": SMALLEST,
            "tagger": get_tagger().label,
        }
        return answer_unless_known(request, offered)


class WordsView(RetouchView):
    @extend_schema(
        summary="Words of the vocabulary",
        parameters=[OpenApiParameter("q", str, description="How they begin: at most 20 come. Without it, all.")],
        responses=inline_serializer("Words", {"words": WordSerializer(many=True)}),
    )
    def get(self, request: Request) -> Response:
        begun = request.query_params.get("q", "")[:100].replace("\0", "").strip()
        found = TagWord.objects.beginning(begun)[:SUGGESTED] if begun else TagWord.objects.active()
        return Response({"words": WordSerializer(found, many=True).data})


class PresetsView(RetouchView):
    @extend_schema(summary="Presets", responses=inline_serializer("Presets", {"presets": PresetSerializer(many=True)}))
    def get(self, request: Request) -> Response:
        presets = RetouchPreset.objects.select_related("by")
        return Response({"presets": PresetSerializer(presets, many=True).data})

    @extend_schema(
        summary="Keep settings under a name",
        description="Those that are sent; the others stay as they are when it is used. Sent again it is replaced.",
        request=PresetSerializer,
        responses={200: PresetSerializer, 201: PresetSerializer, **errors(400)},
    )
    def post(self, request: Request) -> Response:
        asked = validated(PresetSerializer, request.data)
        read = RetouchSettings.from_json(asked["chosen"]).as_json()
        kept = {"chosen": {setting: read[setting] for setting in asked["chosen"]}, "by": curator(request)}
        preset, made = RetouchPreset.objects.update_or_create(name=asked["name"], defaults=kept)
        return Response(PresetSerializer(preset).data, status=201 if made else 200)


class PresetView(RetouchView):
    @extend_schema(summary="Forget a preset", request=None, responses={204: None, **errors(404)})
    def post(self, request: Request, pk: int) -> Response:
        get_object_or_404(RetouchPreset, pk=pk).delete()
        return Response(status=204)


class TagsView(RetouchView):
    @extend_schema(
        summary="Read words in a picture, or in a part of it",
        description="At once from the picture's record, through the queue where a model looks: poll the reading.",
        request=AskedTagsSerializer,
        responses={201: TagReadingSerializer, **errors(400, 404)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        asked, canvas = validated(AskedTagsSerializer, request.data), find_canvas(pk)
        reading = read_tags(
            canvas=canvas,
            version=version_of(canvas, asked["version"]),
            crop=None if asked["crop"] is None else Crop.from_json(asked["crop"]),
            by=curator(request),
        )
        return Response(TagReadingSerializer(reading).data, status=201)


class ReadingView(RetouchView):
    @extend_schema(summary="A reading of tags", responses={200: TagReadingSerializer, 304: None, **errors(404)})
    def get(self, request: Request, pk: UUID) -> Response:
        reading = get_object_or_404(TagReading.objects.select_related("slot"), pk=pk)
        return answer_unless_known(request, TagReadingSerializer(reading).data)


class CreditsView(RetouchView):
    @extend_schema(summary="Credits that are left", responses={200: CreditsSerializer})
    def get(self, request: Request) -> Response:
        return Response(describe_credits(curator(request)))


def describe_credits(user: AbstractBaseUser) -> dict[str, Any]:
    prices = {engine: price_of(engine) for engine in settings.GENERATION_ENGINES}
    return {**asdict(standing_of(user)), "price": price_of(), "prices": prices}


def offered_engines() -> list[dict[str, Any]]:
    """Engines that repaint, with their models that are at hand and what each heeds."""
    return [described for maker in available_models() if (described := _describe_engine(maker))]


def _describe_engine(maker: AvailableModel) -> dict[str, Any] | None:
    """None for one that cannot repaint."""
    try:
        able = get_inpainter(maker.engine).abilities(maker.model)
    except RefusedError:
        return None
    return {
        "name": maker.engine,
        "model": maker.model,
        "label": f"{maker.engine} · {maker.model}" if maker.model else maker.engine,
        "abilities": sorted(str(ability) for ability in able),
        "default": maker.engine == settings.GENERATION_DEFAULT_ENGINE and not maker.model,
    }
