"""Everything known of one emotion: its shelves, its favorites, and the scores that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from garden.vocabulary import Orientation
from recommend.learning.exploration import Doubles, Exploration, Indices
from recommend.learning.rates import Floats, Priors, capped, favorite_rates, group_rates, image_rates
from recommend.learning.shelf import EVERYBODY, Shelf


@dataclass(frozen=True, slots=True)
class Scored:
    """Candidates of a shelf: their positions (None: all of them), like-rates and Plackett–Luce weights."""

    positions: Indices | None
    scores: Floats
    weights: Doubles


@dataclass(frozen=True, slots=True)
class Mood:
    """An immutable view of one emotion. Scores are kept per (orientation, group, favorite) once asked for.

    Two threads may compute the same scores at once; both get the same numbers, and one is kept.
    """

    priors: Priors
    exploration: Exploration
    favorites: tuple[str, ...] = ()
    shelves: Mapping[Orientation, Shelf] = field(default_factory=lambda: {o: Shelf() for o in Orientation})
    _scored: dict[tuple[Orientation, str, str | None], Scored] = field(default_factory=dict, compare=False)

    def with_shelf(self, orientation: Orientation, shelf: Shelf) -> Self:
        return replace(self, shelves={**self.shelves, orientation: shelf}, _scored={})

    def with_favorites(self, favorites: tuple[str, ...]) -> Self:
        return replace(self, favorites=favorites, _scored={})

    def scored(self, orientation: Orientation, group: str, favorite: str | None) -> Scored:
        """The candidates of one favorite (None: of all), with their like-rates in a visitor group."""
        question = orientation, group, favorite
        if question not in self._scored:
            self._scored[question] = self._score(orientation, group, favorite)
        return self._scored[question]

    def _score(self, orientation: Orientation, group: str, favorite: str | None) -> Scored:
        scores = self._like_rates(self.shelves[orientation], group)
        if favorite is None:
            return Scored(None, scores, self.exploration.weights(scores))
        code = self.favorites.index(favorite) if favorite in self.favorites else -1
        positions = np.flatnonzero(self.shelves[orientation].favorites == code)
        return Scored(positions, scores[positions], self.exploration.weights(scores[positions]))

    def _like_rates(self, shelf: Shelf, group: str) -> Floats:
        everybody, own = shelf.counts_of(EVERYBODY), shelf.counts_of(group)
        prior = favorite_rates(*self._favorite_counts(), self.priors)[shelf.favorites]
        rates = image_rates(everybody.liked, everybody.shown, prior, self.priors)
        return group_rates(own.liked, own.shown, rates, self.priors) if group in shelf.counts else rates

    def _favorite_counts(self) -> tuple[Floats, Floats]:
        """Capped likes and looks per favorite, over both orientations: the same cat is liked wide and tall."""
        liked, shown = np.zeros((2, len(self.favorites)), np.float32)
        for shelf in self.shelves.values():
            counts = shelf.counts_of(EVERYBODY)
            liked += self._per_favorite(shelf, counts.liked, counts.shown)
            shown += self._per_favorite(shelf, counts.shown, counts.shown)
        return liked, shown

    def _per_favorite(self, shelf: Shelf, counts: Floats, shown: Floats) -> Floats:
        evidence = capped(counts, shown, self.priors.image)
        return np.bincount(shelf.favorites, evidence, len(self.favorites)).astype(np.float32)
