"""What a season does to grass, leaves and flowers."""

from dataclasses import dataclass

import numpy as np

from generation.engines.painter.moods import Mood
from generation.engines.painter.palette import Colour, mix, rgb


@dataclass(frozen=True, slots=True)
class Season:
    """Ground colours (far, near), leaf colours, how dense leaves, flowers and snow are [0, 1], blossom on trees."""

    name: str
    ground_far: Colour
    ground_near: Colour
    leaves: tuple[Colour, ...]
    leafiness: float
    bloom: float
    snow: float
    blossoming: bool
    falling_leaves: bool


_LEAVES = {
    "spring": ("#9CC85A", "#7DBB5C", "#C4D873"),
    "summer": ("#4E8F3A", "#3C7D3C", "#6FA544"),
    "autumn": ("#D9822B", "#C2491F", "#E8B03A", "#9C3A22"),
    "winter": ("#C9D4DC", "#9AA8B4", "#DDE6EC"),
}
_GROUND = {
    "spring": ("#B4D480", "#6CAA4C"),
    "summer": ("#A9B85A", "#4C8436"),
    "autumn": ("#C99A52", "#7A5A30"),
    "winter": ("#E6EEF6", "#C4D2E0"),
}
_PULL = {"spring": 0.55, "summer": 0.5, "autumn": 0.75, "winter": 0.85}


def season_for(name: str | None, mood: Mood, rng: np.random.Generator) -> Season:
    """The mood's own greens, pulled toward the season that was asked for (None: the mood's own time of year)."""
    leaves = tuple(rgb(code) for code in mood.foliage)
    far, near = (rgb(code) for code in mood.meadow)
    if name is not None:
        pull = _PULL[name]
        wanted = [rgb(code) for code in _LEAVES[name]]
        leaves = tuple(mix(leaves[i % len(leaves)], one, pull) for i, one in enumerate(wanted))
        far, near = (mix(own, rgb(code), pull) for own, code in zip((far, near), _GROUND[name], strict=True))
    return Season(
        name=name or "",
        ground_far=far,
        ground_near=near,
        leaves=leaves,
        leafiness={"winter": 0.12, "autumn": 0.85}.get(name or "", 1.0),
        bloom={"winter": 0.35, "autumn": 0.7, "spring": 1.15}.get(name or "", 1.0),
        snow=0.9 if name == "winter" else 0.0,
        blossoming=name == "spring" and bool(rng.random() < 0.7),
        falling_leaves=name == "autumn",
    )
