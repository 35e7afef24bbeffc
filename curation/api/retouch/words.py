"""What the studio offers: engines and ranges, words, presets, tags read in the picture."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.retouch.describing import describe_reading
from curation.api.retouch.finding import RetouchView, find_canvas, version_of
from curation.api.retouch.serializers import (
    AskedTagsSerializer,
    PresetSerializer,
    TagReadingSerializer,
    WordSerializer,
)
from garden.api.curators import curator
from garden.api.etag import answer_unless_known
from garden.api.serializers import ErrorSerializer
from garden.errors import RefusedError
from generation.available_models import AvailableModel, available_models, get_inpainter
from generation.backends import get_tagger
from generation.models import RetouchPreset, TagReading, TagWord
from generation.retouch.settings import RANGES, SMALLEST, STOPS, Crop, Fill, LineMethod, RetouchSettings, Sampler
from generation.tagging.handler import read_tags

SUGGESTED = 20
OPTIONS = {name: serializers.JSONField() for name in ("engines", "stops", "ranges", "defaults")}
LISTS = {name: serializers.ListField(child=serializers.CharField()) for name in ("samplers", "fills", "line_methods")}


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
        return Response({"words": [{"text": word.text, "kind": word.kind} for word in found]})


class PresetsView(RetouchView):
    @extend_schema(summary="Presets", responses=inline_serializer("Presets", {"presets": PresetSerializer(many=True)}))
    def get(self, request: Request) -> Response:
        presets = RetouchPreset.objects.select_related("by")
        return Response({"presets": [describe_preset(preset) for preset in presets]})

    @extend_schema(
        summary="Keep settings under a name",
        description="Those that are sent; the others stay as they are when it is used. Sent again it is replaced.",
        request=PresetSerializer,
        responses={200: PresetSerializer, 201: PresetSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        given = PresetSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        name, chosen = given.validated_data["name"], given.validated_data["settings"]
        read = RetouchSettings.from_json(chosen).as_json()
        kept = {"chosen": {setting: read[setting] for setting in chosen}, "by": curator(request)}
        preset, made = RetouchPreset.objects.update_or_create(name=name, defaults=kept)
        return Response(describe_preset(preset), status=201 if made else 200)


class PresetView(RetouchView):
    @extend_schema(summary="Forget a preset", request=None, responses={204: None, 404: ErrorSerializer})
    def post(self, request: Request, pk: int) -> Response:
        get_object_or_404(RetouchPreset, pk=pk).delete()
        return Response(status=204)


class TagsView(RetouchView):
    @extend_schema(
        summary="Read words in a picture, or in a part of it",
        description="At once from the picture's record, through the queue where a model looks: poll the reading.",
        request=AskedTagsSerializer,
        responses={201: TagReadingSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        asked = AskedTagsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        canvas, crop = find_canvas(pk), asked.validated_data["crop"]
        reading = read_tags(
            canvas=canvas,
            version=version_of(canvas, asked.validated_data["version"]),
            crop=None if crop is None else Crop.from_json(crop),
            by=curator(request),
        )
        return Response(describe_reading(reading), status=201)


class ReadingView(RetouchView):
    @extend_schema(summary="A reading of tags", responses={200: TagReadingSerializer, 304: None, 404: ErrorSerializer})
    def get(self, request: Request, pk: UUID) -> Response:
        reading = get_object_or_404(TagReading.objects.select_related("slot"), pk=pk)
        return answer_unless_known(request, describe_reading(reading))


def offered_engines() -> list[dict[str, Any]]:
    """Engines that repaint, with their models that are at hand and what each heeds."""
    return [_describe_engine(maker) for maker in available_models() if _can_repaint(maker)]


def describe_preset(preset: RetouchPreset) -> dict[str, Any]:
    by = preset.by.get_username() if preset.by else ""
    return {"id": preset.pk, "name": preset.name, "settings": preset.chosen, "by": by}


def _can_repaint(maker: AvailableModel) -> bool:
    try:
        get_inpainter(maker.engine).abilities(maker.model)
    except RefusedError:
        return False
    return True


def _describe_engine(maker: AvailableModel) -> dict[str, Any]:
    is_default = maker.engine == settings.GENERATION_DEFAULT_ENGINE and not maker.model
    able = get_inpainter(maker.engine).abilities(maker.model)
    label = f"{maker.engine} · {maker.model}" if maker.model else maker.engine
    return {
        "name": maker.engine,
        "model": maker.model,
        "label": label,
        "abilities": sorted(str(ability) for ability in able),
        "default": is_default,
    }
