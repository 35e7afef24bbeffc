"""How fast the recommender learns what visitors like, beside its peers, in simulated gardens with kiosks.

    python -m benchmarks.recommender [--gardens calibrated harder] [--pictures 2000 20000 200000] [--seeds 1 2 3 4 5]
                                     [--kiosk again paged] [--returning 0 .25] [--sessions 4000]
                                     [--only NAME …] [--json FILE] [--movielens FOLDER]

The gardens are described in docs/explanation/recommender-figures.md. Every recommender meets the same visitors on the
same kiosks, sees the same picture features and shows slates of three; what counts is the share of all slates shown with
a like, in expectation, over the whole run and within sessions 200–1,000. "gap" is the share of the way from chance to
the oracle that knows the context, with its standard error over the seeds. A kiosk asks "again" after each answer, or
shows one order "paged". Times are CPU time. Seeds from 100 on were used while the model was made; the others were not.
--movielens replays MovieLens-100K (its folder, with u.data) as a kiosk.
"""

import argparse
import json
import os
import platform
from itertools import product
from pathlib import Path

import numpy as np
from tqdm import tqdm

from benchmarks.recommender_movielens import replay
from benchmarks.simulator.entries import CEILING, ENTRIES, RANDOM
from benchmarks.simulator.figures import Figure, figure, print_table, summary
from benchmarks.simulator.play import Kiosk
from benchmarks.simulator.world import GARDENS, World

KIOSKS = ("again", "paged")


def main() -> None:
    arguments = _arguments()
    figures: list[Figure] = []
    for seed, garden, pictures in product(arguments.seeds, arguments.gardens, arguments.pictures):
        world = World.of(pictures, seed, GARDENS[garden])
        cases = list(product(arguments.kiosk, arguments.returning, arguments.only))
        for kiosk, returning, name in tqdm(cases, desc=f"{garden}, {pictures} pictures, seed {seed}", disable=None):
            if kiosk != arguments.kiosk[0] and name in (RANDOM, CEILING):
                continue
            again = kiosk == "again"
            player = ENTRIES[name](world, np.random.default_rng([seed, 2]))
            record = Kiosk(arguments.sessions, again, returning).play(player, world, seed)
            figures.append(figure(name, (garden, pictures, again, returning), seed, record))
        _write(arguments.json, figures, {})
    print_table(summary(figures))
    movies = replay(arguments.movielens) if arguments.movielens else {}
    for name, rate in movies.items():
        print(f"MovieLens kiosk replay, {name}: {rate:.3f}")
    _write(arguments.json, figures, movies)


def _write(path: Path | None, figures: list[Figure], movies: dict[str, float]) -> None:
    if path:
        machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()}
        reported = {"machine": machine, "figures": figures, "summary": summary(figures), "movielens": movies}
        path.write_text(json.dumps(reported, indent=2) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gardens", nargs="+", default=list(GARDENS), choices=list(GARDENS))
    parser.add_argument("--pictures", type=int, nargs="*", default=[2_000, 20_000, 200_000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--kiosk", nargs="+", default=list(KIOSKS), choices=KIOSKS)
    parser.add_argument("--returning", type=float, nargs="+", default=[0.0, 0.25], help="shares of returning visitors")
    parser.add_argument("--sessions", type=int, default=4_000, help="visits in each garden")
    parser.add_argument("--only", nargs="+", default=list(ENTRIES), choices=list(ENTRIES), metavar="NAME")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--movielens", type=Path, help="folder of MovieLens-100K")
    return parser.parse_args()


if __name__ == "__main__":
    main()
