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

import numpy as np
from tqdm import tqdm

from benchmarks.simulator.counting import Chance
from benchmarks.simulator.ours import SlatePlayer
from benchmarks.simulator.play import Kiosk, Player
from benchmarks.simulator.world import Constants, Floats, Items, World
from recommend.features import newness


class TellsAge(SlatePlayer):
    """Ours with one more feature, as candidates have it."""

    width_of_age = 1

    def features(self, items: Items, days: Items) -> Floats:
        return np.column_stack([self.world.features[items], newness(days)])


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
    world = World.of(pictures, seed, Constants(fading=fading))
    players = tqdm(PLAYERS.values(), desc=f"fading {fading}, seed {seed}", disable=None)
    kiosk = Kiosk(sessions)
    return [kiosk.play(make(world, np.random.default_rng([seed, 2])), world, seed).rate() for make in players]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fading", type=float, nargs="+", default=[0.0, 0.5, 1.0, 2.0])
    parser.add_argument("--pictures", type=int, default=2_000)
    parser.add_argument("--sessions", type=int, default=4_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    return parser.parse_args()


if __name__ == "__main__":
    main()
