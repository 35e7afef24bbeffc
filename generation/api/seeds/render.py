"""The retouching seed's routes: user and credits, line art and tags, repainting."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.curators import SeedCuratorView, curator
from garden.api.fields import StringField, validated
from garden.api.serializers import ErrorSerializer
from generation.api.seeds.translation import (
    FILLS,
    LARGEST,
    SAMPLERS,
    DataUrlParser,
    PicturesInJSONParser,
    as_base64,
    edit_of,
    picture_in,
)
from generation.credits import NoCreditsError, require_credits, standing_of
from generation.jobs import JobStateError, cancel_job
from generation.models import Canvas, TagReading
from generation.queue.progress import sentence_of, wait_for, wait_slots
from generation.retouch.edits import canvas_for, render
from generation.retouch.pixels import encode_png, outline
from generation.retouch.settings import RANGES, SEEDS
from generation.retouch.versions import compose, opened
from generation.tagging.handler import read_tags

LONGEST_PROMPT = 10_000


def _number(setting: str, default: float) -> serializers.FloatField:
    least, most = RANGES[setting]
    return serializers.FloatField(min_value=least, max_value=most, required=False, default=default)


def _mode(side: str) -> serializers.IntegerField:
    text = f"0: balanced, 1: prefer the prompt, 2: prefer {side}."
    return serializers.IntegerField(min_value=0, max_value=2, required=False, default=0, help_text=text)


def _picture(**options: Any) -> StringField:
    return StringField(max_length=LARGEST, **options)


class RenderSerializer(serializers.Serializer[Any]):
    """The client's 26 fields. Pictures are data URLs; missing fields have the client's defaults."""

    sampler = serializers.ChoiceField(choices=list(SAMPLERS), required=False, default="DPM++ 2M Karras")
    steps = serializers.IntegerField(min_value=1, max_value=150, required=False, default=20)
    seed = serializers.IntegerField(
        min_value=-1, max_value=SEEDS - 1, required=False, default=-1, help_text="-1: random."
    )
    maskBlur = serializers.IntegerField(min_value=0, max_value=100, required=False, default=4)
    cfgScale = _number("guidance", 7)
    denosing = _number("strength", 0.6)
    initialNoiseMultiplier = serializers.FloatField(min_value=0, max_value=2, required=False, default=1)
    controlMode = _mode("the lines")
    controlWeight = _number("line_weight", 1)
    referenceControlMode = _mode("the reference")
    referenceControlWeight = serializers.FloatField(min_value=0, max_value=2, required=False, default=1)
    inpaintingFill = serializers.ChoiceField(
        choices=list(range(len(FILLS))),
        required=False,
        default=1,
        help_text="0: surroundings, 1: original, 2: noise, 3: nothing (as 0).",
    )
    width = serializers.IntegerField(min_value=1, max_value=16_384, help_text="Of the picture as shown on the page.")
    height = serializers.IntegerField(min_value=1, max_value=16_384)
    positivePrompt = StringField(max_length=LONGEST_PROMPT, required=False, allow_blank=True, default="")
    negativePrompt = StringField(max_length=LONGEST_PROMPT, required=False, allow_blank=True, default="")
    antiGlareFilterFlag = serializers.IntegerField(min_value=0, max_value=2, required=False, default=0)
    antiGlareFilterSigmaS = serializers.FloatField(min_value=0, max_value=200, required=False, default=0)
    antiGlareFilterSigmaR = serializers.FloatField(min_value=0, max_value=1, required=False, default=0)
    imageData = _picture()
    maskData = _picture(help_text="White is repainted.")
    edgeData = _picture(required=False, allow_blank=True, default="", help_text="White is a line.")
    useEdge = serializers.BooleanField(required=False, default=True)
    useReference = serializers.BooleanField(required=False, default=False)
    useAnotherImageForReference = serializers.BooleanField(required=False, default=False)
    referenceImageData = _picture(required=False, allow_blank=True, default="")


class RenderedSerializer(serializers.Serializer[Any]):
    image = serializers.CharField(help_text="PNG in base64, of the size of `imageData`.")
    remainingCredit = serializers.IntegerField()
    seed = serializers.IntegerField()
    version = serializers.UUIDField(help_text="Id of the version in the editor.")
    ignored = serializers.ListField(child=serializers.CharField(), help_text="Fields that this site's engine ignores.")


class CaptionSerializer(serializers.Serializer[Any]):
    tag = serializers.DictField(child=serializers.FloatField())


class TaggingSerializer(serializers.Serializer[Any]):
    caption = CaptionSerializer()


class EdgeSerializer(serializers.Serializer[Any]):
    image = serializers.CharField(help_text="Line art: PNG in base64, grey, 255 is a line.")
    taggingResult = TaggingSerializer()
    taggingError = serializers.CharField(required=False, help_text="Why there are no tags.")
    remainingCredit = serializers.IntegerField()


class UsernameSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    credit = serializers.IntegerField(help_text="10000 without a limit.")
    plan = serializers.CharField()
    unlimited = serializers.BooleanField()


NO_CREDITS = "no sufficient credits remain"
ENDLESS = 10_000
"""The seed's value for users without a limit."""
TITLE = "retouching client"


class RenderView(SeedCuratorView):
    permission = change_permission = "generation.retouch"


class UsernameView(RenderView):
    @extend_schema(summary="The user's plan and credits", responses=UsernameSerializer)
    def get(self, request: Request) -> Response:
        user = curator(request)
        standing = standing_of(user)
        report = {"username": user.get_username(), "credit": credits_left(user), "plan": standing.plan}
        return Response({**report, "unlimited": standing.left is None})


class EdgeView(RenderView):
    parser_classes = [DataUrlParser]

    @extend_schema(
        summary="Line art and tags of a picture",
        description="The body is a data URL. It is free of charge.",
        request={"text/plain": {"type": "string"}},
        responses=EdgeSerializer,
    )
    def post(self, request: Request) -> Response:
        user = curator(request)
        with wait_slots.slot_for(user):
            canvas = canvas_for(picture_in(request.data, "body"), title=TITLE, by=user)
            image = as_base64(encode_png(outline(opened(canvas))))
            return Response({"image": image, **_tags(canvas, user), "remainingCredit": credits_left(user)})


class GenerateView(RenderView):
    parser_classes = [PicturesInJSONParser]

    @extend_schema(
        summary="Repaint a part of a picture, and wait for it",
        description="Through the queue; charged once it is finished, cancelled when it takes too long.",
        request=RenderSerializer,
        responses={
            200: RenderedSerializer,
            400: {"oneOf": [{"$ref": "#/components/schemas/Error"}, {"type": "string", "enum": [NO_CREDITS]}]},
            504: ErrorSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        user = curator(request)
        try:
            require_credits(user)  # Before the request body is read.
            with wait_slots.slot_for(user):
                return Response(_render(request, user))
        except NoCreditsError:
            return Response(NO_CREDITS, status=400, content_type="application/json")


def _render(request: Request, user: AbstractBaseUser) -> dict[str, Any]:
    data = validated(RenderSerializer, request.data)
    canvas = canvas_for(picture_in(data["imageData"], "imageData"), title=TITLE, by=user)
    edit, ignored = edit_of(data, canvas)
    version = render(edit=edit, by=user, seconds=settings.RENDER_WAIT_SECONDS)
    return {
        "image": as_base64(encode_png(compose(version))),
        "remainingCredit": credits_left(user),
        "seed": version.seed,
        "version": str(version.pk),
        "ignored": ignored,
    }


def credits_left(user: AbstractBaseUser) -> int:
    left = standing_of(user).left
    return ENDLESS if left is None else left


def _tags(canvas: Canvas, user: AbstractBaseUser) -> dict[str, Any]:
    """The tags, or the reason if they are not read in time."""
    reading = read_tags(canvas=canvas, version=None, crop=None, by=user)
    if reading.slot is not None and not wait_for(reading.slot.job, settings.RENDER_WAIT_SECONDS):
        with suppress(JobStateError):  # It finished meanwhile.
            cancel_job(job=reading.slot.job)
    read = TagReading.objects.select_related("slot").get(pk=reading.pk)
    report: dict[str, Any] = {"taggingResult": {"caption": {"tag": {tag["text"]: tag["score"] for tag in read.tags}}}}
    if read.done_at is None:
        error = sentence_of(read.slot.error) if read.slot else ""
        report["taggingError"] = error or "No worker read the tags in time."
    return report
