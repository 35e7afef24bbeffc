"""Every card of the catalogue with a tiny model of its real classes behind it makes pictures, and repaints."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generation.engines.base import Ability, EngineUnavailableError, InpaintRequest, Reference, UnsupportedAbilityError
from generation.engines.diffusers import DiffusersEngine
from generation.engines.diffusers.cards import CARDS
from tests.generation.engines.diffusers.tiny import ROUNDING, ask, differ, make_one, pixels
from tools import tiny_diffusion

BUILDERS: dict[str, Any] = {
    "sd": tiny_diffusion.build_tiny_sd,
    "sdxl": tiny_diffusion.build_tiny_sdxl,
    "sd3": tiny_diffusion.build_tiny_sd3,
    "flux2": tiny_diffusion.build_tiny_klein,
    "qwen-image": tiny_diffusion.build_tiny_qwen_image,
    "sana": tiny_diffusion.build_tiny_sana,
    "z-image": tiny_diffusion.build_tiny_z_image,
}
SIDE = 64
REPAINTING = [card.name for card in CARDS if card.kind != "sana"]


@pytest.fixture(scope="module")
def folders(_one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {kind: build(tmp_path_factory.mktemp("cards") / kind) for kind, build in BUILDERS.items()}


@pytest.fixture
def engine(folders: dict[str, Path]) -> DiffusersEngine:
    """The cards as they are, except for the place of their weights."""
    own: dict[str, Any] = {"variant": "", "unet": None, "vae": "", "steps": 2}
    models = {card.name: {"id": str(folders[card.kind]), **own} for card in CARDS}
    return DiffusersEngine(models=models, default_model=CARDS[0].name, device="cpu", max_batch=2)


@pytest.mark.parametrize("model", [card.name for card in CARDS])
def test_it_makes_the_same_picture_of_a_seed_alone_and_in_a_batch(engine: DiffusersEngine, model: str) -> None:
    alone = make_one(engine, ask("a cat", seed=3, model=model))
    other, beside = engine.make([ask("storm", seed=9, model=model), ask("a cat", seed=3, model=model)])

    assert differ(pixels(beside), alone) <= ROUNDING
    assert differ(pixels(other), alone) > ROUNDING


@pytest.mark.parametrize("model", REPAINTING)
def test_it_repaints_by_prompt_and_seed(engine: DiffusersEngine, model: str) -> None:
    mask = np.full((SIDE, SIDE), 255, np.uint8)
    before = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3), np.uint8)

    one, same, other = (
        pixels(next(engine.inpaint([InpaintRequest(target=ask(seed=seed, model=model), pixels=before, mask=mask)])))
        for seed in (1, 1, 2)
    )

    assert differ(one, same) == 0
    assert differ(one, other) > 0


@pytest.mark.parametrize("model", ["sd-3.5-medium", "qwen-image", "sana-1.6b"])
def test_it_avoids_what_the_negative_prompt_says_when_guided(engine: DiffusersEngine, model: str) -> None:
    guided, unguided = (
        [make_one(engine, ask(negative_prompt=text, guidance_scale=scale, model=model)) for text in ("", "people")]
        for scale in (4.0, 1.0)
    )

    assert differ(*guided) > 0
    assert differ(*unguided) == 0


def test_it_says_that_sana_cannot_repaint(engine: DiffusersEngine) -> None:
    with pytest.raises(UnsupportedAbilityError, match=r"sana-1.6b cannot repaint"):
        engine.abilities("sana-1.6b")


def test_klein_looks_at_a_reference(engine: DiffusersEngine) -> None:
    mask = np.full((SIDE, SIDE), 255, np.uint8)
    before = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    target = ask(model="flux.2-klein-9b")

    def repaint(reference: Reference | None) -> Any:
        request = InpaintRequest(target=target, pixels=before, mask=mask, strength=1.0, reference=reference)
        return pixels(next(engine.inpaint([request])))

    shown = [repaint(Reference(np.full((48, 80, 3), shade, np.uint8))) for shade in (20, 230)]
    assert Ability.REFERENCE in engine.abilities("flux.2-klein-9b")
    assert differ(*shown) > 0
    assert differ(repaint(None), shown[0]) > 0


def test_it_adds_loras_by_their_weight_and_takes_safetensors_only(folders: dict[str, Path], tmp_path: Path) -> None:
    weights = tiny_diffusion.build_tiny_lora(tmp_path / "style.safetensors", folders["sd"])
    file = {"id": str(tmp_path), "file": weights.name}

    def made(lora: Any, kind: str = "sd") -> Any:
        models = {"site": {"id": str(folders[kind]), "steps": 2, "lora": lora}}
        return make_one(DiffusersEngine(models=models, default_model="site", device="cpu"), ask())

    plain, none, light, twice = made([]), made({**file, "weight": 0.0}), made(file), made([file, file])
    assert differ(plain, none) <= ROUNDING
    assert differ(plain, light) > ROUNDING
    assert differ(light, twice) > ROUNDING
    with pytest.raises(EngineUnavailableError, match="not a safetensors file"):
        made({**file, "file": "style.bin"})
    with pytest.raises(EngineUnavailableError, match="site could not be loaded"):
        made(file, kind="sana")
