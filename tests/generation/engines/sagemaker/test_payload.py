import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from generation.engines.base import PictureRequest
from generation.engines.sagemaker_payload import UnreadableAnswerError, read_picture, request_body

REQUEST = PictureRequest(prompt="calm, cat", width=768, height=512, seed=3, negative_prompt="blurry")
PIXELS = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)


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


def test_it_reads_base64_jpeg() -> None:
    picture = read_picture(json.dumps({"generated_images": [jpeg()], "prompt": "calm"}).encode())
    assert (picture.size, picture.mode) == ((6, 4), "RGB")


@pytest.mark.parametrize("answer", [{"generated_image": PIXELS.tolist()}, {"generated_images": [PIXELS.tolist()]}])
def test_it_reads_rows_of_rgb_values(answer: dict[str, Any]) -> None:
    assert np.array_equal(np.asarray(read_picture(json.dumps(answer).encode())), PIXELS)


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
    with pytest.raises(UnreadableAnswerError, match="no picture"):
        read_picture(body)
