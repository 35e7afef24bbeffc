"""How well a face analyzer reads labelled photographs."""

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.backends import build_backend
from garden.errors import GardenError
from garden.faces.base import FaceAnalyzer
from garden.faces.evaluation.figures import answers_of, evaluate, five_figures
from garden.faces.evaluation.labels import Labelled, LabelledSample, read_labels, read_samples
from garden.faces.evaluation.report import as_markdown, for_visitors, with_figures
from garden.faces.registry import SETTING, photo_limits

LATEST = Path(settings.BASE_DIR) / "garden" / "faces" / "evaluation" / "latest.json"


class Command(BaseCommand):
    help = (
        "Evaluate a face analyzer on labelled photographs: PLACE is a CSV (file, person, label, gender, age or born "
        "and taken, attributes), a folder with a labels.csv, or a folder of folders named after their labels."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", type=Path, metavar="PLACE")
        parser.add_argument("--also", type=Path, action="append", default=[], help="a CSV of more labels (repeatable)")
        parser.add_argument("--analyzer", help="dotted path of a backend; by default that of FACE_ANALYZER")
        parser.add_argument("--options", type=json.loads, default={}, help="the backend's options, as JSON")
        parser.add_argument("--cross-validate", action="store_true", help="local analyzer: train again, by person")
        parser.add_argument("--limit", type=int, help="read only so many photographs")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
        parser.add_argument("--card", type=Path, metavar="FILE", help="update a model card and the page /about/")

    def handle(self, *args: Any, place: Path, **options: Any) -> None:
        try:
            labelled, analyzer = read_labels(place, options["also"])[: options["limit"]], _analyzer(options)
            report = evaluate(_samples(labelled, analyzer, options), _about(place, options), analyzer.standards)
            report["own_network"] = _own_network(labelled, analyzer, options)
            _write(report, options)
        except (GardenError, OSError) as error:
            raise CommandError(getattr(error, "detail", str(error))) from error
        self.stdout.write(as_markdown(report))


def _samples(labelled: list[Labelled], analyzer: FaceAnalyzer, options: dict[str, Any]) -> list[LabelledSample]:
    bar = tqdm(labelled, unit="photo", disable=True if options["verbosity"] == 0 else None)
    samples = list(read_samples(analyzer, bar))
    if not options["cross_validate"]:
        return samples
    from garden.faces.local import LocalAnalyzer
    from garden.faces.local.networks import Networks

    try:
        from tools.faces.validation import cross_validated
    except ImportError as error:
        raise CommandError(f"{error.name} is missing: training needs a checkout and requirements/dev.txt.") from error
    if not isinstance(analyzer, LocalAnalyzer):
        raise CommandError("Only the local analyzer can be trained.")
    return cross_validated(samples, Networks(Path(analyzer.models)), own=analyzer.own_network)


def _own_network(labelled: list[Labelled], analyzer: FaceAnalyzer, options: dict[str, Any]) -> dict[str, Any] | None:
    """The same photographs without the site's own network; None where it has none."""
    from garden.faces.local import LocalAnalyzer

    if not (isinstance(analyzer, LocalAnalyzer) and analyzer.own_network):
        return None
    without = answers_of(_samples(labelled, replace(analyzer, own=None), options))
    own = analyzer.own_network
    return {"name": own.name, "licence": own.licence, "without": five_figures(without)}


def _analyzer(options: dict[str, Any]) -> FaceAnalyzer:
    entry = dict(settings.FACE_ANALYZER)
    if options["analyzer"] and options["analyzer"] != entry["BACKEND"]:
        entry = {"BACKEND": options["analyzer"], "OPTIONS": {}}
    entry["OPTIONS"] = {**entry.get("OPTIONS", {}), **options["options"]}
    return build_backend(SETTING, entry, FaceAnalyzer, limits=photo_limits())


def _about(place: Path, options: dict[str, Any]) -> dict[str, Any]:
    backend = options["analyzer"] or settings.FACE_ANALYZER["BACKEND"]
    return {"analyzer": backend, "source": place.resolve().name, "cross_validated": options["cross_validate"]}


def _write(report: dict[str, Any], options: dict[str, Any]) -> None:
    if options["json"]:
        options["json"].write_text(_as_json(report))
    if options["card"]:
        options["card"].write_text(with_figures(options["card"].read_text(), report))
        LATEST.write_text(_as_json(for_visitors(report)))


def _as_json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
