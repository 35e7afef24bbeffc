"""The pictures and the tastes of a simulated garden, which no recommender sees.

utility(visitor, picture) = base + quality + latent · (shared + emotion + generation + gender + cell + own taste)

The cell is emotion × generation × gender: what no additive model sees, `interactions` of the variance that context
makes. Latent picture vectors have `dimensions` independent parts; a recommender sees them through noise, turned by
an unknown rotation, and a tag that is the sign of one hidden direction. `quality` is not visible in either.
Where pictures fade, utility falls by up to `fading` as they grow old; a run is a year.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommend.features import UNKNOWN_AGE

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]

KINDS = (8, 7, 2)
_RUN_DAYS = 365


@dataclass(frozen=True)
class Constants:
    """Standard deviations are in logits over pictures. Chosen so that chance, oracles and peers score as published; see
    docs/explanation/recommender-figures.md."""

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


@dataclass(frozen=True)
class World:
    """Pictures in the order of their arrival; those of the first half are there from the start.

    `features`: pictures × 34 (constant, tag, embedding); `latent`: pictures × dimensions; `quality`: pictures;
    `tastes`: of each cell, all that its visitors share, cells × dimensions.
    """

    constants: Constants
    features: Floats
    latent: Floats
    quality: Floats
    tastes: Doubles

    @classmethod
    def of(cls, pictures: int, rng: np.random.Generator, constants: Constants | None = None) -> "World":
        constants = constants or Constants()
        latent = rng.standard_normal((pictures, constants.dimensions)).astype(np.float32)
        quality = (constants.quality * rng.standard_normal(pictures)).astype(np.float32)
        return cls(constants, _features(latent, constants, rng), latent, quality, _tastes(constants, rng))

    @property
    def pictures(self) -> int:
        return len(self.quality)

    def there(self, session: int, sessions: int) -> int:
        """How many pictures have arrived: the first so many."""
        half = self.pictures // 2
        return half + (self.pictures - half) * session // sessions

    def days(self, session: int, sessions: int) -> NDArray[np.int64]:
        """How long ago the pictures that are there arrived; −1 for those that were there before the first visit."""
        half, there = self.pictures // 2, self.there(session, sessions)
        arrived = np.arange(there - half) / max(self.pictures - half, 1)
        days = _RUN_DAYS * (session / sessions - arrived)
        return np.concatenate([np.full(half, UNKNOWN_AGE), days.astype(np.int64)])

    def utilities(self, chosen: NDArray[np.intp], taste: Doubles, days: NDArray[np.int64]) -> Doubles:
        """Of `chosen` pictures, which are `days` old (−1: very), to a visitor of this taste (dimensions)."""
        utilities: Doubles = self.constants.base + self.quality[chosen] + self.latent[chosen] @ taste
        return utilities - self.constants.fading * self._faded(days)

    def _faded(self, days: NDArray[np.int64]) -> Doubles:
        faded: Doubles = 1.0 - np.exp(-days / self.constants.fades_within_days)
        return np.where(days == UNKNOWN_AGE, 1.0, faded)


def _features(latent: Floats, constants: Constants, rng: np.random.Generator) -> Floats:
    axes = np.linalg.qr(rng.standard_normal((constants.embedding, latent.shape[1])))[0].astype(np.float32)
    noise = rng.normal(0.0, constants.embedding_noise, (len(latent), constants.embedding))
    tag = np.sign(latent @ rng.standard_normal(latent.shape[1]))
    columns = [np.ones(len(latent)), tag, latent @ axes.T + noise]
    return np.ascontiguousarray(np.column_stack(columns), np.float32)


def _tastes(constants: Constants, rng: np.random.Generator) -> Doubles:
    """Each kind of context has a third of the additive variance; the cells have the rest of the context's.

    Deviations are exact, not only expected: one world is as hard as another.
    """
    width = constants.dimensions

    def taste(count: int, deviation: float) -> Doubles:
        drawn = rng.standard_normal((count, width))
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
