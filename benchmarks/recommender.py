"""How fast the recommender learns what visitors like, beside its peers, in a simulated garden.

    python -m benchmarks.recommender [--worlds 2000 20000 200000] [--seeds 1 2 3 4 5] [--sessions N]
                                     [--only NAME …] [--json FILE] [--movielens FOLDER]

The world is described in docs/explanation/recommender-figures.md. Every recommender meets the same visitors, sees the
same picture features and shows slates of three; what counts is the share of slates with a like, over the whole
run and within sessions 200–1,000. "gap" is the share of the way from chance to the oracle that knows the context.
Sessions are 20,000, and 8,000 at 200,000 pictures, unless told otherwise. Times are CPU time. Seeds from 100 on
were used while the model was made; the others were not. --movielens replays MovieLens-100K (its folder, with u.data)
as a kiosk.
"""

import argparse
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from benchmarks.recommender_movielens import replay
from benchmarks.simulator.entries import ENTRIES, world_of
from benchmarks.simulator.figures import Figure, figure, print_table, summary
from benchmarks.simulator.play import play


def main() -> None:
    arguments = _arguments()
    figures: list[Figure] = []
    for seed in arguments.seeds:
        for pictures in arguments.worlds:
            sessions = arguments.sessions or (8_000 if pictures >= 100_000 else 20_000)
            figures += measure(pictures, seed, sessions, arguments.only)
            _write(arguments.json, figures, {})
    print_table(summary(figures))
    movies = replay(arguments.movielens) if arguments.movielens else {}
    for name, rate in movies.items():
        print(f"MovieLens kiosk replay, {name}: {rate:.3f}")
    _write(arguments.json, figures, movies)


def measure(pictures: int, seed: int, sessions: int, names: Sequence[str]) -> list[Figure]:
    world = world_of(pictures, seed)
    figures = []
    for name in tqdm(names, desc=f"{pictures} pictures, seed {seed}", disable=None):
        player = ENTRIES[name](world, np.random.default_rng([seed, 2]))
        figures.append(figure(name, pictures, seed, play(player, world, sessions, seed)))
    return figures


def _write(path: Path | None, figures: list[Figure], movies: dict[str, float]) -> None:
    if path:
        machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()}
        reported = {"machine": machine, "figures": figures, "summary": summary(figures), "movielens": movies}
        path.write_text(json.dumps(reported, indent=2) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, nargs="*", default=[2_000, 20_000, 200_000], help="numbers of pictures")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--sessions", type=int, help="visits in each world")
    parser.add_argument("--only", nargs="+", default=list(ENTRIES), choices=list(ENTRIES), metavar="NAME")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--movielens", type=Path, help="folder of MovieLens-100K")
    return parser.parse_args()


if __name__ == "__main__":
    main()
