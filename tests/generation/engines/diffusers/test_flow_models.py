"""FLUX.2 [klein] and Z-Image, tiny: models whose prompt is read by a language model and that match flows."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from numpy.typing import NDArray

from generation.engines.base import Ability, InpaintRequest, PictureRequest, UnsupportedAbilityError
from generation.engines.diffusers import DiffusersEngine
from generation.queue.worker import work
from generation.retouch.versions import open_image
from tests.curation.cast import member
from tests.generation.engines.diffusers.tiny import ROUNDING, ask, differ, make_one, pixels
from tests.generation.retouch.samples import ask as begin
from tests.generation.retouch.samples import edit, picture

SIDE = 64
MODELS = pytest.mark.parametrize("model", ["flux.2-klein-4b", "z-image-turbo"])


@pytest.fixture
def engine(tiny_klein: Path, tiny_z_image: Path) -> DiffusersEngine:
    """The catalogue's own cards with tiny networks behind them."""
    models = {
        "flux.2-klein-4b": {"id": str(tiny_klein), "steps": 2},
        "z-image-turbo": {"id": str(tiny_z_image), "steps": 2},
    }
    return DiffusersEngine(models=models, default_model="flux.2-klein-4b", device="cpu", max_batch=4)


def repaint(engine: DiffusersEngine, width: int = SIDE, height: int = SIDE, **target: Any) -> NDArray[np.int64]:
    """A picture of noise whose left half is repainted."""
    inpaint_request = {"prompt": "calm", "seed": 1, "model": "", **target}
    strength = inpaint_request.pop("strength", 0.75)
    mask = np.zeros((height, width), np.uint8)
    mask[:, : width // 2] = 255
    before = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    request = PictureRequest(width=width, height=height, **inpaint_request)
    [made] = engine.inpaint([InpaintRequest(target=request, pixels=before, mask=mask, strength=strength)])
    assert made.image.size == (width, height)
    return pixels(made)


@MODELS
def test_it_makes_the_same_picture_of_a_seed_alone_and_in_a_batch(engine: DiffusersEngine, model: str) -> None:
    alone = make_one(engine, ask("a cat", seed=3, model=model))
    other, beside = engine.make([ask("storm", seed=9, model=model), ask("a cat", seed=3, model=model)])

    assert differ(pixels(beside), alone) <= ROUNDING
    assert differ(pixels(other), alone) > 10


@pytest.mark.parametrize("guidance", [0.5, 3.0])
def test_z_image_avoids_what_the_negative_prompt_says_at_any_guidance_above_zero(
    engine: DiffusersEngine, guidance: float
) -> None:
    target: dict[str, Any] = {"model": "z-image-turbo", "guidance_scale": guidance}

    assert differ(make_one(engine, ask(**target)), make_one(engine, ask(negative_prompt="people", **target))) > 0
    assert differ(repaint(engine, **target), repaint(engine, negative_prompt="people", **target)) > 0


def test_z_image_ignores_the_negative_prompt_without_guidance(engine: DiffusersEngine) -> None:
    target: dict[str, Any] = {"model": "z-image-turbo", "guidance_scale": 0.0}

    assert differ(make_one(engine, ask(**target)), make_one(engine, ask(negative_prompt="people", **target))) == 0


@MODELS
def test_it_repaints_and_follows_prompt_seed_and_strength(engine: DiffusersEngine, model: str) -> None:
    first = repaint(engine, model=model)

    assert differ(first, repaint(engine, model=model)) == 0
    assert differ(first, repaint(engine, model=model, seed=2)) > 10
    assert differ(first, repaint(engine, model=model, prompt="angry red storm")) > 0
    assert differ(first, repaint(engine, model=model, strength=0.1)) > 10


@MODELS
def test_it_keeps_what_is_not_masked_nearer_to_the_picture(engine: DiffusersEngine, model: str) -> None:
    one, other = (repaint(engine, model=model, seed=seed, width=128, strength=1.0) for seed in (1, 2))
    apart = np.abs(one - other).mean(axis=(0, 2))

    assert apart[96:].mean() < apart[:32].mean() / 2


@MODELS
def test_it_makes_pictures_from_nothing_as_before(engine: DiffusersEngine, model: str) -> None:
    before = make_one(engine, ask(model=model))
    repaint(engine, model=model)

    assert differ(make_one(engine, ask(model=model)), before) == 0


def test_klein_repaints_in_the_requested_size_what_it_works_on_in_a_smaller_one(engine: DiffusersEngine) -> None:
    repaint(engine, width=1040, height=1024, steps=1)


def test_klein_repaints_with_its_networks_as_they_are_loaded(tiny_klein: Path) -> None:
    import torch

    from generation.engines.diffusers.worker.loading import load_model

    models = {"flux.2-klein-4b": {"id": str(tiny_klein), "steps": 2}}
    engine = DiffusersEngine(models=models, default_model="flux.2-klein-4b", device="cpu", dtype="bfloat16")
    repaint(engine)
    parts = load_model(engine.plan(engine.card(""))).pipeline.components

    assert {parts[name].dtype for name in ("transformer", "text_encoder", "vae")} == {torch.bfloat16}


@pytest.mark.django_db
def test_a_curator_repaints_with_klein_through_the_queue(tiny_klein: Path, settings: Any, client: Client) -> None:
    options = {
        "models": {"flux.2-klein-4b": {"id": str(tiny_klein), "steps": 2, "native": SIDE}},
        "default_model": "flux.2-klein-4b",
        "device": "cpu",
    }
    backend = "generation.engines.diffusers.DiffusersEngine"
    settings.GENERATION_ENGINES = {"diffusers": {"BACKEND": backend, "OPTIONS": options}}
    settings.GENERATION_DEFAULT_ENGINE = "diffusers"
    client.force_login(member("curator"))

    offered = client.get("/curation/retouch/options").json()["engines"]
    [version] = begin([edit(open_image(image=picture(), by=None), prompt=["calm"])])
    assert work(engines=["diffusers"]) == 1

    version.refresh_from_db()
    assert [one["model"].partition(":")[2] for one in offered] == ["", "fast", "draft"]
    assert (offered[0]["default"], offered[0]["abilities"]) == (True, ["reference", "steps"])
    assert (version.state, version.engine, version.model) == ("done", "diffusers", "flux.2-klein-4b")


def test_it_names_the_abilities_of_each_model(engine: DiffusersEngine) -> None:
    assert engine.abilities("flux.2-klein-4b") == {Ability.STEPS, Ability.REFERENCE}
    assert engine.abilities("z-image-turbo") == {Ability.STEPS, Ability.GUIDANCE, Ability.NEGATIVE}
    inpaint_request = InpaintRequest(
        target=ask(), pixels=np.zeros((SIDE, SIDE, 3), np.uint8), mask=np.zeros((SIDE, SIDE), np.uint8), sampler="ddim"
    )
    with pytest.raises(UnsupportedAbilityError, match="sampler"):
        engine.inpaint([inpaint_request])
