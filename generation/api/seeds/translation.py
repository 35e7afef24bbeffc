"""Translates the retouching seed's fields to RetouchSettings, and decodes data URLs.

The seed uses the values of AUTOMATIC1111's web UI.
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
"""Characters of one picture: 12 million bytes of JPEG, PNG or WebP."""


class TooLongError(RefusedError):
    """The request body is too large."""

    code = "request_too_large"
    status = 413


class DataUrlParser(BaseParser):
    """The body is the data URL, whatever the Content-Type."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return _read(stream, LARGEST).decode(errors="replace").strip().strip('"')


class PicturesInJSONParser(BaseParser):
    """JSON with pictures: allowed to be as large as REQUEST_MAX_BYTES."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = io.BytesIO(_read(stream, settings.REQUEST_MAX_BYTES))
        return AnyTypeJSONParser().parse(body, media_type, parser_context)


def _read(stream: IO[Any], most: int) -> bytes:
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
        raise BadLayerError(f"{field} is not valid base64.", field=field) from error


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
"""Factors of the line art's weight: balanced, prefer the prompt, prefer the lines."""
REFERENCE_LEADS = {0: 0.75, 1: 0.5, 2: 1.0}
HALF, FAINTEST = 128, 24
"""Thresholds of masks and lines, which are JPEG: darker pixels are black."""
_EXTRA_NETWORK = re.compile(r"<[^<>]{1,200}>")


def edit_of(data: Mapping[str, Any], canvas: Any) -> tuple[Edit, list[str]]:
    """The edit of a canvas of `imageData`, and the fields that the site's engine ignores.

    Raises BadSettingError and BadLayerError naming the client's field.
    """
    able = get_inpainter(engine_name(RetouchSettings())).abilities()
    size = (canvas.width, canvas.height)
    lines = _lines(data, size) if Ability.LINE_ART in able else None
    settings = RetouchSettings.from_json(
        {
            "prompt": [token.as_json() for token in tokens_in(data["positivePrompt"], "positivePrompt")],
            "negative": [token.as_json() for token in tokens_in(data["negativePrompt"], "negativePrompt")],
            "strength": data["denosing"],
            "steps": data["steps"],
            "guidance": data["cfgScale"],
            "seed": None if data["seed"] < 0 else data["seed"],
            "sampler": SAMPLERS[data["sampler"]] if Ability.SAMPLERS in able else Sampler.OWN,
            "fill": FILLS[data["inpaintingFill"]],
            "mask_blur": data["maskBlur"],
            "feather": 2 * data["maskBlur"],
            "line_weight": 0 if lines is None else data["controlWeight"] * LINES_LEAD[data["controlMode"]],
            "reference_weight": _reference_weight(data) if Ability.REFERENCE in able else 0,
            "anti_glare": _anti_glare(data),
        }
    )
    reference = _reference(data) if data["useReference"] else None  # Refused if missing, even if unused.
    edit = Edit(
        canvas=canvas,
        crop=whole(*size),
        settings=settings,
        mask=encode_png(_mask(data, size)),
        line=None if lines is None or not settings.line_weight else encode_png(lines),
        reference=reference if settings.reference_weight else None,
    )
    return edit, _ignored(data, able)


def tokens_in(prompt: str, field: str) -> tuple[Token, ...]:
    """`a,(b:1.3),<lora:c>` as tokens: weights are kept, extra networks are dropped."""
    phrases = parse_weights(_EXTRA_NETWORK.sub("", prompt))
    tokens = [(part.strip(), phrase.weight) for phrase in phrases for part in phrase.text.split(",")]
    try:
        return read_tokens([{"text": text, "weight": weight} for text, weight in tokens if text])
    except TokenError as error:
        raise BadSettingError(field, str(error)) from error


def _mask(data: Mapping[str, Any], size: tuple[int, int]) -> Mask:
    light = sized(read_light(picture_in(data["maskData"], "maskData"), "maskData"), size)
    mask = np.where(light >= HALF, 255, 0).astype(np.uint8)
    if not mask.any():
        raise BadLayerError("maskData is empty: paint over what is to change.", field="maskData")
    return mask


def _lines(data: Mapping[str, Any], size: tuple[int, int]) -> Mask | None:
    """None if the client sends none, or an empty image."""
    if not data["useEdge"] or not data["edgeData"]:
        return None
    light = sized(read_light(picture_in(data["edgeData"], "edgeData"), "edgeData"), size)
    lines = np.where(light >= FAINTEST, light, 0).astype(np.uint8)
    return lines if lines.any() else None


def _reference(data: Mapping[str, Any]) -> bytes | None:
    """Another picture, or None for the opened one."""
    if not data["useAnotherImageForReference"]:
        return None
    if not data["referenceImageData"]:
        raise BadLayerError(
            "referenceImageData is missing: choose another image as reference, or use the opened one.",
            field="referenceImageData",
        )
    return picture_in(data["referenceImageData"], "referenceImageData")


def _reference_weight(data: Mapping[str, Any]) -> float:
    if not data["useReference"]:
        return 0.0
    most = RANGES["reference_weight"][1]
    return float(min(data["referenceControlWeight"] * REFERENCE_LEADS[data["referenceControlMode"]], most))


def _anti_glare(data: Mapping[str, Any]) -> float:
    enabled = data["antiGlareFilterFlag"] and data["antiGlareFilterSigmaS"]
    return float(data["antiGlareFilterSigmaR"]) if enabled else 0.0


def _ignored(data: Mapping[str, Any], able: frozenset[Ability]) -> list[str]:
    conditions = {
        "sampler": Ability.SAMPLERS not in able,
        "edgeData": data["useEdge"] and Ability.LINE_ART not in able,
        "useReference": data["useReference"] and Ability.REFERENCE not in able,
        "initialNoiseMultiplier": data["initialNoiseMultiplier"] != 1,
        "positivePrompt: <…>": bool(_EXTRA_NETWORK.search(data["positivePrompt"])),
        "negativePrompt: <…>": bool(_EXTRA_NETWORK.search(data["negativePrompt"])),
    }
    return [field for field, ignored in conditions.items() if ignored]
