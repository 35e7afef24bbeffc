"""What endpoints are asked and what they answer (docs/how-to/use-sagemaker.md)."""

import base64
import binascii
import io
import json
from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.engines.base import PictureRequest
from generation.engines.inpainting import InpaintRequest

STEPS = 50
GUIDANCE_SCALE = 7.5
EXTRA_FIELDS = ("negative_prompt", "seed")
INPAINT_FIELDS = (*EXTRA_FIELDS, "strength")
JSON, JSON_WITH_FILES = "application/json", "application/json;jpeg"
"""Content types of requests: plain, and with pictures as base64 files in it."""


class UnreadableAnswerError(ValueError):
    """The endpoint answered something that holds no picture."""


def ask_for(request: PictureRequest, extra_fields: Collection[str] = ()) -> bytes:
    """The JSON body for one picture; `extra_fields` (of EXTRA_FIELDS) are sent to endpoints that know them."""
    body = {
        "prompt": request.prompt,
        "width": request.width,
        "height": request.height,
        "num_images_per_prompt": 1,
        "num_inference_steps": STEPS if request.steps is None else request.steps,
        "guidance_scale": GUIDANCE_SCALE if request.guidance_scale is None else request.guidance_scale,
    }
    return json.dumps(body | {name: getattr(request, name) for name in extra_fields}).encode()


def ask_to_repaint(request: InpaintRequest, extra_fields: Collection[str] = ()) -> bytes:
    """The JSON body for one rectangle, as JumpStart's inpainting models read it; white of the mask is repainted.

    `extra_fields` are of INPAINT_FIELDS.
    """
    body = json.loads(ask_for(request.asked, set(extra_fields) & set(EXTRA_FIELDS)))
    body |= {"image": _encoded(request.pixels), "mask_image": _encoded(request.mask)}
    if "strength" in extra_fields:
        body["strength"] = request.strength
    return json.dumps(body).encode()


def _encoded(pixels: NDArray[np.uint8]) -> str:
    """PNG, which every reader of files takes and which loses nothing."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def read_picture(body: bytes) -> Image.Image:
    """The first picture of an answer: base64 JPEG, or rows of RGB values. Raises UnreadableAnswerError."""
    try:
        answer = json.loads(body)
        found = answer.get("generated_images") or [answer["generated_image"]]
        return _decode_file(found[0]) if isinstance(found[0], str) else _decode_rows(found[0])
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, OverflowError) as error:
        raise UnreadableAnswerError(f"no picture in {body[:80]!r}… ({error})") from error


def _decode_file(text: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(base64.b64decode(text, validate=True))) as image:
            return image.convert("RGB")
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from error


def _decode_rows(rows: Any) -> Image.Image:
    """Height × width × 3 values of 0 … 255."""
    pixels = np.asarray(rows, dtype=np.float64)
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"an array of {pixels.shape} is not height × width × 3")
    if not np.isfinite(pixels).all():
        raise ValueError("some values are not finite")
    return Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))
