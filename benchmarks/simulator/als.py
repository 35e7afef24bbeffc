"""Implicit ALS (Hu, Koren & Volinsky 2008) by the package `implicit`, refitted now and then, visitors folded in."""

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix

from benchmarks.simulator.counting import EmotionPopularity
from benchmarks.simulator.play import Ask, Items
from benchmarks.simulator.world import Floats, World


class ImplicitAls(EmotionPopularity):
    """Visitors without a like, and the time before the first fit, are served by emotion popularity.

    For others the factors' scores are scaled to the spread of popularity's and added to it.
    """

    refit_sessions, factors, regularization, confidence, share = 500, 16, 5.0, 10.0, 0.5

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        self.likes: dict[int, list[int]] = {}
        self.model: AlternatingLeastSquares | None = None
        self.fitted = 0

    def slate(self, ask: Ask) -> Items:
        if ask.session.number - self.fitted >= self.refit_sessions:
            self.fitted = ask.session.number
            self._fit()
        return super().slate(ask)

    def scores(self, ask: Ask) -> Floats:
        popular = super().scores(ask)
        liked = self.likes.get(ask.session.visitor)
        if self.model is None or not liked:
            return popular
        likes = csr_matrix((np.full(len(liked), self.confidence), ([0] * len(liked), liked)), (1, self.world.pictures))
        own = self.model.item_factors[: ask.there] @ self.model.recalculate_user(0, likes)
        spread: float = popular.std() / max(float(own.std()), 1e-9)
        combined: Floats = popular + np.float32(self.share * spread) * own
        return combined

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        super().learn(ask, slate, liked)
        if liked >= 0:
            self.likes.setdefault(ask.session.visitor, []).append(int(slate[liked]))

    def _fit(self) -> None:
        pairs = [(row, item) for row, items in enumerate(self.likes.values()) for item in items]
        if not pairs:
            return
        rows, items = np.array(pairs).T
        likes = csr_matrix((np.full(len(rows), self.confidence), (rows, items)), (len(self.likes), self.world.pictures))
        self.model = AlternatingLeastSquares(
            self.factors, self.regularization, alpha=1.0, iterations=8, num_threads=1, random_state=7
        )
        self.model.fit(likes, show_progress=False)
