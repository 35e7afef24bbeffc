"""Which composition and palette each picture of an order takes, so that they are apart by a measured distance.

Pictures of one order have the same words and seeds in a row. Every run of `RUN` seeds is designed together: one after
the other takes, of a few random designs, the one that is furthest from those before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType

import numpy as np

from generation.engines.painter.palette import Field

RUN = 24
_TRIED, _REMEMBERED = 32, 16
PALETTES = 3


@dataclass(frozen=True, slots=True)
class Composition:
    """A composition: what of an animal finds a place in it, and its form.

    `form` is horizon (0 is the upper edge), size of the largest thing, symmetry, emptiness, uprightness, each 0 … 1.
    """

    homes: frozenset[str]
    form: tuple[float, float, float, float, float]
    sky: bool = True
    lotus: bool = False
    indoors: bool = False
    moods: frozenset[str] = frozenset()


_G, _A, _W, _S = "ground", "air", "water", "small"


def _layout(homes: tuple[str, ...], *form: float, moods: str = "", **more: bool) -> Composition:
    horizon, size, symmetry, empty, upright = form
    return Composition(
        frozenset(homes), (horizon, size, symmetry, empty, upright), moods=frozenset(moods.split()), **more
    )


LAYOUTS: Mapping[str, Composition] = MappingProxyType(
    {
        "meadow": _layout((_G, _A), 0.5, 0.3, 0.3, 0.4, 0.3),
        "path": _layout((_G, _A), 0.4, 0.3, 0.6, 0.3, 0.5),
        "hill": _layout((_G, _A), 0.7, 0.6, 0.5, 0.8, 0.5),
        "grove": _layout((_G, _A), 0.45, 0.5, 0.4, 0.2, 1.0),
        "rows": _layout((_G, _A), 0.3, 0.2, 0.8, 0.2, 0.6),
        "gate": _layout((_G, _A), 0.5, 0.6, 1.0, 0.1, 0.7),
        "sky": _layout((_G, _A), 0.86, 0.2, 0.2, 1.0, 0.2),
        "lake": _layout((_A, _W), 0.45, 0.4, 0.5, 0.6, 0.2, lotus=True),
        "stream": _layout((_G, _A, _W), 0.1, 0.3, 0.1, 0.3, 0.4, lotus=True),
        "pond": _layout((_A, _W), 0.0, 0.5, 0.2, 0.5, 0.0, sky=False, lotus=True),
        "closeup": _layout((_A, _S), 0.6, 1.0, 0.2, 0.2, 0.4, lotus=True),
        "single": _layout((_A, _S), 0.8, 0.9, 0.5, 1.0, 0.9, sky=False, lotus=True),
        "above": _layout((_A, _S), 0.0, 0.4, 0.1, 0.0, 0.0, sky=False),
        "beds": _layout((_A,), 0.0, 0.2, 1.0, 0.1, 0.5, sky=False),
        "hanging": _layout((_A, _S), 0.9, 0.5, 0.3, 0.7, 0.8),
        "triptych": _layout((_G, _A), 0.5, 0.5, 0.9, 0.3, 1.0, lotus=True),
        "greenhouse": _layout((_G, _A), 0.75, 0.6, 1.0, 0.1, 0.8, indoors=True),
        "sill": _layout((_G, _S), 0.65, 0.8, 0.6, 0.6, 0.6, indoors=True),
        "mirror": _layout((_G, _A), 0.5, 0.5, 1.0, 0.4, 0.7, moods="confused"),
    }
)


@dataclass(frozen=True, slots=True)
class Design:
    """One picture's composition, palette, and where its weight lies; shares of the width and height."""

    layout: str
    palette: int
    lead: int
    """Which of the palette's blossom colours leads."""
    flip: bool
    horizon: float
    sun: float
    elevation: float
    scale: float
    """How near things are: 1 is usual."""

    @property
    def form(self) -> Field:
        """Its coordinates: a distance of 1 is a clearly different picture."""
        form = np.array(LAYOUTS[self.layout].form)
        own = np.array([self.horizon, self.sun * 0.5, self.flip * 0.25, self.elevation * 0.3, self.scale * 0.3])
        hue = np.eye(PALETTES)[self.palette] * 0.55
        return np.concatenate([form, own, hue, np.eye(4)[self.lead] * 0.25])


def distance(one: Design, other: Design) -> float:
    """How far two designs are apart; the same composition in the same palette is below 0.6."""
    return float(_distances([one], [other])[0, 0])


def _distances(ones: Sequence[Design], others: Sequence[Design]) -> Field:
    """(N, M) distances of N designs to M others."""
    apart = np.stack([one.form for one in ones])[:, None] - np.stack([other.form for other in others])
    differ = np.array([[one.layout != other.layout for other in others] for one in ones])
    return np.asarray(np.linalg.norm(apart, axis=-1) + 0.5 * differ)


@lru_cache(maxsize=64)
def designs(order: str, *, portrait: bool, layouts: tuple[str, ...]) -> tuple[Design, ...]:
    """The designs of `RUN` seeds in a row; `order` is what these pictures have in common."""
    key = sha256(f"{order}\0{portrait}\0{','.join(layouts)}".encode()).digest()
    rng = np.random.Generator(np.random.PCG64(int.from_bytes(key, "big")))
    chosen: list[Design] = []
    for _ in range(RUN):
        tried = [_random(rng, layouts, portrait=portrait) for _ in range(_TRIED)]
        nearest = _distances(tried, chosen[-_REMEMBERED:]).min(1) if chosen else np.zeros(_TRIED)
        chosen.append(tried[int(nearest.argmax())])
    return tuple(chosen)


def _random(rng: np.random.Generator, layouts: tuple[str, ...], *, portrait: bool) -> Design:
    layout = layouts[int(rng.integers(0, len(layouts)))]
    horizon = LAYOUTS[layout].form[0]
    return Design(
        layout=layout,
        palette=int(rng.integers(0, PALETTES)),
        lead=int(rng.choice(4, p=[0.5, 0.2, 0.15, 0.15])),
        flip=bool(rng.random() < 0.5),
        horizon=float(np.clip(horizon + rng.uniform(-0.12, 0.12) + 0.04 * portrait, 0.02, 0.92)),
        sun=float(rng.uniform(0.14, 0.86)),
        elevation=float(rng.uniform(0.2, 0.8)),
        scale=float(rng.uniform(0.7, 1.45)),
    )
