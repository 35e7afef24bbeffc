"""Pictures from image servers: what is sent to each kind, and what becomes of busy and failing ones."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from garden.errors import MisconfiguredError
from generation.engines.base import (
    BadPictureError,
    EngineUnavailableError,
    InpaintRequest,
    PictureRequest,
    UnsupportedAbilityError,
)
from generation.engines.fleet import PictureRefusedError
from generation.engines.openai_images import OpenAIImagesEngine, rest_seconds
from tests.generation.engines.openai_images.server import (
    Answer,
    FakeImageServer,
    answering,
    busy,
    fake_image_server,
    working,
)


@pytest.fixture
def server() -> Iterator[FakeImageServer]:
    with fake_image_server() as fake:
        yield fake


def ask(**more: Any) -> PictureRequest:
    return PictureRequest(**{"prompt": "calm", "width": 96, "height": 64, "seed": 7, **more})


FULL = {"negative_prompt": "people", "steps": 9, "guidance_scale": 3.5}
COMMON = {"n": 1, "size": "96x64", "response_format": "b64_json"}


@pytest.mark.parametrize(
    ("dialect", "sent"),
    [
        ("openai", {"prompt": "calm"}),
        ("localai", {"prompt": "calm|people", "seed": 7, "step": 9}),
        *(
            (
                dialect,
                {
                    "prompt": "calm",
                    "seed": 7,
                    "negative_prompt": "people",
                    "num_inference_steps": 9,
                    "guidance_scale": 3.5,
                },
            )
            for dialect in ("vllm-omni", "sglang")
        ),
    ],
)
def test_it_sends_what_the_server_takes(server: FakeImageServer, dialect: str, sent: dict[str, Any]) -> None:
    [picture] = OpenAIImagesEngine(addresses=[server.address], dialect=dialect).make([ask(**FULL)])
    [call] = server.calls
    assert call.path == "/v1/images/generations"
    assert call.fields == {**COMMON, **sent}
    assert picture.image.size == (96, 64)
    assert picture.model == dialect


def test_it_names_the_model_and_its_key(server: FakeImageServer) -> None:
    engine = OpenAIImagesEngine(addresses=[server.address], model="z-image", api_key="secret")
    [picture] = engine.make([ask()])
    [call] = server.calls
    assert (call.fields["model"], call.authorization, picture.model) == ("z-image", "Bearer secret", "z-image")
    assert "secret" not in repr(engine)


def test_it_repaints_the_white_of_the_mask(server: FakeImageServer) -> None:
    engine = OpenAIImagesEngine(addresses=[server.address], dialect="vllm-omni")
    pixels, mask = np.full((64, 96, 3), 200, np.uint8), np.zeros((64, 96), np.uint8)
    mask[:, :48] = 255
    [picture] = engine.inpaint([InpaintRequest(target=ask(), pixels=pixels, mask=mask, strength=0.5)])
    [call] = server.calls
    assert call.path == "/v1/images/edits"
    assert call.fields["strength"] == "0.5"
    made = np.asarray(picture.image)
    assert (made[:, 48:] == 200).all()
    assert (made[:, :48] != 200).any()


def test_other_servers_do_not_repaint(server: FakeImageServer) -> None:
    with pytest.raises(UnsupportedAbilityError):
        OpenAIImagesEngine(addresses=[server.address], dialect="sglang").abilities()


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again(server: FakeImageServer, status: int) -> None:
    server.behaviour = busy(2, status)
    assert len(list(OpenAIImagesEngine(addresses=[server.address]).make([ask()]))) == 1
    assert len(server.calls) == 3


def test_others_make_the_pictures_meanwhile(server: FakeImageServer) -> None:
    server.behaviour = busy(1, retry_after="1")
    with fake_image_server() as other:
        engine = OpenAIImagesEngine(addresses=[server.address, other.address])
        assert len(list(engine.make([ask(seed=seed) for seed in range(1, 5)]))) == 4
        assert len(server.calls) <= 2, "one was refused, and the last may have come back to it"
        assert len(other.calls) >= 3


def test_a_server_that_stays_busy_leaves_the_picture_to_the_queue(server: FakeImageServer) -> None:
    server.behaviour = busy(10**9)
    with pytest.raises(EngineUnavailableError, match="Given up after 4 tries"):
        list(OpenAIImagesEngine(addresses=[server.address]).make([ask()]))


def test_a_server_rests_as_long_as_it_says() -> None:
    assert [rest_seconds(text) for text in ("3", "", "Wed, 21 Oct 2026 07:28:00 GMT", "9999")] == [3, 2, 2, 60]


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (answering(400, {"error": {"message": "no such size"}}), PictureRefusedError),
        (answering(401, {}), EngineUnavailableError),
        (answering(500, {}), EngineUnavailableError),
        (answering(200, {"data": []}), EngineUnavailableError),
        (lambda call, count: Answer(200, {"data": [{"b64_json": "!"}]}), EngineUnavailableError),
    ],
)
def test_failures_are_told_apart(server: FakeImageServer, behaviour: Any, error: type[Exception]) -> None:
    server.behaviour = behaviour
    with pytest.raises(error):
        list(OpenAIImagesEngine(addresses=[server.address]).make([ask()]))


def test_a_picture_of_one_colour_or_another_size_is_none(server: FakeImageServer) -> None:
    import base64
    import io

    from PIL import Image

    def plain(size: tuple[int, int]) -> Any:
        stream = io.BytesIO()
        Image.new("RGB", size).save(stream, "PNG")
        return answering(200, {"data": [{"b64_json": base64.b64encode(stream.getvalue()).decode()}]})

    for size, error in (((96, 64), BadPictureError), ((64, 64), PictureRefusedError)):
        server.behaviour = plain(size)
        with pytest.raises(error):
            list(OpenAIImagesEngine(addresses=[server.address]).make([ask()]))
    server.behaviour = working
    assert list(OpenAIImagesEngine(addresses=[server.address]).make([ask()]))


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(EngineUnavailableError, match="No image server can be used now"):
        list(OpenAIImagesEngine(addresses=["http://127.0.0.1:1/v1"]).make([ask()]))


@pytest.mark.parametrize(
    "options",
    [{}, {"addresses": ["gpu-1"]}, {"addresses": ["http://a"], "dialect": "x"}, {"addresses": ["http://a"] * 2}],
)
def test_it_refuses_options_that_cannot_be(options: dict[str, Any]) -> None:
    with pytest.raises(MisconfiguredError):
        OpenAIImagesEngine(**options)
