"""What an inpainting endpoint is asked and what is made of its answer."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from generation.engines.base import Ability, InpaintRequest, PictureRequest, UnsupportedAbilityError
from tests.generation.engines.sagemaker.conftest import Engines
from tests.generation.engines.sagemaker.server import Answer, Call, FakeSageMaker, working


def wish(**more: Any) -> InpaintRequest:
    pixels = np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
    mask = np.zeros((64, 96), np.uint8)
    mask[:, 48:] = 255
    asked = PictureRequest("calm", 96, 64, seed=7, steps=9, negative_prompt="people")
    return InpaintRequest(asked=asked, pixels=pixels, mask=mask, strength=0.6, **more)


def shown(text: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(text))) as image:
        return np.asarray(image)


def test_it_sends_picture_and_mask_to_an_inpainting_endpoint(engines: Engines, sagemaker: FakeSageMaker) -> None:
    engine = engines({"a": working(), "b": working()}, inpaint_endpoints=["b"])
    list(engine.inpaint([wish()]))
    [call] = sagemaker.calls
    assert (call.endpoint, call.content_type) == ("b", "application/json;jpeg")
    assert (shown(call.body["image"]) == wish().pixels).all()
    assert (shown(call.body["mask_image"]) == wish().mask).all()
    assert (call.body["num_inference_steps"], "seed" in call.body, "strength" in call.body) == (9, False, False)


def test_it_sends_further_fields_only_where_the_model_knows_them(engines: Engines, sagemaker: FakeSageMaker) -> None:
    known = ["negative_prompt", "seed", "strength"]
    engine = engines(inpaint_endpoints=["a"], inpaint_fields=known)
    list(engine.inpaint([wish()]))
    assert [sagemaker.calls[0].body[name] for name in known] == ["people", 7, 0.6]
    assert Ability.NEGATIVE in engine.abilities()


def test_it_scales_an_answer_of_the_models_own_size(engines: Engines) -> None:
    def square(call: Call, count: int) -> Answer:
        return working()(Call(call.endpoint, {**call.body, "width": 32, "height": 32}, "", ""), count)

    [made] = engines({"a": square}, inpaint_endpoints=["a"]).inpaint([wish()])
    assert made.image.size == (96, 64)


def test_without_such_an_endpoint_it_says_that_it_cannot(engines: Engines) -> None:
    with pytest.raises(UnsupportedAbilityError) as refused:
        engines().inpaint([wish()])
    assert refused.value.extra["field"] == "engine"
