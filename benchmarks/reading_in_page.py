"""How right a kiosk's own page reads faces and how long it takes, beside the server's analyzer on the same photographs.

    python -m benchmarks.reading_in_page LABELS [--also CSV]… [--limit N] [--report FILE] [--json FILE]

The page is the kiosk's, in headless Chromium, from a server of its own; it reads each photograph once with the scripts
that visitors meet. The server's analyzer reads the same photographs in this process, one after the other; how right it
is on people that it never saw is what `manage.py evaluate_faces --cross-validate` says. Run `npm ci` and
`manage.py build_models` first.
"""

import argparse
import base64
import json
import math
import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from playwright.sync_api import Page, sync_playwright
from tqdm import tqdm

from benchmarks.emotion_server import own_server
from garden.faces.base import FaceReading
from garden.faces.evaluation.figures import evaluate
from garden.faces.evaluation.labels import Labelled, LabelledSample, read_labels, read_samples
from garden.faces.evaluation.report import for_visitors
from garden.faces.local import LocalAnalyzer
from tools.services.chromium import ARGUMENTS, chromium_path

ROOT = Path(__file__).parents[1]
_READ = """async ([script, photo]) => {
  const { readHere } = await import(script);
  const frame = new Blob([Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0))]);
  const started = performance.now();
  try {
    const reading = await readHere([frame]);
    return { reading, milliseconds: performance.now() - started };
  } catch (error) {
    if (error.code !== "no_face") throw error;
    return { reading: null, milliseconds: performance.now() - started };
  }
}"""


def main() -> None:
    options = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.local")
    django.setup()
    labelled = read_labels(options.labels, options.also)[: options.limit]
    with own_server(options.models) as url, _kiosk(url) as page:
        in_page = list(_samples(page, url, labelled))
    on_server = list(read_samples(LocalAnalyzer(models=options.models), labelled))
    read = {"in the page": in_page, "on the server": on_server}
    reports = {name: evaluate(samples, {"what": name}) for name, samples in read.items()}
    _print(reports["in the page"], reports["on the server"])
    print(f"Four of five true ages are within {_reach(in_page):.1f} years of the page's guess.")
    if options.report:
        about = {"analyzer": "@vladmandic/human in the page", "source": options.labels.resolve().name}
        options.report.write_text(json.dumps(for_visitors({**reports["in the page"], **about}), indent=1) + "\n")
    if options.json:
        options.json.write_text(json.dumps(reports, indent=2) + "\n")


@contextmanager
def _kiosk(url: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        page = browser.new_page()
        page.goto(f"{url}/kiosk/")
        yield page
        browser.close()


def _samples(page: Page, url: str, labelled: list[Labelled]) -> Iterator[LabelledSample]:
    """The first one before it counts: what is measured is a kiosk that has read before."""
    script = f"{url}/static/garden/js/device/reader.js"

    def read(photograph: Labelled) -> Any:
        return page.evaluate(_READ, [script, base64.b64encode(photograph.path.read_bytes()).decode()])

    read(labelled[0])
    for each in tqdm(labelled, unit=" photo", disable=None):
        result = read(each)
        yield LabelledSample(each, result["reading"] and _reading(result["reading"]), result["milliseconds"])


def _reading(sent: dict[str, Any]) -> FaceReading:
    """As the server takes what a kiosk's page sends."""
    from garden.api.fields import validated
    from garden.api.readings import OwnReadingSerializer, reading_of

    return reading_of(validated(OwnReadingSerializer, sent))


def _reach(samples: list[LabelledSample]) -> float:
    """How far the guess is from the true age of four people of five."""
    known = [(each.reading, each.labelled.age) for each in samples if each.reading and each.labelled.age is not None]
    away = [abs((reading.age_low + reading.age_high) / 2 - age) for reading, age in known]
    return statistics.quantiles(away, n=5)[3]


def _print(page: dict[str, Any], server: dict[str, Any]) -> None:
    print(f"{'':28} {'in the page':>12} {'on the server':>14}")
    for what, figure in _figures().items():
        print(f"{what:28} {figure(page):>12} {figure(server):>14}")


def _figures() -> dict[str, Any]:
    def recall(word: str) -> Any:
        return lambda report: f"{report['emotions']['recall'].get(word, {}).get('share', math.nan):.0%}"

    return {
        "found a face": lambda report: f"{report['photographs']['read']} of {report['photographs']['labelled']}",
        "right": lambda report: f"{report['emotions']['accuracy']['share']:.0%}",
        "balanced accuracy": lambda report: f"{report['emotions']['balanced_accuracy']:.3f}",
        **{f"  {word}": recall(word) for word in ("happy", "surprised", "calm", "angry", "fear", "disgusted", "sad")},
        "age held by its range": lambda report: f"{report['age']['held']['share']:.0%}",
        "  mean width, years": lambda report: f"{report['age']['mean_width']:.0f}",
        "  mean error, years": lambda report: f"{report['age']['mean_error']:.1f}",
        "male read so": lambda report: f"{report['gender']['Male']['share']:.0%}",
        "female read so": lambda report: f"{report['gender']['Female']['share']:.0%}",
        **{
            name: lambda report, name=name: f"{report['attributes'][name]['accuracy']['share']:.0%}"
            for name in ("smile", "eyes_open")
        },
        "p50 ms": lambda report: f"{report['time']['p50_ms']:.0f}",
        "p95 ms": lambda report: f"{report['time']['p95_ms']:.0f}",
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path, metavar="LABELS", help="as manage.py evaluate_faces takes them")
    parser.add_argument("--also", type=Path, action="append", default=[], metavar="CSV")
    parser.add_argument("--limit", type=int, help="at most so many of them")
    parser.add_argument("--models", type=Path, default=ROOT / "var" / "models" / "face", metavar="FOLDER")
    parser.add_argument("--report", type=Path, metavar="FILE", help="the page's figures, for the page about faces")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
