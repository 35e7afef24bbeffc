"""What finding look-alikes costs: inserting a picture and asking which known ones look like it, by the index.

    python -m benchmarks.lookalikes [--pictures 200000] [--asked 300] [--distance 6] [--database URL] [--json FILE]

The peers, in the same run: a pairwise numpy scan of all hashes, read from the database for each question and already in
memory. Recall is counted against the scan.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.own_server import set_up_django

NEAR_SHARE = 20
"""One in so many pictures is a near copy of an earlier one."""
BATCH = 5_000
Hashes = NDArray[np.uint64]


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        set_up_django(Path(folder), asked.database, LOOKALIKE_DISTANCE=str(asked.distance))
        hashes = _hashes(asked.pictures + asked.asked)
        _fill(hashes[: asked.pictures])
        figures = _measure(hashes[asked.pictures :], asked.distance)
        figures |= _rebuild()
    _print_table(figures, asked.pictures)
    if asked.json:
        asked.json.write_text(json.dumps({"pictures": asked.pictures, "figures": figures}, indent=2) + "\n")


def _hashes(count: int) -> Hashes:
    """Perceptual and gradient hashes as uneven as real ones: 32 bits set, some bits far more often than others."""
    random = np.random.default_rng(0)
    likely = random.uniform(0.2, 0.8, 64)
    scores = likely[None, :] + random.uniform(-0.6, 0.6, (count, 64))
    bits = scores >= np.partition(scores, 32, axis=1)[:, 32:33]
    phash = np.packbits(bits, axis=1).view(">u8")[:, 0].astype(np.uint64)
    hashes = np.stack([phash, random.integers(0, 2**64, count, dtype=np.uint64)], axis=1)
    copies = np.arange(NEAR_SHARE, count, NEAR_SHARE)
    flips = random.integers(0, 64, (len(copies), 2, 4), dtype=np.uint64)
    hashes[copies] = hashes[random.integers(0, copies)] ^ np.bitwise_or.reduce(np.uint64(1) << flips, axis=2)
    return hashes


def _fill(hashes: Hashes) -> None:
    from curation.models import Fingerprint

    for start in range(0, len(hashes), BATCH):
        images = _images(start, hashes[start : start + BATCH])
        Fingerprint.objects.bulk_create(_fingerprint_of(image, pair) for image, pair in images)


def _images(start: int, hashes: Hashes) -> list[tuple[Any, Any]]:
    from garden.models import Image

    names = (f"imgPool/calm/img_{start + n}_0h.jpeg" for n in range(len(hashes)))
    described = {"width": 1280, "height": 800, "origin": "benchmark", "content_hash": "0" * 64}
    images = Image.objects.bulk_create(Image(key=name, **described).fill_from_key() for name in names)
    return list(zip(images, hashes, strict=True))


def _fingerprint_of(image: Any, pair: Any) -> Any:
    from curation.duplicates.groups import make_fingerprint

    return make_fingerprint(image.pk, _hashed(pair))


def _hashed(pair: Any) -> Any:
    from curation.duplicates.hashing import PictureHash

    return PictureHash(int(pair[0]), int(pair[1]), 1.0)


def _measure(hashes: Hashes, distance: int) -> dict[str, Any]:
    from curation.duplicates.groups import find_neighbours
    from curation.models import Fingerprint

    resident = _read_all()
    times: dict[str, list[float]] = {"query": [], "insert + query + group": [], "scan, read": [], "scan, in memory": []}
    found = expected = 0
    for image, pair in _images(10**9, hashes):
        fingerprint = _fingerprint_of(image, pair)
        near = {neighbour.image for neighbour in _timed(times["query"], find_neighbours, fingerprint)}
        scanned = _timed(times["scan, in memory"], _scan, resident, pair, distance)
        if len(times["scan, read"]) < 20:
            _timed(times["scan, read"], _read_and_scan, pair, distance)
        _timed(times["insert + query + group"], _place, image, pair)
        known = set(resident[0][scanned].tolist())
        found, expected = found + len(near & known), expected + len(known)
    figures: dict[str, Any] = {name: _percentiles(seconds) for name, seconds in times.items()}
    return {**figures, "recall": {"found": found, "expected": expected}, "rows": Fingerprint.objects.count()}


def _read_all() -> tuple[NDArray[np.int64], Hashes]:
    from curation.models import Fingerprint

    rows = np.array(list(Fingerprint.objects.order_by().values_list("image_id", "phash", "dhash")), np.int64)
    return rows[:, 0], rows[:, 1:].view(np.uint64)


def _scan(known: tuple[NDArray[np.int64], Hashes], pair: Any, distance: int) -> NDArray[np.int64]:
    differ = np.bitwise_count(known[1] ^ pair)
    return np.flatnonzero((differ[:, 0] <= distance) & (differ[:, 1] <= 2 * distance))


def _read_and_scan(pair: Any, distance: int) -> NDArray[np.int64]:
    return _scan(_read_all(), pair, distance)


def _place(image: Any, pair: Any) -> None:
    from curation.duplicates.groups import place_picture

    place_picture(image=image, hashed=_hashed(pair))


def _rebuild() -> dict[str, Any]:
    from curation.duplicates.groups import rebuild_groups

    begun = time.perf_counter()
    rebuilt = rebuild_groups()
    return {"rebuild": {"seconds": time.perf_counter() - begun, "groups": rebuilt.groups}}


def _timed(times: list[float], action: Callable[..., Any], *given: Any) -> Any:
    begun = time.perf_counter()
    result = action(*given)
    times.append(time.perf_counter() - begun)
    return result


def _percentiles(seconds: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(np.array(seconds) * 1000, [50, 95])
    return {"p50_ms": round(float(p50), 2), "p95_ms": round(float(p95), 2)}


def _print_table(figures: dict[str, Any], pictures: int) -> None:
    print(f"{pictures} pictures")
    print(f"{'what':<28}{'p50 ms':>10}{'p95 ms':>10}")
    for name in ("query", "insert + query + group", "scan, read", "scan, in memory"):
        print(f"{name:<28}{figures[name]['p50_ms']:>10.2f}{figures[name]['p95_ms']:>10.2f}")
    print(f"recall: {figures['recall']['found']} of {figures['recall']['expected']}")
    print(f"all groups anew: {figures['rebuild']['seconds']:.1f} s, {figures['rebuild']['groups']} groups")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pictures", type=int, default=200_000)
    parser.add_argument("--asked", type=int, default=300, help="pictures that come in while the clock runs")
    parser.add_argument("--distance", type=int, default=6)
    parser.add_argument("--database", default="", help="a URL; SQLite in a scratch folder otherwise")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
