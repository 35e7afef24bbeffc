"""Repainting with a tiny model: under the mask, at a strength, along lines, after a reference."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from generation.engines.base import Ability, InpaintRequest, LineArt, PictureRequest, Reference, UnsupportedAbilityError
from generation.engines.diffusers import DiffusersEngine
from generation.retouch.settings import Sampler
from tests.generation.engines.diffusers.tiny import ROUNDING, ask, decoding, differ, make_one
from tools.tiny_diffusion import build_tiny_controlnet, build_tiny_image_encoder, build_tiny_ip_adapter

SIDE = 64


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("parts")
    weights = build_tiny_ip_adapter(folder / "adapter" / "ip.safetensors")
    return {
        "controlnet": str(build_tiny_controlnet(folder / "lines")),
        "image_encoder": str(build_tiny_image_encoder(folder / "eye")),
        "ip_adapter": {"id": str(weights.parent), "file": weights.name},
    }


@pytest.fixture
def engine(tiny_sd: Path, tiny_sdxl: Path, parts: dict[str, Any]) -> DiffusersEngine:
    models = {
        "tiny": {"id": str(tiny_sd), "steps": 4, "kind": "sd", **parts},
        "tiny-xl": {"id": str(tiny_sdxl), "steps": 4, "kind": "sdxl"},
    }
    return DiffusersEngine(models=models, default_model="tiny", device="cpu")


def picture() -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3), np.uint8)


def left_half(value: int = 255) -> NDArray[np.uint8]:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[:, : SIDE // 2] = value
    return mask


def inpaint_request(
    seed: int = 1, prompt: str = "calm", model: str = "", steps: int | None = None, **more: Any
) -> InpaintRequest:
    target = PictureRequest(prompt, SIDE, SIDE, seed, model=model, steps=steps)
    return InpaintRequest(**{"target": target, "pixels": picture(), "mask": left_half(), **more})


def repaint(engine: DiffusersEngine, request: InpaintRequest) -> NDArray[np.int64]:
    [made] = engine.inpaint([request])
    assert made.image.size == (SIDE, SIDE)
    return np.asarray(made.image).astype(np.int64)


@pytest.mark.parametrize("model", ["tiny", "tiny-xl"])
def test_it_repaints_and_follows_prompt_and_seed(engine: DiffusersEngine, model: str) -> None:
    first = repaint(engine, inpaint_request(model=model))
    assert differ(first, repaint(engine, inpaint_request(model=model))) == 0
    assert differ(first, repaint(engine, inpaint_request(seed=2, model=model))) > 0
    assert differ(first, repaint(engine, inpaint_request(prompt="angry red storm", model=model))) > 0


def test_it_changes_more_with_more_strength(engine: DiffusersEngine) -> None:
    kept = repaint(engine, inpaint_request(strength=0.01))
    little, much = (
        np.abs(repaint(engine, inpaint_request(strength=one, steps=20)) - kept).mean() for one in (0.1, 1.0)
    )
    assert little < much


def test_it_blends_along_a_soft_mask(engine: DiffusersEngine) -> None:
    hard, soft = (repaint(engine, inpaint_request(mask=left_half(value))) for value in (255, 100))
    assert differ(hard, soft) > 0


def test_its_samplers_differ(engine: DiffusersEngine) -> None:
    made = [repaint(engine, inpaint_request(sampler=str(one), steps=6)) for one in Sampler if one]
    assert all(differ(one, other) > 0 for place, one in enumerate(made) for other in made[:place])


def test_it_holds_on_to_lines_as_far_as_they_weigh_and_as_long_as_they_hold(engine: DiffusersEngine) -> None:
    lines = np.where(np.eye(SIDE) > 0, 255, 0).astype(np.uint8)
    light, heavy, brief = (
        repaint(engine, inpaint_request(line_art=LineArt(lines, *how))) for how in ((0.2,), (1.5,), (1.5, 0.0, 0.3))
    )
    assert differ(light, heavy) > 0
    assert differ(heavy, brief) > 0
    other = repaint(engine, inpaint_request(line_art=LineArt(lines[::-1].copy(), 1.5)))
    assert differ(heavy, other) > 0


@pytest.mark.parametrize(("model", "with_lines"), [("tiny", False), ("tiny", True), ("tiny-xl", False)])
def test_it_repaints_several_in_one_call_as_it_would_alone(
    parts: dict[str, Any], tiny_sd: Path, tiny_sdxl: Path, model: str, with_lines: bool
) -> None:
    models = {
        "tiny": {"id": str(tiny_sd), "steps": 4, "kind": "sd", **parts},
        "tiny-xl": {"id": str(tiny_sdxl), "steps": 4, "kind": "sdxl"},
    }
    alone, together = (
        DiffusersEngine(models=models, default_model="tiny", device="cpu", max_batch=most) for most in (1, 4)
    )
    lines = [np.where(np.eye(SIDE, k=number) > 0, 255, 0).astype(np.uint8) for number in range(5)]
    requests = [
        inpaint_request(
            seed=number,
            prompt="calm" + "m" * number,
            model=model,
            pixels=np.roll(picture(), number, axis=0),
            mask=np.roll(left_half(), number, axis=1),
            line_art=LineArt(lines[number]) if with_lines else None,
        )
        for number in range(5)
    ]
    single = [repaint(alone, request) for request in requests]
    with _counted_batches(together, model) as batches:
        made = list(together.inpaint(requests))

    assert batches == [4, 1]
    assert [each.index for each in made] == list(range(5))
    for one, other in zip(single, made, strict=True):
        assert differ(one, np.asarray(other.image).astype(np.int64)) <= ROUNDING


@contextmanager
def _counted_batches(engine: DiffusersEngine, model: str) -> Iterator[list[int]]:
    """How many pictures each decoding has."""
    from generation.engines.diffusers.worker.loading import load_model

    with decoding(load_model(engine.plan(engine.card(model))).pipeline, lambda output: output) as batches:
        yield batches


def test_it_follows_the_reference_of_each_among_several(engine: DiffusersEngine) -> None:
    references = [Reference(np.full((48, 80, 3), shade, np.uint8), 1.0) for shade in (20, 230)]
    requests = [inpaint_request(reference=reference) for reference in references]
    single = [repaint(engine, request) for request in requests]
    made = [np.asarray(each.image).astype(np.int64) for each in replace(engine, max_batch=2).inpaint(requests)]
    assert [differ(one, other) for one, other in zip(single, made, strict=True)] == [0, 0]


def test_it_follows_a_reference_and_forgets_it_afterwards(engine: DiffusersEngine) -> None:
    before = make_one(engine, ask())
    plain = repaint(engine, inpaint_request())
    one, other = (Reference(np.full((48, 80, 3), shade, np.uint8), 1.0) for shade in (20, 230))
    assert differ(repaint(engine, inpaint_request(reference=one)), plain) > 0
    assert (
        differ(repaint(engine, inpaint_request(reference=one)), repaint(engine, inpaint_request(reference=other))) > 0
    )
    assert differ(repaint(engine, inpaint_request()), plain) == 0
    assert differ(make_one(engine, ask()), before) == 0


def test_it_reads_the_adapter_once(engine: DiffusersEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.unload()
    reference = Reference(np.full((48, 80, 3), 90, np.uint8), 1.0)
    first = repaint(engine, inpaint_request(reference=reference))
    monkeypatch.setattr("generation.engines.diffusers.worker.inpainting.locate_file", None)

    assert differ(repaint(engine, inpaint_request(reference=reference)), first) == 0
    assert differ(repaint(engine, inpaint_request(reference=Reference(reference.pixels, 0.1))), first) > 0


def test_lines_and_a_reference_go_together(engine: DiffusersEngine) -> None:
    lines, shade = np.zeros((SIDE, SIDE), np.uint8), np.full((40, 40, 3), 90, np.uint8)
    repaint(engine, inpaint_request(line_art=LineArt(lines), reference=Reference(shade)))


def test_it_makes_pictures_from_nothing_as_before(engine: DiffusersEngine) -> None:
    before = make_one(engine, ask())
    repaint(engine, inpaint_request(sampler="unipc"))
    assert differ(make_one(engine, ask()), before) == 0


def test_it_says_what_a_model_has_not(engine: DiffusersEngine) -> None:
    assert engine.abilities("tiny") == frozenset(Ability)
    assert Ability.LINE_ART not in engine.abilities("tiny-xl")
    lines = LineArt(np.zeros((SIDE, SIDE), np.uint8))
    with pytest.raises(UnsupportedAbilityError) as refused:
        engine.inpaint([inpaint_request(model="tiny-xl", line_art=lines)])
    assert refused.value.extra["field"] == "line_weight"


@pytest.mark.parametrize(("width", "height"), [(64, 64), (200, 120), (3000, 300), (64, 4000), (4096, 4096)])
def test_it_scales_a_crop_to_the_models_own_size(engine: DiffusersEngine, width: int, height: int) -> None:
    made = engine.inpaint_size(width, height, "sdxl-turbo")
    assert all(side % 8 == 0 and 64 <= side <= 2048 for side in made)
    if max(width, height) < 4 * min(width, height):
        assert made[0] * made[1] == pytest.approx(1024**2, rel=0.05)
        assert made[0] / made[1] == pytest.approx(width / height, rel=0.02)
