"""The retouching seed's page: its pictures as its canvas exports them, its requests with all 26 fields."""

import base64
import io
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import PIL.Image
import pytest
from django.db import connection
from numpy.typing import NDArray
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from generation.queue.worker import work
from tests.generation.credits.samples import curator
from tests.support.pictures import coffee

SIZE = (192, 128)


@contextmanager
def worker_at_work(engines: Sequence[str]) -> Iterator[None]:
    """A worker that takes what comes until the block ends."""
    ended = threading.Event()

    def take_what_comes() -> None:
        while not ended.wait(0.05):
            work(engines=engines)
        connection.close()

    thread = threading.Thread(target=take_what_comes)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def data_url(picture: PIL.Image.Image, kind: str = "jpeg") -> str:
    """As `canvas.toDataURL("image/jpeg", 0.85)`."""
    stream = io.BytesIO()
    picture.convert("RGB").save(stream, kind.upper(), quality=85)
    return f"data:image/{kind};base64,{base64.b64encode(stream.getvalue()).decode()}"


def photo() -> PIL.Image.Image:
    return PIL.Image.open(io.BytesIO(coffee())).convert("RGB").resize(SIZE)


def black(white: tuple[int, int, int, int] | None = None) -> PIL.Image.Image:
    """A layer of the page's canvas: black, and white where something was painted."""
    layer = PIL.Image.new("RGB", SIZE)
    if white:
        layer.paste("white", white)
    return layer


MASKED = (64, 32, 128, 96)


def asked(**changed: Any) -> dict[str, Any]:
    """The page's request as it is at first, for a drawn mask."""
    return {
        "sampler": "DPM++ 2M Karras",
        "steps": 20,
        "seed": -1,
        "maskBlur": 4,
        "cfgScale": 7,
        "denosing": 0.6,
        "initialNoiseMultiplier": 1,
        "controlMode": 0,
        "controlWeight": 1.0,
        "referenceControlMode": 2,
        "referenceControlWeight": 1.0,
        "inpaintingFill": 1,
        "width": SIZE[0],
        "height": SIZE[1],
        "positivePrompt": "masterpiece,realistic,(calm:1.2),",
        "negativePrompt": "unreal,(worst quality:2.0)",
        "antiGlareFilterFlag": 0,
        "antiGlareFilterSigmaS": 0,
        "antiGlareFilterSigmaR": 0,
        "imageData": data_url(photo()),
        "maskData": data_url(black(MASKED)),
        "edgeData": data_url(black((70, 40, 120, 44))),
        "useEdge": True,
        "useReference": False,
        "useAnotherImageForReference": False,
        "referenceImageData": "",
        **changed,
    }


def pixels_of(image: str) -> NDArray[np.uint8]:
    """The picture of an answer: PNG in base64, without the head of a data URL."""
    return np.asarray(PIL.Image.open(io.BytesIO(base64.b64decode(image)), formats=["PNG"]))


@pytest.fixture
def cleo() -> Any:
    """A curator with three credits a day."""
    return curator(daily=3)


@pytest.fixture
def page(cleo: Any) -> APIClient:
    """The page's `fetch`: a bare token, and no word of what the body is."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=Token.objects.create(user=cleo).key)
    return client


def generate(page: APIClient, **changed: Any) -> Any:
    return page.post("/render/generate", json.dumps(asked(**changed)), content_type="text/plain;charset=UTF-8")


def edge(page: APIClient, body: str) -> Any:
    return page.post("/render/edge", body, content_type="text/plain;charset=UTF-8")
