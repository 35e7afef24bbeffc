"""Photos a second and p50/p95 of reading a face: in process, over HTTP, and beside @vladmandic/human in Node.

    python -m benchmarks.emotion [--photos FOLDER] [--labels PLACE] [--rounds 5] [--url URL] [--json FILE]

Every round measures all of them on the same photos, the peer between two turns of ours in process, so that a machine
that is busy for a while slows both; the figures, and the ratio of ours to the peer's, are medians over the rounds.
Ours starts from the file's bytes; the peer gets its pixels decoded. With `--labels` (as `manage.py evaluate_faces`
takes them) it also says how right both are on those photographs, ours on people that its trained numbers never saw.
Run `npm ci` and `manage.py build_models` first.
"""

import argparse
import http.client
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tqdm import tqdm

from benchmarks.emotion_accuracy import accuracy, print_accuracy
from benchmarks.emotion_peer import ask_peer
from benchmarks.emotion_photos import Sample, photos
from benchmarks.emotion_server import own_server
from garden.faces.base import NoFaceError
from garden.faces.local import LocalAnalyzer

ROOT = Path(__file__).parents[1]
CLIENTS = 4
REPEATS = 2
"""How often a turn reads each photo, for ours; the peer reads each once."""

IN_PROCESS, PEER = "in process", "human in Node (WASM)"

Figure = dict[str, Any]


def main() -> None:
    options = _arguments()
    samples = photos(options.photos, options.limit)
    analyzer = LocalAnalyzer(models=options.models)
    analyzer.check()
    server = nullcontext(options.url) if options.url else own_server(options.models)
    with server as url:
        rounds = [_round(samples, analyzer, url) for _ in tqdm(range(options.rounds), unit=" round", disable=None)]
    figures = [_median([figures[name] for figures in rounds], name) for name in rounds[0]]
    ratios = sorted(_ratio(figures) for figures in rounds)
    _print_table(figures, ratios, len(samples))
    right = accuracy(options.labels, options.models) if options.labels else None
    if right:
        print_accuracy(right)
    if options.json:
        machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()}
        report = {"machine": machine, "photos": len(samples), "figures": figures, "times_the_peer_in_rounds": ratios}
        report["accuracy"] = right
        report["times_the_peer"] = round(statistics.median(ratios), 2)
        options.json.write_text(json.dumps(report, indent=2) + "\n")


def _round(samples: list[Sample], analyzer: LocalAnalyzer, url: str) -> dict[str, Figure]:
    """All contestants once. Warmed up first: what is measured is a running kiosk."""
    _read(analyzer, samples[0])
    faces, nobody = _split(samples, analyzer)
    before = _timed(analyzer, samples)
    peer = _peer(samples)
    figures = {IN_PROCESS: _figure_of([*before, *_timed(analyzer, samples)])}
    if faces and nobody:
        figures["in process, a face"] = _figure_of(_timed(analyzer, faces))
        figures["in process, No Face"] = _figure_of(_timed(analyzer, nobody))
    figures["HTTP, 1 client"] = _over_http(samples, url, clients=1)
    figures[f"HTTP, {CLIENTS} clients"] = _over_http(samples, url, clients=CLIENTS)
    return {**figures, PEER: peer}


def _read(analyzer: LocalAnalyzer, sample: Sample) -> bool:
    """Whether a face was found."""
    try:
        analyzer.read(sample.data)
    except NoFaceError:
        return False
    return True


def _split(samples: list[Sample], analyzer: LocalAnalyzer) -> tuple[list[Sample], list[Sample]]:
    found = {sample.name: _read(analyzer, sample) for sample in samples}
    wrong = [sample.name for sample in samples if sample.face not in (None, found[sample.name])]
    if wrong:
        raise SystemExit(f"Read wrongly: {', '.join(wrong)}")
    return [s for s in samples if found[s.name]], [s for s in samples if not found[s.name]]


def _timed(analyzer: LocalAnalyzer, samples: list[Sample]) -> list[float]:
    """The milliseconds of each reading."""
    return [_milliseconds(partial(_read, analyzer), sample) for _ in range(REPEATS) for sample in samples]


def _milliseconds(read: Callable[[Sample], object], sample: Sample) -> float:
    start = time.perf_counter()
    read(sample)
    return (time.perf_counter() - start) * 1000


def _over_http(samples: list[Sample], url: str, clients: int) -> Figure:
    """Each client keeps its connection and sends its share of the photos, one after the other."""
    work = [sample for _ in range(REPEATS) for sample in samples]
    start = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        parts = list(pool.map(lambda index: _client(url, work[index::clients]), range(clients)))
    return _figure([took for part in parts for took in part], (time.perf_counter() - start) * 1000)


def _client(url: str, work: list[Sample]) -> list[float]:
    address = urlsplit(url)
    make = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = make(address.netloc)

    def send(sample: Sample) -> None:
        connection.request("POST", f"{address.path.rstrip('/')}/emotion", sample.data, {"Content-Type": "image/jpeg"})
        response = connection.getresponse()
        response.read()
        if response.status not in (200, 404):
            raise SystemExit(f"POST /emotion answered {response.status}")

    return [_milliseconds(send, sample) for sample in work]


def _peer(samples: list[Sample]) -> Figure:
    return _figure_of(ask_peer(samples)["milliseconds"])


def _figure_of(took: list[float]) -> Figure:
    """Of readings one after the other."""
    return _figure(took, sum(took))


def _figure(took: list[float], wall: float) -> Figure:
    cuts = statistics.quantiles(took, n=20, method="inclusive") if len(took) > 1 else took * 19
    return {"photos_per_second": len(took) / wall * 1000, "p50_ms": statistics.median(took), "p95_ms": cuts[18]}


def _median(figures: list[Figure], name: str) -> Figure:
    return {"what": name, **{key: round(statistics.median(f[key] for f in figures), 2) for key in figures[0]}}


def _ratio(figures: dict[str, Figure]) -> float:
    """Our photos a second in process over the peer's, in one round."""
    ratio: float = figures[IN_PROCESS]["photos_per_second"] / figures[PEER]["photos_per_second"]
    return round(ratio, 2)


def _print_table(figures: list[Figure], ratios: list[float], photos: int) -> None:
    print(f"{photos} photos, medians of {len(ratios)} rounds")
    print(f"{'':24} {'photos/s':>9} {'p50 ms':>9} {'p95 ms':>9}")
    for figure in figures:
        numbers = (figure["photos_per_second"], figure["p50_ms"], figure["p95_ms"])
        print(f"{figure['what']:24}", *(f"{number:>9.1f}" for number in numbers))
    ratio = round(statistics.median(ratios), 2)
    print(f"In process {ratio} × the throughput of human in Node ({ratios[0]}–{ratios[-1]} over the rounds).")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, metavar="FOLDER", help="photos to read instead of the built-in ones")
    parser.add_argument("--labels", type=Path, metavar="PLACE", help="labelled photographs: also compare accuracy")
    parser.add_argument("--limit", type=int, default=24, help="at most so many of the folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--models", type=Path, default=ROOT / "var" / "models" / "face", metavar="FOLDER")
    parser.add_argument("--url", help="a running server to ask; by default one is started")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
