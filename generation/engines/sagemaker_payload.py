"""The requests and answers of SageMaker endpoints (docs/how-to/add-a-model.md)."""

import base64
import binascii
import io
import json
from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.engines.base import InpaintRequest, PictureRequest

STEPS = 50
GUIDANCE_SCALE = 7.5
EXTRA_FIELDS = ("negative_prompt", "seed")
INPAINT_FIELDS = (*EXTRA_FIELDS, "strength")
JSON, JSON_WITH_FILES = "application/json", "application/json;jpeg"
"""Content types of requests: plain, and with pictures as base64 files in it."""


def request_body(request: PictureRequest | InpaintRequest, extra_fields: Collection[str] = ()) -> tuple[bytes, str]:
    """The JSON body for one picture, and its content type.

    `extra_fields` are sent to endpoints that know them: of EXTRA_FIELDS, or INPAINT_FIELDS for a rectangle, which is
    sent as JumpStart's inpainting models read it; white of the mask is repainted.
    """
    target = request.target if isinstance(request, InpaintRequest) else request
    body: dict[str, Any] = {
        "prompt": target.prompt,
        "width": target.width,
        "height": target.height,
        "num_images_per_prompt": 1,
        "num_inference_steps": STEPS if target.steps is None else target.steps,
        "guidance_scale": GUIDANCE_SCALE if target.guidance_scale is None else target.guidance_scale,
    }
    body |= {name: getattr(target, name) for name in EXTRA_FIELDS if name in extra_fields}
    if not isinstance(request, InpaintRequest):
        return json.dumps(body).encode(), JSON
    body |= {"image": _encoded(request.pixels), "mask_image": _encoded(request.mask)}
    if "strength" in extra_fields:
        body["strength"] = request.strength
    return json.dumps(body).encode(), JSON_WITH_FILES


def _encoded(pixels: NDArray[np.uint8]) -> str:
    """PNG, which every reader of files takes and which loses nothing."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def read_picture(body: bytes) -> Image.Image:
    """The first picture of an answer: base64 JPEG, or rows of RGB values. Raises ValueError."""
    try:
        answer = json.loads(body)
        found = answer.get("generated_images") or [answer["generated_image"]]
        return _decode_file(found[0]) if isinstance(found[0], str) else _decode_rows(found[0])
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, OverflowError) as error:
        raise ValueError(f"no picture in {body[:80]!r}… ({error})") from error


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
