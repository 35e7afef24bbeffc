"""What one impression costs the process learning it, at the garden's own width, with and without moving prior scales.

    OMP_NUM_THREADS=1 python -m benchmarks.recommender_learning [--impressions 1750]

Visitors of all contexts see three random pictures each and like one time in five; CPU milliseconds of `learn`.
"""

import argparse
import json
import time
from collections.abc import Iterator

import numpy as np

from garden.vocabulary import Emotion, Gender, Generation
from recommend.bandit.context import Context, Impression, slate_impression
from recommend.bandit.priors import Priors, is_moving
from recommend.bandit.slate_model import SlateModel

_WIDTH = 49
_VISITORS = 512
_PICTURES = 2_000
_DEVIATION = 0.6
_LIKED = 0.07


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--impressions", type=int, default=1_750)
    model = SlateModel(_WIDTH, Priors(visitors=_VISITORS))
    took: dict[str, list[float]] = {"while prior scales move": [], "otherwise": []}
    for impression in _impressions(parser.parse_args().impressions, np.random.default_rng(0)):
        started = time.thread_time()
        model.learn(impression)
        took["while prior scales move" if is_moving(model.learned) else "otherwise"].append(
            time.thread_time() - started
        )
    for name, seconds in took.items():
        p50, p95, most = (1_000 * np.percentile(seconds, (50, 95, 100))).round(2).tolist()
        print(f"{name:<24}{len(seconds):>6} impressions   p50 {p50:>6.2f}   p95 {p95:>6.2f}   most {most:>6.2f} ms")
        print(json.dumps({"when": name, "impressions": len(seconds), "p50_ms": p50, "p95_ms": p95, "most_ms": most}))


def _impressions(count: int, rng: np.random.Generator) -> Iterator[Impression]:
    features = (_DEVIATION * rng.standard_normal((_PICTURES, _WIDTH))).astype(np.float32)
    features[:, 0] = 1.0
    for number in range(count):
        items = rng.choice(_PICTURES, 3, replace=False)
        emotion, generation, gender = (rng.choice(list(words)) for words in (Emotion, Generation, Gender))
        context = Context(str(emotion), str(generation), str(gender))
        visitor = str(rng.integers(_VISITORS))
        yield slate_impression(number, visitor, context, items, features[items], rng.random(3) < _LIKED)


if __name__ == "__main__":
    main()
