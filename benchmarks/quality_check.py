"""What the measures of the quality check and the second look of the mesh cost: reading faces with and without them.

    python -m benchmarks.quality_check [--photos FOLDER] [--rounds 7] [--json FILE]

Milliseconds of the processor's time a photo, so that a busy machine changes little; the ratio is the median of the
rounds'.
"""

import argparse
import json
import statistics
import time
from pathlib import Path
from unittest import mock

from benchmarks.emotion_photos import Sample, photos
from garden.faces.base import NoFaceError
from garden.faces.local import LocalAnalyzer, faces

MODELS = Path(__file__).parents[1] / "var" / "models" / "face"


def main() -> None:
    options = _arguments()
    samples, analyzer = photos(options.photos, options.limit), LocalAnalyzer(models=options.models)
    analyzer.check()
    _milliseconds(analyzer, samples)
    rounds = [(_milliseconds(analyzer, samples), _without(analyzer, samples)) for _ in range(options.rounds)]
    measured, plain = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratio = statistics.median(one / other for one, other in rounds)
    print(f"{len(samples)} photos, {options.rounds} rounds: {measured:.2f} ms each with the gate's measures,")
    print(f"{plain:.2f} ms without: {ratio - 1:+.1%}")
    if options.json:
        options.json.write_text(json.dumps({"with_ms": measured, "without_ms": plain, "ratio": ratio}, indent=2) + "\n")


def _milliseconds(analyzer: LocalAnalyzer, samples: list[Sample]) -> float:
    start = time.process_time()
    for sample in samples:
        try:
            analyzer.read(sample.data)
        except NoFaceError:
            continue
    return (time.process_time() - start) / len(samples) * 1000


def _without(analyzer: LocalAnalyzer, samples: list[Sample]) -> float:
    measures = mock.patch("garden.faces.local.analyzer.measure_quality", return_value=None)
    with measures, mock.patch.object(faces, "TURNS", (0.0,)):
        return _milliseconds(analyzer, samples)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, metavar="FOLDER", help="photos to read instead of the built-in ones")
    parser.add_argument("--limit", type=int, default=24, help="at most so many of the folder")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--models", type=Path, default=MODELS, metavar="FOLDER")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
