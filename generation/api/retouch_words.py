"""The editor's options over REST: engines and ranges, tag words, presets, tags, credits."""

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


class TagsRequestSerializer(serializers.Serializer[Any]):
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
    note = serializers.SerializerMethodField(help_text="How this tagger works.")
    tags = TagSerializer(many=True)
    error = serializers.SerializerMethodField()

    def get_note(self, reading: TagReading) -> str:
        return get_tagger().note

    def get_error(self, reading: TagReading) -> str:
        return sentence_of(reading.slot.error) if reading.slot and reading.done_at is None else ""


class CreditsSerializer(serializers.Serializer[Any]):
    plan = serializers.CharField()
    left = serializers.IntegerField(allow_null=True, help_text="Null without a limit.")
    most = serializers.IntegerField(allow_null=True, help_text="Largest balance.")
    daily = serializers.IntegerField(allow_null=True, help_text="Added at midnight.")
    price = serializers.IntegerField(help_text="Per picture with the default engine.")
    prices = serializers.DictField(child=serializers.IntegerField(), help_text="Per picture, by engine.")


class OptionsView(RetouchView):
    @extend_schema(
        summary="Options of a retouch",
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


class IgnoredWordsQuerySerializer(serializers.Serializer[Any]):
    engine = StringField(required=False, allow_blank=True, default="", help_text="Empty is the default one.")
    prompt = StringField(max_length=10_000, allow_blank=True)
    strength = serializers.FloatField(min_value=0, max_value=1, default=RetouchSettings().strength)


class IgnoredWordsView(RetouchView):
    @extend_schema(
        summary="Words of a prompt that an engine would not draw",
        parameters=[IgnoredWordsQuerySerializer],
        responses=inline_serializer("IgnoredWords", {"words": serializers.ListField(child=serializers.CharField())}),
    )
    def get(self, request: Request) -> Response:
        data = validated(IgnoredWordsQuerySerializer, request.query_params)
        inpainter = get_inpainter(data["engine"] or settings.GENERATION_DEFAULT_ENGINE)
        return Response({"words": inpainter.ignored_words(data["prompt"], data["strength"])})


class WordsView(RetouchView):
    @extend_schema(
        summary="Words of the vocabulary",
        parameters=[OpenApiParameter("q", str, description="Prefix; at most 20 words. Without it, all words.")],
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
        summary="Save a preset",
        description="Contains only the settings that are sent. A preset of the same name is replaced.",
        request=PresetSerializer,
        responses={200: PresetSerializer, 201: PresetSerializer},
    )
    def post(self, request: Request) -> Response:
        data = validated(PresetSerializer, request.data)
        kept = {"chosen": RetouchSettings.part_as_json(data["chosen"]), "by": curator(request)}
        preset, made = RetouchPreset.objects.update_or_create(name=data["name"], defaults=kept)
        return Response(PresetSerializer(preset).data, status=201 if made else 200)


class PresetView(RetouchView):
    @extend_schema(summary="Delete a preset", request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        get_object_or_404(RetouchPreset, pk=pk).delete()
        return Response(status=204)


class TagsView(RetouchView):
    @extend_schema(
        summary="Read tags of a picture, or of a part of it",
        description="Immediate from the picture's record; with a model through the queue: poll the reading.",
        request=TagsRequestSerializer,
        responses={201: TagReadingSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        data, canvas = validated(TagsRequestSerializer, request.data), find_canvas(pk)
        reading = read_tags(
            canvas=canvas,
            version=version_of(canvas, data["version"]),
            crop=None if data["crop"] is None else Crop.from_json(data["crop"]),
            by=curator(request),
        )
        return Response(TagReadingSerializer(reading).data, status=201)


class TagReadingView(RetouchView):
    @extend_schema(summary="A reading of tags", responses={200: TagReadingSerializer, 304: None})
    def get(self, request: Request, pk: UUID) -> Response:
        reading = get_object_or_404(TagReading.objects.select_related("slot"), pk=pk)
        return answer_unless_known(request, TagReadingSerializer(reading).data)


class CreditsView(RetouchView):
    @extend_schema(summary="Remaining credits", responses=CreditsSerializer)
    def get(self, request: Request) -> Response:
        return Response(describe_credits(curator(request)))


def describe_credits(user: AbstractBaseUser) -> dict[str, Any]:
    prices = {engine: price_of(engine) for engine in settings.GENERATION_ENGINES}
    return {**asdict(standing_of(user)), "price": price_of(), "prices": prices}


def offered_engines() -> list[dict[str, Any]]:
    """Engines that can repaint, with their available models and abilities."""
    return [described for maker in available_models() if (described := _describe_engine(maker))]


def _describe_engine(maker: AvailableModel) -> dict[str, Any] | None:
    """None if it cannot repaint."""
    try:
        inpainter = get_inpainter(maker.engine)
        able = inpainter.abilities(maker.model)
    except RefusedError:
        return None
    return {
        "name": maker.engine,
        "model": maker.model,
        "label": f"{maker.engine} · {maker.model}" if maker.model else maker.engine,
        "abilities": sorted(str(ability) for ability in able),
        "words": list(inpainter.known_words()),
        "default": maker.engine == settings.GENERATION_DEFAULT_ENGINE and not maker.model,
    }
