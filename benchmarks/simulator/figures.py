"""Figures of one recommender in one garden, and the table of all."""

from collections import defaultdict
from typing import Any

import numpy as np

from benchmarks.simulator.entries import CEILING, RANDOM
from benchmarks.simulator.play import Record

Figure = dict[str, Any]
Case = tuple[str, int, bool, float]
EARLY = (200, 1_000)
_CASE = ("garden", "pictures", "again", "returning")


def figure(name: str, case: Case, seed: int, record: Record) -> Figure:
    milliseconds = 1_000 * np.array(record.ordering), 1_000 * np.array(record.learning)
    return dict(zip(_CASE, case, strict=True)) | {
        "recommender": name,
        "seed": seed,
        "slates": len(record.chance),
        "like_rate": round(record.rate(), 5),
        "like_rate_200_1000": round(record.rate(*EARLY), 5),
        "coverage": round(record.coverage(), 3),
        "order_ms": [round(float(ms), 3) for ms in np.percentile(milliseconds[0], (50, 95))],
        "learn_ms": [round(float(ms), 3) for ms in np.percentile(milliseconds[1], (50, 95))],
    }


def summary(figures: list[Figure]) -> list[Figure]:
    """Means over seeds for each case and recommender; gaps over the seeds that have chance and ceiling.

    Neither chance nor the ceiling learns within a visit, so what they reach asking again counts for paging, too.
    """
    bounds = {(*_case(one)[:2], one["returning"], one["seed"], one["recommender"]): one for one in figures}
    groups: dict[tuple[Case, str], list[Figure]] = defaultdict(list)
    for one in figures:
        groups[_case(one), one["recommender"]].append(one)
    rows = [_mean(case, name, some, bounds) for (case, name), some in groups.items()]
    return sorted(rows, key=lambda row: (*_case(row), row["like_rate"]))


def print_table(rows: list[Figure]) -> None:
    print(
        f"{'garden':<11}{'pictures':>9} {'kiosk':<7}{'returning':>10}  {'recommender':<19}{'seeds':>6}{'like-rate':>10}"
        f"{'gap':>15}{'200–1,000':>11}{'gap':>7}{'coverage':>10}{'order p50/p95 ms':>18}{'learn p50 ms':>14}"
    )
    for row in rows:
        kiosk = "again" if row["again"] else "paged"
        print(
            f"{row['garden']:<11}{row['pictures']:>9} {kiosk:<7}{row['returning']:>10.0%}  {row['recommender']:<19}"
            f"{row['seeds']:>6}{row['like_rate']:>10.3f}{row['gap']:>8.3f} ±{row['error']:>5.3f}"
            f"{row['like_rate_200_1000']:>11.3f}{row['gap_200_1000']:>7.2f}{row['coverage']:>10.2f}"
            f"{row['order_ms'][0]:>10.2f} /{row['order_ms'][1]:>6.2f}{row['learn_ms'][0]:>14.2f}"
        )


def _case(one: Figure) -> Case:
    return one["garden"], one["pictures"], one["again"], one["returning"]


def _mean(case: Case, name: str, some: list[Figure], bounds: dict[tuple[Any, ...], Figure]) -> Figure:
    row: Figure = dict(zip(_CASE, case, strict=True)) | {"recommender": name, "seeds": len(some)}
    for rate, gap in (("like_rate", "gap"), ("like_rate_200_1000", "gap_200_1000")):
        gaps = [_gap(one, rate, bounds) for one in some]
        row[rate], row[gap] = float(np.nanmean([one[rate] for one in some])), float(np.mean(gaps))
        row.setdefault("error", float(np.std(gaps, ddof=1) / np.sqrt(len(gaps))) if len(gaps) > 1 else float("nan"))
    row["coverage"] = float(np.mean([one["coverage"] for one in some]))
    for cost in ("order_ms", "learn_ms"):
        row[cost] = np.mean([one[cost] for one in some], axis=0).round(3).tolist()
    return row


def _gap(one: Figure, rate: str, bounds: dict[tuple[Any, ...], Figure]) -> float:
    """How much of the way from chance to the context oracle is covered in the same world."""
    where = one["garden"], one["pictures"], one["returning"], one["seed"]
    chance, ceiling = bounds.get((*where, RANDOM)), bounds.get((*where, CEILING))
    if chance is None or ceiling is None:
        return float("nan")
    return float((one[rate] - chance[rate]) / (ceiling[rate] - chance[rate]))
