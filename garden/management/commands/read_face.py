"""Read the largest face of each photo."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.errors import GardenError, UnavailableError
from garden.faces.base import ATTRIBUTES, Attribute, FaceAnalyzer, FaceReading, NoFaceError
from garden.faces.registry import get_face_analyzer

NO_FACE = 3
Answer = FaceReading | GardenError | OSError


class Command(BaseCommand):
    help = (
        "Analyse the face in each PHOTO and print the result. Exit code 0 when every photo was read, 3 when some show "
        "no face, 1 when some could not be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
        parser.add_argument("--json", action="store_true", help="one JSON list instead of tables")

    def handle(self, *args: Any, photos: list[Path], **options: Any) -> None:
        analyzer = get_face_analyzer()
        bar = tqdm(photos, unit="photo", disable=None if len(photos) > 1 else True)
        answers = [(path, _answer(analyzer, path)) for path in bar]
        if options["json"]:
            report = [{"photo": str(path), **_as_data(answer)} for path, answer in answers]
            self.stdout.write(json.dumps(report, indent=2, ensure_ascii=False))
        else:
            for path, answer in answers:
                self.stdout.write(f"{path}: " + "\n".join(_as_lines(answer)))
        failed = sum(not isinstance(answer, FaceReading | NoFaceError) for _, answer in answers)
        faceless = sum(isinstance(answer, NoFaceError) for _, answer in answers)
        if failed:
            raise CommandError(f"{failed} of {len(answers)} photos could not be read.")
        if faceless:
            raise CommandError(f"{faceless} of {len(answers)} photos show no face.", returncode=NO_FACE)


def _answer(analyzer: FaceAnalyzer, path: Path) -> Answer:
    """The reading, or what went wrong with this photo. An analyzer that is down ends the command."""
    try:
        return analyzer.read(path.read_bytes())
    except UnavailableError as error:
        raise CommandError(error.detail) from error
    except (GardenError, OSError) as error:
        return error


def _as_data(reading: Answer) -> dict[str, Any]:
    """JSON-ready; probabilities rounded to four places."""
    if not isinstance(reading, FaceReading):
        return {"error": str(reading)}
    return {
        "emotion": reading.emotion.value,
        "scores": {emotion.value: round(score, 4) for emotion, score in reading.scores.items()},
        "age": [reading.age_low, reading.age_high],
        "generation": reading.generation.value,
        "gender": reading.gender.value,
        "faces": reading.faces,
        "confidence": round(reading.confidence, 4),
        **{name: _attribute_as_data(getattr(reading, name)) for name in ATTRIBUTES},
        "quality": reading.quality and reading.quality.as_data(),
    }


def _attribute_as_data(attribute: Attribute) -> dict[str, Any]:
    return {"value": attribute.value, "confidence": round(attribute.confidence, 4)}


def _as_lines(reading: Answer) -> Iterator[str]:
    """The emotion, and a table of two columns, the emotions first, the strongest on top."""
    if not isinstance(reading, FaceReading):
        yield str(reading)
        return
    yield reading.emotion.value.upper()
    for emotion, score in sorted(reading.scores.items(), key=lambda pair: pair[1], reverse=True):
        yield f"  {emotion.value:<12}{score:6.1%}"
    yield f"  {'age':<12}{reading.age_low}-{reading.age_high} ({reading.generation.value})"
    yield f"  {'gender':<12}{reading.gender.value}"
    for name in ATTRIBUTES:
        attribute: Attribute = getattr(reading, name)
        yield f"  {name.replace('_', ' '):<12}{_as_words(attribute)}"
    yield f"  {'faces':<12}{reading.faces} (confidence {reading.confidence:.0%})"
    for name, value in (reading.quality.as_data() if reading.quality else {}).items():
        yield f"  {name.replace('_', ' '):<12} {value:.4g}"


def _as_words(attribute: Attribute) -> str:
    if attribute.value is None:
        return "not judged"
    return f"{'yes' if attribute.value else 'no'} ({attribute.confidence:.0%})"
