"""Like-rates shrunk from emotion to favorite to image to visitor group.

Each level is a Beta–binomial posterior mean with the level above as its prior: after `shown` looks and
`liked` likes, `(liked + strength · prior mean) / (shown + strength)`. `strength` is the weight of the prior
in looks. No looks give the prior, many give the raw rate; in between the picture borrows what is known of
its kind (empirical Bayes; Efron & Morris 1975, "Data analysis using Stein's estimator").
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Codes = NDArray[np.int32]


@dataclass(frozen=True)
class Priors:
    """`rate` is expected of an emotion nobody has seen yet; the others are strengths, in looks."""

    rate: float = 0.2
    emotion: float = 20.0
    favorite: float = 20.0
    image: float = 10.0
    group: float = 40.0

    def __post_init__(self) -> None:
        if not 0 < self.rate < 1 or min(self.emotion, self.favorite, self.image, self.group) <= 0:
            raise ValueError(f"A prior rate is within (0, 1) and strengths are above 0, not {self}.")


def shrink(liked: Floats, shown: Floats, prior: Floats | float, strength: float) -> Floats:
    """Posterior means of like-rates; shapes broadcast, counts are not negative."""
    rates: Floats = (liked + np.float32(strength) * prior) / (shown + np.float32(strength))
    return rates


def capped(counts: Floats, shown: Floats, strength: float) -> Floats:
    """Counts as evidence about the level above: however often one image was looked at, it speaks for at most
    `strength` looks. These are the weights of a random-effects mean (DerSimonian & Laird 1986).

    Without the cap the pictures shown most, which are shown because they are liked, would speak for those
    nobody has seen.
    """
    evidence: Floats = counts * (np.float32(strength) / (shown + np.float32(strength)))
    return evidence


def favorite_rates(liked: Floats, shown: Floats, priors: Priors) -> Floats:
    """Like-rates of the favorites of one emotion, from the capped counts of each one's images (shape favorites)."""
    favorites_shown = capped(shown, shown, priors.favorite).sum()
    favorites_liked = capped(liked, shown, priors.favorite).sum()
    emotion = (favorites_liked + priors.emotion * priors.rate) / (favorites_shown + priors.emotion)
    return shrink(liked, shown, float(emotion), priors.favorite)


def image_rates(liked: Floats, shown: Floats, prior: Floats, priors: Priors) -> Floats:
    """Like-rates of images among everybody; `prior` is the rate of each image's favorite (all of shape images)."""
    return shrink(liked, shown, prior, priors.image)


def group_rates(liked: Floats, shown: Floats, everybody: Floats, priors: Priors) -> Floats:
    """Like-rates of images in one visitor group, from its own counts and the rates among everybody (shape images)."""
    return shrink(liked, shown, everybody, priors.group)
