"""What curators' ratings are worth to the first visitors: the garden's recommender with and without them.

    python -m benchmarks.recommender_ratings [--correlations 0 .3 .6] [--pictures 2000] [--sessions 1000]
                                             [--seeds 1 2 3]

Curators give one to five stars, which correlate so much with what visitors like on average, and not otherwise with
anything. With a correlation of 0 the ratings are noise, and show what it costs to heed them. Prints the difference of
the like-rate in points, with its standard error over both gardens and all seeds.
"""

import argparse
from itertools import product

import numpy as np

from benchmarks.simulator.ours import SlatePlayer
from benchmarks.simulator.play import Kiosk, Record
from benchmarks.simulator.world import GARDENS, Floats, Items, World
from recommend.features import opinion_of

VISITS = ((0, 50), (0, 200), (200, None))


class RatedPlayer(SlatePlayer):
    """Heeds the stars (pictures) it is given."""

    stars: Floats

    def opinions(self, items: Items) -> Floats:
        return np.array([opinion_of(round(stars)) for stars in self.stars[items].tolist()], np.float32)


def stars_of(world: World, correlation: float, seed: int) -> Floats:
    """Stars of each picture, 1 … 5."""
    liked = world.quality + world.latent @ world.tastes.mean(0)
    known = correlation * (liked - liked.mean()) / liked.std()
    noise = np.sqrt(1 - correlation**2) * np.random.default_rng([seed, 3]).standard_normal(world.pictures)
    stars: Floats = np.clip(np.round(3 + known + noise), 1, 5).astype(np.float32)
    return stars


def main() -> None:
    arguments = _arguments()
    gained: dict[float, list[list[float]]] = {correlation: [] for correlation in arguments.correlations}
    for garden, seed in product(GARDENS, arguments.seeds):
        world, kiosk = World.of(arguments.pictures, seed, GARDENS[garden]), Kiosk(arguments.sessions)
        without = _rates(kiosk.play(SlatePlayer(world, np.random.default_rng([seed, 2])), world, seed))
        for correlation in arguments.correlations:
            player = RatedPlayer(world, np.random.default_rng([seed, 2]))
            player.stars = stars_of(world, correlation, seed)
            rates = _rates(kiosk.play(player, world, seed))
            gained[correlation].append([100 * (one - other) for one, other in zip(rates, without, strict=True)])
    names = [f"visits {first}–{last or arguments.sessions}" for first, last in VISITS]
    print(f"{'correlation':<14}" + "".join(f"{name:>20}" for name in names))
    for correlation, rows in gained.items():
        mean, error = np.mean(rows, 0), np.std(rows, 0, ddof=1) / np.sqrt(len(rows))
        cells = [f"{points:+.2f} ± {unsure:.2f}" for points, unsure in zip(mean, error, strict=True)]
        print(f"{correlation:<14}" + "".join(f"{cell:>20}" for cell in cells))


def _rates(record: Record) -> list[float]:
    return [record.rate(first, last) for first, last in VISITS]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--correlations", type=float, nargs="+", default=[0.0, 0.3, 0.6])
    parser.add_argument("--pictures", type=int, default=2_000)
    parser.add_argument("--sessions", type=int, default=1_000, help="visits in each garden")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    return parser.parse_args()


if __name__ == "__main__":
    main()
