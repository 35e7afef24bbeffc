"""The pictures and the tastes of a simulated garden, which no recommender sees.

utility(visitor, picture) = base + quality + latent · (shared + emotion + generation + gender + cell + own taste)

The cell is emotion × generation × gender: what no additive model sees, `interactions` of the variance that context
makes. Latent picture vectors have `dimensions` independent parts; a recommender sees them through noise, turned by
an unknown rotation, and a tag that is the sign of one hidden direction. `quality` is not visible in either.
Where pictures fade, utility falls by up to `fading` as they grow old; a run is a year.

As in a garden, every picture is of one mood and one orientation, and a recommender gets the axes of an embedding that
the server would compute from the first pictures.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from garden.vocabulary import Emotion, Generation, Orientation
from recommend.encoders import Axes
from recommend.features import UNKNOWN_AGE

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Items = NDArray[np.int64]

KINDS = (len(Emotion), len(Generation), 2)
SIDES = len(Orientation)
AXES_SAMPLE = 500
_RUN_DAYS = 365


@dataclass(frozen=True)
class Constants:
    """Standard deviations are in logits over pictures. With `exact` ones a world is as hard as another."""

    base: float = -2.85
    shared: float = 0.59
    quality: float = 0.25
    context: float = 0.22
    interactions: float = 0.3
    own: float = 0.70
    dimensions: int = 12
    embedding: int = 32
    embedding_noise: float = 0.5
    fading: float = 0.0
    fades_within_days: float = 30.0
    exact: bool = True


GARDENS = {
    "calibrated": Constants(),
    "harder": Constants(shared=0.50, context=0.33, own=0.65, dimensions=8, exact=False),
}
"""Calibrated so that chance, oracles and peers score as published (docs/explanation/recommender-figures.md); harder:
less is shared, so that people and pictures remain to be learned."""


@dataclass(frozen=True)
class World:
    """Pictures in the order of their arrival; those of the first half are there from the start.

    `features`: pictures × d (constant, tag, axes of the embedding); `latent`: pictures × dimensions; `quality`:
    pictures; `places`: mood · SIDES + orientation of each; `tastes`: of each cell, all that its visitors share,
    cells × dimensions.
    """

    constants: Constants
    features: Floats
    latent: Floats
    quality: Floats
    places: Items
    tastes: Doubles
    _of_place: list[Items] = field(init=False)

    def __post_init__(self) -> None:
        of_place = [np.flatnonzero(self.places == place) for place in range(KINDS[0] * SIDES)]
        object.__setattr__(self, "_of_place", of_place)

    @classmethod
    def of(cls, pictures: int, seed: int, constants: Constants) -> "World":
        rng = np.random.default_rng([seed, 0])
        latent = rng.standard_normal((pictures, constants.dimensions)).astype(np.float32)
        quality = (constants.quality * rng.standard_normal(pictures)).astype(np.float32)
        features, tastes = _features(latent, constants, rng), _tastes(constants, rng)
        return cls(constants, features, latent, quality, rng.integers(KINDS[0] * SIDES, size=pictures), tastes)

    @property
    def pictures(self) -> int:
        return len(self.quality)

    def candidates(self, emotion: int, side: int, there: int) -> Items:
        """The pictures of this mood and orientation among the first `there`, ascending."""
        found = self._of_place[emotion * SIDES + side]
        return found[: np.searchsorted(found, there)]

    def there(self, session: int, sessions: int) -> int:
        """How many pictures have arrived: the first so many."""
        half = self.pictures // 2
        return half + (self.pictures - half) * session // sessions

    def days(self, items: Items, session: int, sessions: int) -> Items:
        """How long ago these arrived; UNKNOWN_AGE for those that were there before the first visit."""
        half = self.pictures // 2
        arrived = (items - half) / max(self.pictures - half, 1)
        days = (_RUN_DAYS * (session / sessions - arrived)).astype(np.int64)
        return np.where(items < half, UNKNOWN_AGE, days)

    def utilities(self, items: Items, taste: Doubles, days: Items) -> Doubles:
        """Of `items`, which are `days` old, to a visitor of this taste (dimensions)."""
        utilities: Doubles = self.constants.base + self.quality[items] + self.latent[items] @ taste
        faded = np.where(days == UNKNOWN_AGE, 1.0, 1.0 - np.exp(-days / self.constants.fades_within_days))
        return utilities - self.constants.fading * faded


def _features(latent: Floats, constants: Constants, rng: np.random.Generator) -> Floats:
    turned = np.linalg.qr(rng.standard_normal((constants.embedding, latent.shape[1])))[0].astype(np.float32)
    noise = rng.normal(0.0, constants.embedding_noise, (len(latent), constants.embedding)).astype(np.float32)
    tag = np.sign(latent @ rng.standard_normal(latent.shape[1]))
    embedding = latent @ turned.T + noise
    axes = Axes.of(embedding[: min(AXES_SAMPLE, len(latent) // 2)])
    return np.ascontiguousarray(np.column_stack([np.ones(len(latent)), tag, axes.project(embedding)]), np.float32)


def _tastes(constants: Constants, rng: np.random.Generator) -> Doubles:
    """Each kind of context has a third of the additive variance; the cells have the rest of the context's."""
    width = constants.dimensions

    def taste(count: int, deviation: float) -> Doubles:
        drawn: Doubles = rng.standard_normal((count, width))
        if not constants.exact:
            expected: Doubles = drawn * deviation / np.sqrt(width)
            return expected
        if count > 1:
            drawn -= drawn.mean(0)
        exact: Doubles = drawn * deviation / np.sqrt((drawn**2).sum(1).mean())
        return exact

    additive = constants.context * np.sqrt((1.0 - constants.interactions) / len(KINDS))
    emotion, generation, gender = (taste(count, additive) for count in KINDS)
    total = taste(1, constants.shared) + taste(int(np.prod(KINDS)), constants.context * np.sqrt(constants.interactions))
    parts = emotion[:, None, None] + generation[None, :, None] + gender[None, None, :]
    tastes: Doubles = total + parts.reshape(-1, width)
    return tastes
