"""What the retouching seed's client sends and reads, under its names."""

from typing import Any

from rest_framework import serializers

from garden.api.fields import StringField
from generation.api.render.data_urls import LARGEST
from generation.api.render.translating import FILLS, SAMPLERS
from generation.retouch.settings import RANGES, SEEDS

LONGEST_PROMPT = 10_000


def _number(setting: str, default: float) -> serializers.FloatField:
    least, most = RANGES[setting]
    return serializers.FloatField(min_value=least, max_value=most, required=False, default=default)


def _mode(leader: str) -> serializers.IntegerField:
    told = f"0 both alike, 1 rather the prompt, 2 rather {leader}."
    return serializers.IntegerField(min_value=0, max_value=2, required=False, default=0, help_text=told)


def _picture(**options: Any) -> StringField:
    return StringField(max_length=LARGEST, **options)


class RenderSerializer(serializers.Serializer[Any]):
    """The client's 26 fields. Pictures are data URLs; what is not sent is as the client has it at first."""

    sampler = serializers.ChoiceField(choices=list(SAMPLERS), required=False, default="DPM++ 2M Karras")
    steps = serializers.IntegerField(min_value=1, max_value=150, required=False, default=20)
    seed = serializers.IntegerField(
        min_value=-1, max_value=SEEDS - 1, required=False, default=-1, help_text="-1: by chance."
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
        help_text="0 what is around, 1 what was there, 2 noise, 3 nothing (as 0).",
    )
    width = serializers.IntegerField(min_value=1, max_value=16_384, help_text="Of the picture as the page shows it.")
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
    version = serializers.UUIDField(help_text="In the studio.")
    ignored = serializers.ListField(
        child=serializers.CharField(), help_text="Fields that this site's engine cannot heed."
    )


class CaptionSerializer(serializers.Serializer[Any]):
    tag = serializers.DictField(child=serializers.FloatField())


class TaggingSerializer(serializers.Serializer[Any]):
    caption = CaptionSerializer()


class EdgeSerializer(serializers.Serializer[Any]):
    image = serializers.CharField(help_text="Line art: PNG in base64, grey, 255 is a line.")
    taggingResult = TaggingSerializer()
    taggingError = serializers.CharField(required=False, help_text="Why there are no words, where there are none.")
    remainingCredit = serializers.IntegerField()


class UsernameSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    credit = serializers.IntegerField(help_text="10000 where there is no limit.")
    plan = serializers.CharField()
    unlimited = serializers.BooleanField()
