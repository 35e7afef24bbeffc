"""How far pictures of a model's faster modes are from exact ones, over prompts, and a contact sheet of both."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from generation.engines.base import OnStep, Picture, PictureRequest, ignore_steps
from generation.engines.diffusers.cards import EXACT, ModelCard
from generation.engines.diffusers.engine import DiffusersEngine

PROMPTS = (
    "a calm garden in spring, flowers, soft light",
    "a happy garden in summer, a dog, sunny",
    "a sad garden in autumn, a cat, rain",
    "an angry garden, red flowers, storm, dusk",
    "a garden at night, lanterns, a pond, snow",
    "a greenhouse with ferns, morning",
    "a single rose, close-up",
    "a formal garden from above, hedges, a fountain",
)
FILE = "modes.json"
SIDE, LINE = 256, 20
"""Pixels of a cell of the contact sheet, and of the line with its mode."""


class Encoder(Protocol):
    """A picture encoder of the recommender: unit vectors, one row for each picture."""

    def encode(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[Any]: ...


class ModeComparison(NamedTuple):
    """`distance` is 1 − cosine of the encoder's vectors of both pictures, mean over prompts; 0 is the same picture."""

    mode: str
    seconds_each: float
    distance: float


def compare_modes(
    engine: DiffusersEngine, like: PictureRequest, encoder: Encoder, on_step: OnStep = ignore_steps
) -> tuple[list[ModeComparison], Image.Image]:
    """One picture of each prompt in each mode of the model of `like`, in its size, with the same seeds.

    Returns `exact` first, and the sheet: a row for each mode. Raises what `make` raises.
    """
    card = engine.card(like.model)
    made: dict[str, list[Picture]] = {}
    for mode in card.speeds:
        requests = [
            replace(like, prompt=prompt, seed=seed, model=f"{card.name}:{mode}", steps=None)
            for seed, prompt in enumerate(PROMPTS)
        ]
        made[mode] = list(engine.make(requests, on_step))
    rows = [
        ModeComparison(
            mode,
            round(sum(picture.seconds for picture in pictures) / len(pictures), 3),
            picture_distance(encoder, made[EXACT.name], pictures),
        )
        for mode, pictures in made.items()
    ]
    return rows, _sheet(made)


def picture_distance(encoder: Encoder, ones: Sequence[Picture], others: Sequence[Picture]) -> float:
    first, second = (encoder.encode([np.asarray(each.image) for each in some]) for some in (ones, others))
    return max(0.0, round(float(1 - (first * second).sum(axis=1).mean()), 4))


def keep_distances(folder: str, card: ModelCard, rows: Sequence[ModeComparison]) -> None:
    """For `read_distances`; nothing without a folder."""
    if folder:
        path = Path(folder) / FILE
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = {**_read(path), card.label: {row.mode: row.distance for row in rows}}
        path.write_text(json.dumps(kept, indent=2))


def read_distances(folder: str, card: ModelCard) -> Mapping[str, float]:
    """Of each mode that was compared on this machine."""
    found: Mapping[str, float] = _read(Path(folder) / FILE).get(card.label, {}) if folder else {}
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found


def _sheet(made: Mapping[str, Sequence[Picture]]) -> Image.Image:
    sheet = Image.new("RGB", (SIDE * len(PROMPTS), (SIDE + LINE) * len(made)), "white")
    draw = ImageDraw.Draw(sheet)
    for row, (mode, pictures) in enumerate(made.items()):
        draw.text((4, row * (SIDE + LINE) + 4), mode, fill="black")
        for column, picture in enumerate(pictures):
            cell = picture.image.copy()
            cell.thumbnail((SIDE, SIDE))
            sheet.paste(cell, (column * SIDE, row * (SIDE + LINE) + LINE))
    return sheet
