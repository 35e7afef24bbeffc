"""What chance in slates costs at once, and whether few samples choose as well as many, in the simulated garden.

    python -m benchmarks.recommender_slates [--pictures 20000] [--seeds 8] [--sessions 20000] [--stop N] [--every 20]

Ours plays as in `benchmarks.recommender`, for the first `--stop` of `--sessions` visits. With every twentieth slate it
also makes slates that nobody sees, of the same belief: without chance; from samples drawn freely, of whose moments only
the mean is exact; from 256 matched ones. All are rated by the true probability of a like, and compared with the slate
without chance. What chance teaches, and so wins back later, is not in these figures.

What chance costs is also told in expectation, which is much less uncertain than what it happened to cost: for each
compared slate two pictures are drawn by chance in each place, while the others follow what is believed, and their costs
are added up by the share of chance in each place. That chance may draw two places of a slate at once is left out.
"""

import argparse
import json
from dataclasses import dataclass, replace
from unittest.mock import patch

import numpy as np

from benchmarks.simulator.crowd import any_like
from benchmarks.simulator.entries import world_of
from benchmarks.simulator.figures import EARLY
from benchmarks.simulator.ours import SlatePlayer
from benchmarks.simulator.play import Ask, Items, play
from benchmarks.simulator.world import World
from recommend.bandit.exploration import share_of_position
from recommend.bandit.inference import Doubles, Floats
from recommend.bandit.policy import SlatePolicy, rank

_NO_CHANCE = SlatePolicy(depth=3, epsilon=1e-12, temperature=1e-9)
_SHOWN, _BEST, _FREE, _MANY = "shown", "without chance", "without chance, free samples", "without chance, 256 samples"
_DRAWS = 2


@dataclass(frozen=True)
class _OneByChance(SlatePolicy):
    """Slates of the best pictures but for one `place`, which is left to chance."""

    place: int = 0

    def share(self, place: int) -> float:
        return 1.0 if place == self.place else self.epsilon


_BY_CHANCE = [_OneByChance(depth=3, epsilon=1e-12, temperature=1e-9, place=place) for place in range(SlatePolicy.slate)]


class Comparing(SlatePlayer):
    """`rates`: the true chance of a like of each slate that was compared, by how it was made; `lost`: how much less it
    is, in expectation, because of chance in each place.
    """

    def __init__(self, world: World, rng: np.random.Generator, every: int) -> None:
        super().__init__(world, rng)
        self.rates: dict[str, list[float]] = {name: [] for name in (_SHOWN, _BEST, _FREE, _MANY)}
        self.lost: list[list[float]] = []
        self.every, self.slates = every, 0

    def slate(self, ask: Ask) -> Items:
        shown = super().slate(ask)
        if self.slates % self.every == 0:
            slates = {_SHOWN: shown, _BEST: self._made(ask), _MANY: self._made(ask, samples=256)}
            with patch("recommend.bandit.policy.sampled", _freely):
                slates[_FREE] = self._made(ask)
            for name, slate in slates.items():
                self.rates[name].append(self._rate(ask, slate))
            self.lost.append([self._lost(ask, policy) for policy in _BY_CHANCE])
        self.slates += 1
        return shown

    def _lost(self, ask: Ask, policy: _OneByChance) -> float:
        """By how much a like is less probable when one place is left to chance."""
        drawn = [self._rate(ask, self._ranked(ask, policy, self.slates * _DRAWS + draw)) for draw in range(_DRAWS)]
        return self.rates[_BEST][-1] - float(np.mean(drawn))

    def _made(self, ask: Ask, samples: int = SlatePolicy.samples) -> Items:
        return self._ranked(ask, replace(_NO_CHANCE, samples=samples), 0)

    def _ranked(self, ask: Ask, policy: SlatePolicy, seed: int) -> Items:
        rng = np.random.default_rng(seed)
        order = rank(self.pool, self.believed(ask), self.model.effects, rng, policy=policy, count=3).order
        return self.pool.items[order]

    def _rate(self, ask: Ask, slate: Items) -> float:
        return any_like(self.world.utilities(slate, ask.session.taste, ask.days[slate]))


def main() -> None:
    arguments = _arguments()
    for seed in arguments.seeds:
        world = world_of(arguments.pictures, seed)
        player = Comparing(world, np.random.default_rng([seed, 2]), arguments.every)
        record = play(player, world, arguments.sessions, seed, stop=arguments.stop)
        early = record.rate(*EARLY)
        print(
            f"seed {seed}: like-rate {record.rate():.4f}, early {early:.4f}, coverage {record.coverage():.3f}",
            flush=True,
        )
        for name, rates in player.rates.items():
            reported = {"seed": seed, "slates": len(rates), "made": name, **_beside(rates, player.rates[_BEST])}
            print(
                f"{name:<32}{reported['points']:>+7.3f} ± {reported['error']:.3f} points of like-rate beside no chance"
            )
            print(json.dumps(reported | {"coverage": record.coverage()}))
        _tell_cost(player)


def _tell_cost(player: Comparing) -> None:
    """Hundredths that chance costs in each place, where it draws, and in a slate."""
    lost = 100.0 * np.array(player.lost)
    shares = np.array(
        [share_of_position(player.policy.epsilon, place, player.policy.slate) for place in range(lost.shape[1])]
    )
    places, cost = ", ".join(f"{one:.2f}" for one in lost.mean(0)), lost @ shares
    print(f"chance costs {places} points in a place that it draws,", end=" ")
    print(f"{cost.mean():.3f} ± {cost.std() / np.sqrt(len(cost)):.3f} points a slate in expectation", flush=True)


def _freely(mean: Doubles, covariance: Doubles, _rows: Floats, count: int) -> Doubles:
    half = np.random.default_rng(20_231).standard_normal((len(mean), count // 2))
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    samples: Doubles = mean[:, None] + root @ np.concatenate([half, -half], axis=1)
    return samples


def _beside(rates: list[float], others: list[float]) -> dict[str, float]:
    """By how many hundredths a like is more probable, and the standard error of that."""
    gained = 100.0 * (np.array(rates) - np.array(others))
    return {"points": round(float(gained.mean()), 4), "error": round(float(gained.std() / np.sqrt(len(gained))), 4)}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[8])
    parser.add_argument("--sessions", type=int, default=20_000)
    parser.add_argument("--stop", type=int, help="visits that are played, all unless told otherwise")
    parser.add_argument("--every", type=int, default=20, help="slates from one that is compared to the next")
    return parser.parse_args()


if __name__ == "__main__":
    main()
