"""What it is worth to know how new a picture is, in a simulated garden whose pictures fade.

    python -m benchmarks.recommender_age [--fading 0 0.5 1 2] [--pictures 2000] [--sessions 4000] [--seeds 1 2 3]

The world is that of `benchmarks.recommender` (docs/explanation/recommender-figures.md), but a picture's utility falls
by up to `fading` (logits) as it grows old, 63 % of it within 30 days; the run is a year, and half of the pictures
arrive in it.
Ours, told the age by the coarse feature of recommend/features.py, beside ours without it and chance: like-rate
per slate. At fading 0 there is nothing to know, and the feature should cost nothing.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from tqdm import tqdm

from benchmarks.simulator.counting import Chance
from benchmarks.simulator.entries import world_of
from benchmarks.simulator.ours import SlatePlayer
from benchmarks.simulator.play import Ask, Items, Player, play
from benchmarks.simulator.world import Floats, World
from recommend.bandit.context import slate_impression
from recommend.bandit.policy import Candidates
from recommend.bandit.slate_model import SlateModel
from recommend.features import newness


class TellsAge(SlatePlayer):
    """Ours with one more feature, as shelves have it."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        self.model = SlateModel(world.features.shape[1] + 1)

    def slate(self, ask: Ask) -> Items:
        pool = Candidates(np.arange(ask.there), self._rows(ask, np.arange(ask.there)))
        return self._slate(ask, pool)

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        flags, visitor = np.arange(len(slate)) == liked, str(ask.session.visitor)
        rows = self._rows(ask, slate)
        self.model.learn(slate_impression(self.model.learned, visitor, ask.session.context, slate, rows, flags))

    def _rows(self, ask: Ask, items: Items) -> Floats:
        return np.column_stack([self.world.features[items], newness(ask.days[items])])


PLAYERS: dict[str, Callable[[World, np.random.Generator], Player]] = {
    "random": Chance,
    "ours": SlatePlayer,
    "ours, told the age": TellsAge,
}


def main() -> None:
    arguments = _arguments()
    print(f"{'fading':>7} " + "".join(f"{name:>20}" for name in PLAYERS))
    for fading in arguments.fading:
        rates = [_rates(seed, fading, arguments.pictures, arguments.sessions) for seed in arguments.seeds]
        print(f"{fading:>7} " + "".join(f"{rate:>20.3f}" for rate in np.mean(rates, axis=0)))


def _rates(seed: int, fading: float, pictures: int, sessions: int) -> list[float]:
    plain = world_of(pictures, seed)
    world = replace(plain, constants=replace(plain.constants, fading=fading))
    players = tqdm(PLAYERS.values(), desc=f"fading {fading}, seed {seed}", disable=None)
    return [play(make(world, np.random.default_rng([seed, 2])), world, sessions, seed).rate() for make in players]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fading", type=float, nargs="+", default=[0.0, 0.5, 1.0, 2.0])
    parser.add_argument("--pictures", type=int, default=2_000)
    parser.add_argument("--sessions", type=int, default=4_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    return parser.parse_args()


if __name__ == "__main__":
    main()
