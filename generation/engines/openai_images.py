"""Pictures from diffusion servers that speak OpenAI's images API: vLLM-Omni, SGLang Diffusion, LocalAI and others."""

import base64
import binascii
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import requests
from numpy.typing import NDArray
from PIL import Image

from garden.errors import MisconfiguredError
from generation.engines.base import (
    Ability,
    Device,
    Engine,
    Inpainter,
    InpaintRequest,
    OnStep,
    Picture,
    PictureRequest,
    UnsupportedAbilityError,
    check_inpaint,
    ignore_steps,
)
from generation.engines.fleet import EndpointError, Fleet, PictureRefusedError
from generation.retouch.settings import working_size

FIELDS: dict[str, dict[str, str]] = {
    "openai": {},
    "vllm-omni": {
        "seed": "seed",
        "negative_prompt": "negative_prompt",
        "steps": "num_inference_steps",
        "guidance_scale": "guidance_scale",
    },
    "sglang": {
        "seed": "seed",
        "negative_prompt": "negative_prompt",
        "steps": "num_inference_steps",
        "guidance_scale": "guidance_scale",
    },
    "localai": {"seed": "seed", "steps": "step"},
}
"""What servers take beyond OpenAI's own fields, by our names."""
BUSY = (429, 503)
REST_SECONDS, MOST_REST_SECONDS = 2.0, 60.0
"""How long a busy server is left alone that does not say so, and at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAIImagesEngine(Engine, Inpainter):
    """Pictures from image servers, in parallel; each picture goes to the next server that is free.

    `addresses` are those of the API, as in `http://gpu-1:8000/v1`. `dialect` is openai, vllm-omni, sglang or localai:
    what the server takes beyond OpenAI's fields. `model` is sent where it is given. `parallel` is how many pictures a
    server is sent at once. A server that answers 429 or 503 is left alone as long as it says (Retry-After). `area` is
    the number of pixels that a rectangle is repainted in. `attempts` are those of one picture after passing errors.
    Timeouts in seconds.
    """

    name: ClassVar[str] = "openai_images"

    addresses: Sequence[str] = ()
    dialect: str = "openai"
    model: str = ""
    api_key: str = field(default="", repr=False)
    parallel: int = 1
    area: int = 1024 * 1024
    connect_timeout: float = 5
    read_timeout: float = 300
    attempts: int = 4
    _fleet: Fleet = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.addresses or len(set(self.addresses)) < len(self.addresses):
            raise MisconfiguredError("OpenAIImagesEngine: addresses must name one server or more, each once.")
        if not all(address.startswith(("http://", "https://")) for address in self.addresses):
            raise MisconfiguredError("OpenAIImagesEngine: addresses begin with http:// or https://.")
        if self.dialect not in FIELDS:
            raise MisconfiguredError(f"OpenAIImagesEngine: dialect must be one of {', '.join(FIELDS)}.")
        if min(self.parallel, self.attempts) < 1:
            raise MisconfiguredError("OpenAIImagesEngine: parallel and attempts must be at least 1.")
        fleet = Fleet(
            engine=self.name,
            kind="image server",
            endpoints=self.addresses,
            caller=ImagesCaller(self),
            parallel=self.parallel,
            attempts=self.attempts,
        )
        object.__setattr__(self, "_fleet", fleet)

    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        for request in requests:
            self.limits.check(request.width, request.height)
        return self._fleet.run(requests, on_step)

    def inpaint(self, requests: Sequence[InpaintRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        check_inpaint(self, requests)
        return self._fleet.run(requests, on_step)

    def abilities(self, model: str = "") -> frozenset[Ability]:
        """Of repainting: vLLM-Omni alone takes a mask whose white is repainted."""
        if self.dialect != "vllm-omni":
            raise UnsupportedAbilityError(f"Servers of the dialect {self.dialect} cannot repaint here.", field="engine")
        return frozenset({Ability.NEGATIVE, Ability.STEPS, Ability.GUIDANCE})

    def inpaint_size(self, width: int, height: int, model: str = "") -> tuple[int, int]:
        limits = self.limits
        return working_size(width, height, area=self.area, multiple=16, minimum=limits.minimum, maximum=limits.maximum)

    def batch_size(self, request: PictureRequest) -> int:
        """Two rounds: enough for faster servers to take a larger share."""
        return 2 * self.parallel * len(self.addresses)

    def describe_device(self) -> Device:
        return Device(f"{len(self.addresses)} × {self.dialect}")


class ImagesCaller:
    """Calls `images/generations` and `images/edits`."""

    def __init__(self, engine: OpenAIImagesEngine) -> None:
        self._engine = engine

    def prepare(self) -> None:
        """Nothing is needed before the first call."""

    def model(self, endpoint: str, request: PictureRequest) -> str:
        return request.model or self._engine.model or self._engine.dialect

    def call(self, endpoint: str, request: PictureRequest | InpaintRequest) -> Image.Image:
        engine = self._engine
        target = request.target if isinstance(request, InpaintRequest) else request
        fields = request_fields(target, engine.dialect, engine.model)
        if isinstance(request, InpaintRequest):
            files = {"image": _file("image", request.pixels), "mask_image": _file("mask", request.mask)}
            form = {name: str(value) for name, value in {**fields, "strength": request.strength}.items()}
            return self._post(f"{endpoint.rstrip('/')}/images/edits", endpoint, data=form, files=files)
        return self._post(f"{endpoint.rstrip('/')}/images/generations", endpoint, json=fields)

    def _post(self, url: str, endpoint: str, **content: Any) -> Image.Image:
        engine = self._engine
        headers = {"Authorization": f"Bearer {engine.api_key}"} if engine.api_key else {}
        try:
            answer = requests.post(
                url, headers=headers, timeout=(engine.connect_timeout, engine.read_timeout), **content
            )
        except requests.RequestException as error:
            raise EndpointError(f"{endpoint}: {error}") from error
        if answer.status_code != 200:
            raise meaning_of(answer, endpoint)
        try:
            return read_picture(answer)
        except ValueError as error:
            raise EndpointError(f"{endpoint}: {error}", again=True) from error


def request_fields(request: PictureRequest, dialect: str, model: str) -> dict[str, Any]:
    """The body for one picture; what the request leaves open stays the server's."""
    own = {ours: getattr(request, ours) for ours in FIELDS[dialect]}
    fields = {FIELDS[dialect][ours]: value for ours, value in own.items() if value not in (None, "")}
    prompt = request.prompt
    if dialect == "localai" and request.negative_prompt:
        prompt = f"{prompt}|{request.negative_prompt}"
    size = f"{request.width}x{request.height}"
    named = request.model or model
    return {
        "prompt": prompt,
        "n": 1,
        "size": size,
        "response_format": "b64_json",
        **({"model": named} if named else {}),
        **fields,
    }


def _file(name: str, pixels: NDArray[Any]) -> tuple[str, bytes, str]:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return f"{name}.png", stream.getvalue(), "image/png"


def meaning_of(answer: requests.Response, endpoint: str) -> Exception:
    """A busy server is tried again, one that fails too; a request that it calls wrong is not."""
    status, words = answer.status_code, f"{endpoint}: {answer.status_code}: {answer.text[:200]}"
    if status in BUSY:
        return EndpointError(words, again=True, rest=rest_seconds(answer.headers.get("Retry-After", "")))
    if status in (401, 403, 404):
        return EndpointError(words)
    if 400 <= status < 500:
        return PictureRefusedError(answer.text[:500] or words, endpoint=endpoint)
    return EndpointError(words, again=True)


def rest_seconds(text: str) -> float:
    """Of a Retry-After header in seconds; a date, which no server of these sends, counts as none."""
    return min(float(text), MOST_REST_SECONDS) if text.isdecimal() else REST_SECONDS


def read_picture(answer: requests.Response) -> Image.Image:
    """Raises ValueError."""
    try:
        encoded = answer.json()["data"][0]["b64_json"]
        with Image.open(io.BytesIO(base64.b64decode(encoded, validate=True))) as image:
            return image.convert("RGB")
    except (ValueError, KeyError, TypeError, IndexError, OSError, binascii.Error) as error:
        raise ValueError(f"no picture in {answer.text[:80]!r}… ({error})") from error
