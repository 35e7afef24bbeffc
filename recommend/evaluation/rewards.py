"""A simple model of rewards for the doubly robust estimator, fitted without those it predicts. Plain numpy.

    q(picture, slot) = rate of the picture, shrunk towards the rate of the slot

Cross-fitting (Chernozhukov et al. 2018): people are dealt into folds, and what is predicted of a fold was learned
from the others, so that no like is its own prophecy.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommend.evaluation.estimators import Doubles

FOLDS = 5
STRENGTH = 10.0
"""How many looks the slot's rate is worth beside a picture's own."""

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Looks:
    """Pictures (codes from 0, −1 where nothing was), rewards and folds; the first two slates × slots."""

    pictures: Codes
    rewards: Doubles
    folds: Codes


class RewardModel:
    """One table of likes and looks a fold: what the other folds know is the total without its own."""

    def __init__(self, looks: Looks, pictures: int) -> None:
        slots = looks.pictures.shape[1]
        shape = (FOLDS, slots, pictures)
        there = looks.pictures >= 0
        where = (np.broadcast_to(looks.folds[:, None], there.shape)[there], _slots(there), looks.pictures[there])
        self._shown, self._liked = np.zeros(shape), np.zeros(shape)
        np.add.at(self._shown, where, 1.0)
        np.add.at(self._liked, where, looks.rewards[there])

    def predict(self, fold: int) -> Doubles:
        """Expected reward of every picture in every slot (slots × pictures), for people of this fold."""
        shown = self._shown.sum(axis=0) - self._shown[fold]
        liked = self._liked.sum(axis=0) - self._liked[fold]
        slot_rates = (liked.sum(axis=1) + 0.5) / (shown.sum(axis=1) + 1.0)
        overall = slot_rates.mean()
        pictures = (liked.sum(axis=0) + STRENGTH * overall) / (shown.sum(axis=0) + STRENGTH)
        rates: Doubles = np.minimum(pictures[None, :] * (slot_rates / overall)[:, None], 1.0)
        return rates


def _slots(there: NDArray[np.bool_]) -> Codes:
    return np.broadcast_to(np.arange(there.shape[1]), there.shape)[there]


def folds_of(people: Codes) -> Codes:
    """A fold for each row, the same for all rows of a person."""
    return people % FOLDS
