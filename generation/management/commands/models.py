"""The diffusion models of this machine."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.backends import build_backend
from garden.errors import GardenError
from generation.backends import get_engine
from generation.engines.base import PictureRequest
from generation.engines.diffusers import DiffusersEngine
from generation.engines.diffusers.cards import ModelCard
from generation.engines.diffusers.comparison import Encoder, compare_modes, keep_distances
from generation.engines.diffusers.hub import pipeline_class, weight_bytes

BACKEND = "generation.engines.diffusers.DiffusersEngine"
Row = dict[str, Any]


class Command(BaseCommand):
    help = "List, download, check, warm up or compare the modes of the models of the diffusers engine."
    requires_system_checks = []  # a machine that only makes pictures has no pages to check

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=("list", "download", "check", "warm", "compare"))
        parser.add_argument("names", nargs="*", metavar="model", help="default: the engine's default model; list: all")
        parser.add_argument("--engine", default="", help="name in GENERATION_ENGINES; default: the first of this kind")
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout, no progress")
        parser.add_argument(
            "--width", type=int, default=512, help="of the pictures that `warm` and `compare` make, in pixels"
        )
        parser.add_argument("--height", type=int, default=512)
        parser.add_argument("--steps", type=int, default=None, help="of `warm`; default: the model's own")
        parser.add_argument("--sheet", type=Path, help="file for the contact sheet of `compare`, such as modes.jpeg")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 if a model could not be downloaded, checked or warmed."""
        try:
            engine = _engine(options["engine"])
            cards = _cards(engine, options["action"], options["names"])
            rows = [self._row(engine, card, options) for card in cards]
        except GardenError as error:
            raise CommandError(error.detail) from error
        self._say(rows, as_json=options["json"])
        if options["action"] != "list" and any(row.get("problem") for row in rows):
            raise CommandError("Not every model is fit for use.")

    def _row(self, engine: DiffusersEngine, card: ModelCard, options: dict[str, Any]) -> Row:
        if options["action"] == "list":
            return _described(engine, card)
        try:
            if options["action"] == "download":
                return _downloaded(engine, card, quiet=options["json"])
            if options["action"] == "compare":
                return _compared(engine, card, options)
            return _warmed(engine, card, options) if options["action"] == "warm" else _checked(engine, card)
        except GardenError as error:
            return {"model": card.name, "problem": error.detail}

    def _say(self, rows: list[Row], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        for row in rows:
            facts = "  ".join(f"{name} {value}" for name, value in row.items() if name not in ("model", "problem"))
            line = f"{row['model']:<18}{facts}"
            self.stdout.write(self.style.ERROR(f"{line}{row['problem']}") if row.get("problem") else line)


def _engine(name: str) -> DiffusersEngine:
    """The named engine, else the first of this kind in the settings, else one with no options."""
    name = name or next(
        (name for name, entry in settings.GENERATION_ENGINES.items() if entry["BACKEND"] == BACKEND), ""
    )
    engine = get_engine(name) if name else DiffusersEngine()
    if not isinstance(engine, DiffusersEngine):
        raise CommandError(f"{name} is not a diffusers engine.")
    return engine


def _cards(engine: DiffusersEngine, action: str, names: list[str]) -> list[ModelCard]:
    if action == "list" and not names:
        return list(engine.cards().values())
    return [engine.card(name) for name in names or [""]]


def _described(engine: DiffusersEngine, card: ModelCard) -> Row:
    return {
        "model": card.name,
        "here": engine.has_files(card),
        "default": card.name == engine.default_model,
        "id": card.id,
        "revision": card.revision,
        "steps": card.steps,
        "guidance": card.guidance,
        "multiple": card.multiple,
        "GiB": card.memory,
        "licence": card.licence,
    }


def _downloaded(engine: DiffusersEngine, card: ModelCard, *, quiet: bool) -> Row:
    from huggingface_hub.utils import disable_progress_bars, enable_progress_bars

    (disable_progress_bars if quiet else enable_progress_bars)()
    engine.files(card, offline=False)
    return _checked(engine, card)


def _checked(engine: DiffusersEngine, card: ModelCard) -> Row:
    folder = engine.files(card, offline=True)
    megabytes = round(weight_bytes(folder) / 1e6, 1)
    return {"model": card.name, "folder": str(folder), "pipeline": pipeline_class(folder), "MB": megabytes}


def _warmed(engine: DiffusersEngine, card: ModelCard, options: dict[str, Any]) -> Row:
    """Three batches: the first pays for loading and measuring, the second for compiling, further ones are as fast."""
    request = PictureRequest("a calm garden", options["width"], options["height"], 0, "", card.name, options["steps"])
    with tqdm(total=100, desc=card.name, unit="%", disable=options["json"]) as bar:
        warmth = engine.warm(request, partial(_show, bar))
    return {"model": card.name, **asdict(warmth)}


def _compared(engine: DiffusersEngine, card: ModelCard, options: dict[str, Any]) -> Row:
    """The distances are kept in `warm_cache`, where the page *Make* reads them."""
    encoder = build_backend("PICTURE_ENCODER", settings.PICTURE_ENCODER, object)
    request = PictureRequest("", options["width"], options["height"], 0, model=card.name)
    with tqdm(total=100, desc=card.name, unit="%", disable=options["json"]) as bar:
        rows, sheet = compare_modes(engine, request, cast("Encoder", encoder), partial(_show, bar))
    keep_distances(engine.warm_cache, card, rows)
    if options["sheet"]:
        sheet.save(options["sheet"])
    described = {row.mode: f"{row.seconds_each} s, distance {row.distance}" for row in rows}
    return {"model": card.name, **({row.mode: row._asdict() for row in rows} if options["json"] else described)}


def _show(bar: "tqdm[Any]", progress: float) -> None:
    """The progress of the current batch: it begins at 0 with each."""
    bar.n = round(progress * 100)
    bar.refresh()
