"""What an endpoint is asked, for a picture and for a retouch, and what is read in its answer."""

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from generation.engines.base import Ability, InpaintRequest, PictureRequest, UnsupportedAbilityError
from generation.engines.sagemaker_payload import read_picture, request_body
from tests.generation.engines.sagemaker.conftest import Engines
from tests.generation.engines.sagemaker.server import Answer, Call, FakeSageMaker, working

REQUEST = PictureRequest(prompt="calm, cat", width=768, height=512, seed=3, negative_prompt="blurry")


def jpeg() -> str:
    stream = io.BytesIO()
    Image.new("RGB", (6, 4), "teal").save(stream, "JPEG")
    return base64.b64encode(stream.getvalue()).decode()


def test_it_asks_as_the_seeds_did() -> None:
    assert json.loads(request_body(REQUEST)[0]) == {
        "prompt": "calm, cat",
        "width": 768,
        "height": 512,
        "num_images_per_prompt": 1,
        "num_inference_steps": 50,
        "guidance_scale": 7.5,
    }


def test_it_sends_what_the_request_and_the_options_add() -> None:
    request = PictureRequest("calm", 64, 64, 3, "blurry", steps=4, guidance_scale=0.0)
    body = json.loads(request_body(request, ("negative_prompt", "seed"))[0])
    assert (body["num_inference_steps"], body["guidance_scale"]) == (4, 0.0)
    assert (body["negative_prompt"], body["seed"]) == ("blurry", 3)


def test_it_reads_rows_of_fractions_beyond_the_range() -> None:
    picture = read_picture(json.dumps({"generated_image": [[[-3.2, 127.6, 300]]]}).encode())
    assert picture.getpixel((0, 0)) == (0, 128, 255)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"generated_images": []}',
        b'{"generated_image": null}',
        b'{"generated_images": ["not base64!"]}',
        b'{"generated_images": ["' + base64.b64encode(b"not a picture") + b'"]}',
        b'{"generated_images": ["' + jpeg()[:200].encode() + b'"]}',
        b'{"generated_image": [[1, 2], [3, 4]]}',
        b'{"generated_image": [[[1, 2, 3]], [[1, 2]]]}',
        b'{"generated_image": [[["a", "b", "c"]]]}',
        b'{"generated_image": [[[null, 1, 2]]]}',
    ],
)
def test_it_says_when_there_is_no_picture(body: bytes) -> None:
    with pytest.raises(ValueError, match="no picture"):
        read_picture(body)


def inpaint_request(**more: Any) -> InpaintRequest:
    pixels = np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
    mask = np.zeros((64, 96), np.uint8)
    mask[:, 48:] = 255
    target = PictureRequest("calm", 96, 64, seed=7, steps=9, negative_prompt="people")
    return InpaintRequest(target=target, pixels=pixels, mask=mask, strength=0.6, **more)


def shown(text: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(text))) as image:
        return np.asarray(image)


def test_it_sends_picture_and_mask_to_an_inpainting_endpoint(engines: Engines, sagemaker: FakeSageMaker) -> None:
    engine = engines({"a": working(), "b": working()}, inpaint_endpoints=["b"])
    list(engine.inpaint([inpaint_request()]))
    [call] = sagemaker.calls
    assert (call.endpoint, call.content_type) == ("b", "application/json;jpeg")
    assert (shown(call.body["image"]) == inpaint_request().pixels).all()
    assert (shown(call.body["mask_image"]) == inpaint_request().mask).all()
    assert (call.body["num_inference_steps"], "seed" in call.body, "strength" in call.body) == (9, False, False)


def test_it_sends_further_fields_only_where_the_model_knows_them(engines: Engines, sagemaker: FakeSageMaker) -> None:
    known = ["negative_prompt", "seed", "strength"]
    engine = engines(inpaint_endpoints=["a"], inpaint_fields=known)
    list(engine.inpaint([inpaint_request()]))
    assert [sagemaker.calls[0].body[name] for name in known] == ["people", 7, 0.6]
    assert Ability.NEGATIVE in engine.abilities()


def test_it_scales_an_answer_of_the_models_own_size(engines: Engines) -> None:
    def square(call: Call, count: int) -> Answer:
        return working()(Call(call.endpoint, {**call.body, "width": 32, "height": 32}, "", ""), count)

    [made] = engines({"a": square}, inpaint_endpoints=["a"]).inpaint([inpaint_request()])
    assert made.image.size == (96, 64)


def test_without_such_an_endpoint_it_says_that_it_cannot(engines: Engines) -> None:
    with pytest.raises(UnsupportedAbilityError) as refused:
        engines().inpaint([inpaint_request()])
    assert refused.value.extra["field"] == "engine"
