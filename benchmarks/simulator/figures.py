"""Figures of one recommender in one world, and the table of all."""

from collections import defaultdict
from typing import Any

import numpy as np

from benchmarks.simulator.entries import CEILING, RANDOM
from benchmarks.simulator.play import Record

Figure = dict[str, Any]
EARLY = (200, 1_000)


def figure(name: str, pictures: int, seed: int, record: Record) -> Figure:
    milliseconds = 1_000 * np.array([record.ranking, record.learning])
    return {
        "recommender": name,
        "pictures": pictures,
        "seed": seed,
        "slates": len(record.liked),
        "like_rate": round(record.rate(), 4),
        "like_rate_200_1000": round(record.rate(*EARLY), 4),
        "coverage": round(record.coverage(), 3),
        "rank_ms": [round(float(ms), 3) for ms in np.percentile(milliseconds[0], (50, 95))],
        "learn_ms": [round(float(ms), 3) for ms in np.percentile(milliseconds[1], (50, 95))],
    }


def summary(figures: list[Figure]) -> list[Figure]:
    """Means over seeds for each world and recommender; gaps over the seeds that have chance and ceiling."""
    known = {(f["pictures"], f["seed"], f["recommender"]): f for f in figures}
    groups: dict[tuple[int, str], list[Figure]] = defaultdict(list)
    for one in figures:
        groups[one["pictures"], one["recommender"]].append(one)
    return [_mean(name, pictures, some, known) for (pictures, name), some in sorted(groups.items(), key=_by_rate)]


def print_table(rows: list[Figure]) -> None:
    print(
        f"{'pictures':>9} {'recommender':<19}{'seeds':>6}{'like-rate':>10}{'gap':>7}{'200–1,000':>11}{'gap':>7}"
        f"{'coverage':>10}{'rank p50/p95 ms':>18}{'learn p50 ms':>14}"
    )
    for row in rows:
        print(
            f"{row['pictures']:>9} {row['recommender']:<19}{row['seeds']:>6}{row['like_rate']:>10.3f}{row['gap']:>7.2f}"
            f"{row['like_rate_200_1000']:>11.3f}{row['gap_200_1000']:>7.2f}{row['coverage']:>10.2f}"
            f"{row['rank_ms'][0]:>10.2f} /{row['rank_ms'][1]:>6.2f}{row['learn_ms'][0]:>14.2f}"
        )


def _by_rate(group: tuple[tuple[int, str], list[Figure]]) -> tuple[int, float]:
    return group[0][0], float(np.mean([one["like_rate"] for one in group[1]]))


def _mean(name: str, pictures: int, some: list[Figure], known: dict[tuple[int, int, str], Figure]) -> Figure:
    row: Figure = {"pictures": pictures, "recommender": name, "seeds": len(some)}
    for rate, gap in (("like_rate", "gap"), ("like_rate_200_1000", "gap_200_1000")):
        row[rate] = float(np.nanmean([one[rate] for one in some]))
        row[gap] = float(np.mean([_gap(one, rate, known) for one in some]))
    row["coverage"] = float(np.mean([one["coverage"] for one in some]))
    for cost in ("rank_ms", "learn_ms"):
        row[cost] = np.mean([one[cost] for one in some], axis=0).round(3).tolist()
    return row


def _gap(one: Figure, rate: str, known: dict[tuple[int, int, str], Figure]) -> float:
    """How much of the way from chance to the context oracle is covered in the same world."""
    where = one["pictures"], one["seed"]
    chance, ceiling = known.get((*where, RANDOM)), known.get((*where, CEILING))
    if chance is None or ceiling is None:
        return float("nan")
    return float((one[rate] - chance[rate]) / (ceiling[rate] - chance[rate]))
