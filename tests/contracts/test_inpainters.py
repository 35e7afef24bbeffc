"""What every engine must do that repaints a part of a picture: add yours to the fixtures of test_engines."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from generation.engines.base import (
    Ability,
    Inpainter,
    InpaintRequest,
    LineArt,
    PictureRequest,
    Reference,
    UnsupportedAbilityError,
    UnsupportedSizeError,
)
from tests.contracts.test_engines import diffusers, engine, openai_images, painter, sagemaker  # noqa: F401

WIDTH, HEIGHT = 96, 64


@pytest.fixture
def inpainter(engine: Any) -> Inpainter:  # noqa: F811
    assert isinstance(engine, Inpainter)
    return engine


def canvas() -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


def inpaint_request(prompt: str = "happy, cat", width: int = WIDTH, seed: int = 1, **more: Any) -> InpaintRequest:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[16:48, 24:72] = 255
    target = PictureRequest(prompt, width, HEIGHT, seed)
    return InpaintRequest(**{"target": target, "pixels": canvas(), "mask": mask, **more})


def test_it_repaints_each_rectangle_in_order_and_of_its_size(inpainter: Inpainter) -> None:
    inpaint_requests = [inpaint_request(), inpaint_request("sad", seed=2)]
    made = list(inpainter.inpaint(inpaint_requests))
    assert [picture.request.prompt for picture in made] == ["happy, cat", "sad"]
    assert [(picture.image.size, picture.image.mode) for picture in made] == [((WIDTH, HEIGHT), "RGB")] * 2
    assert all(picture.engine and picture.model and picture.seconds > 0 for picture in made)


def test_it_changes_what_is_under_the_mask(inpainter: Inpainter) -> None:
    [made] = inpainter.inpaint([inpaint_request(strength=1.0)])
    under = inpaint_request().mask == 255
    assert (np.asarray(made.image)[under] != canvas()[under]).any(axis=1).mean() > 0.5


@pytest.mark.parametrize("strength", [0.05, 0.5, 1.0])
def test_it_takes_every_strength(inpainter: Inpainter, strength: float) -> None:
    assert len(list(inpainter.inpaint([inpaint_request(strength=strength)]))) == 1


def test_it_refuses_before_the_first_what_it_has_not_naming_the_setting(inpainter: Inpainter) -> None:
    lines = LineArt(np.zeros((HEIGHT, WIDTH), np.uint8))
    for ability, target, field in (
        (Ability.LINE_ART, {"line_art": lines}, "line_weight"),
        (Ability.REFERENCE, {"reference": Reference(canvas())}, "reference_weight"),
        (Ability.SAMPLERS, {"sampler": "ddim"}, "sampler"),
    ):
        if ability in inpainter.abilities():
            assert len(list(inpainter.inpaint([inpaint_request(**target)]))) == 1
        else:
            with pytest.raises(UnsupportedAbilityError) as refused:
                inpainter.inpaint([inpaint_request(), inpaint_request(**target)])
            assert refused.value.extra["field"] == field


def test_it_refuses_a_size_before_the_first(inpainter: Inpainter) -> None:
    with pytest.raises(UnsupportedSizeError):
        inpainter.inpaint([inpaint_request(width=100)])


def test_it_reports_how_far_it_is_and_never_goes_back(inpainter: Inpainter) -> None:
    reported: list[float] = []
    list(inpainter.inpaint([inpaint_request(), inpaint_request(seed=2)], reported.append))
    assert reported == sorted(reported)
    assert reported[-1] == pytest.approx(1)


def test_it_stops_when_asked_to_and_works_on_afterwards(inpainter: Inpainter) -> None:
    class EnoughError(Exception):
        pass

    def enough(progress: float) -> None:
        raise EnoughError

    with pytest.raises(EnoughError):
        list(inpainter.inpaint([inpaint_request()], enough))
    assert len(list(inpainter.inpaint([inpaint_request()]))) == 1


@pytest.mark.parametrize(("width", "height"), [(64, 64), (97, 201), (1280, 800), (64, 4096), (5000, 5000)])
def test_its_size_for_a_crop_is_one_that_it_makes(inpainter: Inpainter, width: int, height: int) -> None:
    size = inpainter.inpaint_size(width, height)
    inpainter.limits.check(*size)  # type: ignore[attr-defined]
    if max(width, height) < 4 * min(width, height):
        assert size[0] / size[1] == pytest.approx(width / height, rel=0.08)
