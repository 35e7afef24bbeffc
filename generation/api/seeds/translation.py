"""The retouching seed's fields in the words of our retouches, and pictures inside texts.

Its numbers are those of AUTOMATIC1111's web UI.
"""

import base64
import binascii
import io
import re
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from django.conf import settings
from rest_framework.parsers import BaseParser

from garden.api.formats import AnyTypeJSONParser
from garden.errors import RefusedError
from generation.available_models import engine_name, get_inpainter
from generation.engines.base import Ability
from generation.prompts.weights import Token, TokenError, parse_weights, read_tokens
from generation.retouch.edits import Edit
from generation.retouch.pixels import Mask, encode_png, read_light, sized
from generation.retouch.settings import RANGES, BadLayerError, BadSettingError, Fill, RetouchSettings, Sampler, whole

LARGEST = 16_000_000
"""Letters of one picture: 12 million bytes of JPEG, PNG or WebP."""


class TooLongError(RefusedError):
    """More letters than a picture may have."""

    code = "request_too_large"
    status = 413


class DataUrlParser(BaseParser):
    """The body itself is the data URL, whatever the Content-Type says."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return _read(stream, LARGEST).decode(errors="replace").strip().strip('"')


class PicturesInJSONParser(BaseParser):
    """JSON with pictures in it: larger than other JSON may be, and no larger than any request."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = io.BytesIO(_read(stream, settings.REQUEST_MAX_BYTES))
        return AnyTypeJSONParser().parse(body, media_type, parser_context)


def _read(stream: IO[Any], most: int) -> bytes:
    """At most the limit and one byte are read."""
    body: bytes = stream.read(most + 1)
    if len(body) > most:
        raise TooLongError(f"The request has more than {most} bytes.", max_bytes=most)
    return body


def picture_in(text: Any, field: str) -> bytes:
    """The file inside `data:image/…;base64,…`, or inside base64 alone. Raises BadLayerError naming the field."""
    if not text or not isinstance(text, str):  # An empty body is read as an empty form.
        raise BadLayerError(f"{field} is missing.", field=field)
    head, comma, data = text.partition(",")
    if comma and not (head.startswith("data:image/") and head.endswith(";base64")):
        raise BadLayerError(f"{field} must be a data URL of a picture in base64.", field=field)
    try:
        return base64.b64decode(data if comma else head, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadLayerError(f"{field} is no valid base64.", field=field) from error


def as_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


SAMPLERS = {
    "DPM++ 2M Karras": Sampler.DPM,
    "DDIM": Sampler.DDIM,
    "Euler a": Sampler.EULER,
    "UniPC": Sampler.UNIPC,
}
FILLS = (Fill.BLUR, Fill.ORIGINAL, Fill.NOISE, Fill.BLUR)
LINES_LEAD = {0: 1.0, 1: 0.6, 2: 1.0}
"""How much of the line art's weight counts: both alike, rather the prompt, rather the lines."""
REFERENCE_LEADS = {0: 0.75, 1: 0.5, 2: 1.0}
HALF, FAINTEST = 128, 24
"""Masks and lines come as JPEG: what is darker than this was black before."""
_EXTRA_NETWORK = re.compile(r"<[^<>]{1,200}>")


def edit_of(asked: Mapping[str, Any], canvas: Any) -> tuple[Edit, list[str]]:
    """The edit of a canvas that shows `imageData`, and the fields that the site's engine cannot heed.

    Raises BadSettingError and BadLayerError naming the client's field.
    """
    able = get_inpainter(engine_name(RetouchSettings())).abilities()
    size = (canvas.width, canvas.height)
    lines = _lines(asked, size) if Ability.LINE_ART in able else None
    settings = RetouchSettings.from_json(
        {
            "prompt": [token.as_json() for token in tokens_in(asked["positivePrompt"], "positivePrompt")],
            "negative": [token.as_json() for token in tokens_in(asked["negativePrompt"], "negativePrompt")],
            "strength": asked["denosing"],
            "steps": asked["steps"],
            "guidance": asked["cfgScale"],
            "seed": None if asked["seed"] < 0 else asked["seed"],
            "sampler": SAMPLERS[asked["sampler"]] if Ability.SAMPLERS in able else Sampler.OWN,
            "fill": FILLS[asked["inpaintingFill"]],
            "mask_blur": asked["maskBlur"],
            "feather": 2 * asked["maskBlur"],
            "line_weight": 0 if lines is None else asked["controlWeight"] * LINES_LEAD[asked["controlMode"]],
            "reference_weight": _reference_weight(asked) if Ability.REFERENCE in able else 0,
            "anti_glare": _anti_glare(asked),
        }
    )
    reference = _reference(asked) if asked["useReference"] else None  # Missing is refused, whatever the engine can.
    edit = Edit(
        canvas=canvas,
        crop=whole(*size),
        settings=settings,
        mask=encode_png(_mask(asked, size)),
        line=None if lines is None or not settings.line_weight else encode_png(lines),
        reference=reference if settings.reference_weight else None,
    )
    return edit, _ignored(asked, able)


def tokens_in(prompt: str, field: str) -> tuple[Token, ...]:
    """`a,(b:1.3),<lora:c>` as tokens: weights are kept, names of networks that are not here left out."""
    phrases = parse_weights(_EXTRA_NETWORK.sub("", prompt))
    told = [(part.strip(), phrase.weight) for phrase in phrases for part in phrase.text.split(",")]
    try:
        return read_tokens([{"text": text, "weight": weight} for text, weight in told if text])
    except TokenError as error:
        raise BadSettingError(field, str(error)) from error


def _mask(asked: Mapping[str, Any], size: tuple[int, int]) -> Mask:
    light = sized(read_light(picture_in(asked["maskData"], "maskData"), "maskData"), size)
    mask = np.where(light >= HALF, 255, 0).astype(np.uint8)
    if not mask.any():
        raise BadLayerError("maskData is empty: paint over what is to change.", field="maskData")
    return mask


def _lines(asked: Mapping[str, Any], size: tuple[int, int]) -> Mask | None:
    """Nothing where the client wants none, or has rubbed them all out."""
    if not asked["useEdge"] or not asked["edgeData"]:
        return None
    light = sized(read_light(picture_in(asked["edgeData"], "edgeData"), "edgeData"), size)
    lines = np.where(light >= FAINTEST, light, 0).astype(np.uint8)
    return lines if lines.any() else None


def _reference(asked: Mapping[str, Any]) -> bytes | None:
    """Another picture; nothing means the opened one itself."""
    if not asked["useAnotherImageForReference"]:
        return None
    if not asked["referenceImageData"]:
        raise BadLayerError(
            "referenceImageData is missing: choose another image as reference, or use the opened one.",
            field="referenceImageData",
        )
    return picture_in(asked["referenceImageData"], "referenceImageData")


def _reference_weight(asked: Mapping[str, Any]) -> float:
    if not asked["useReference"]:
        return 0.0
    most = RANGES["reference_weight"][1]
    return float(min(asked["referenceControlWeight"] * REFERENCE_LEADS[asked["referenceControlMode"]], most))


def _anti_glare(asked: Mapping[str, Any]) -> float:
    wanted = asked["antiGlareFilterFlag"] and asked["antiGlareFilterSigmaS"]
    return float(asked["antiGlareFilterSigmaR"]) if wanted else 0.0


def _ignored(asked: Mapping[str, Any], able: frozenset[Ability]) -> list[str]:
    unheeded = {
        "sampler": Ability.SAMPLERS not in able,
        "edgeData": asked["useEdge"] and Ability.LINE_ART not in able,
        "useReference": asked["useReference"] and Ability.REFERENCE not in able,
        "initialNoiseMultiplier": asked["initialNoiseMultiplier"] != 1,
        "positivePrompt: <…>": bool(_EXTRA_NETWORK.search(asked["positivePrompt"])),
        "negativePrompt: <…>": bool(_EXTRA_NETWORK.search(asked["negativePrompt"])),
    }
    return [field for field, ignored in unheeded.items() if ignored]
