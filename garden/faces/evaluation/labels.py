"""Labelled photographs, and how an analyzer reads them.

They are a CSV, or a folder with one, or a folder of folders named after their labels.
"""

import csv
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from garden.errors import GardenError, UnavailableError
from garden.faces.base import ATTRIBUTES, FaceAnalyzer, FaceReading, NoFaceError
from garden.vocabulary import Emotion, Gender, Generation

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}

WORDS: dict[str, Emotion] = {
    "happy": Emotion.HAPPY,
    "happiness": Emotion.HAPPY,
    "joy": Emotion.HAPPY,
    "surprise": Emotion.SURPRISED,
    "surprised": Emotion.SURPRISED,
    "neutral": Emotion.CALM,
    "calm": Emotion.CALM,
    "anger": Emotion.ANGRY,
    "angry": Emotion.ANGRY,
    "fear": Emotion.FEAR,
    "fearful": Emotion.FEAR,
    "confused": Emotion.CONFUSED,
    "confusion": Emotion.CONFUSED,
    "disgust": Emotion.DISGUSTED,
    "disgusted": Emotion.DISGUSTED,
    "sad": Emotion.SAD,
    "sadness": Emotion.SAD,
}
"""What seven- and eight-class collections call the eight words. Contempt is none of them: it is not confusion."""

_GENDERS = {"male": Gender.MALE, "m": Gender.MALE, "female": Gender.FEMALE, "f": Gender.FEMALE}
_YES_NO = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class LabelsError(GardenError):
    """The labels cannot be read."""

    code = "labels"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A photograph and what people say of it; None, or an attribute left out, where they say nothing.

    `person` keeps a person's photographs together; `label` is the collection's own word for the emotion; `source` says
    where the photograph is from, as `press` or `film`. `likely`: it was labelled because it seemed to show something
    that is worn, and says nothing of how often a yes is right.
    """

    path: Path
    person: str
    label: str
    emotion: Emotion | None
    gender: Gender | None
    age: float | None
    attributes: Mapping[str, bool]
    source: str | None = None
    likely: bool = False

    @property
    def age_band(self) -> Generation | None:
        return None if self.age is None else Generation.of_age_range(self.age, self.age)


@dataclass(frozen=True, slots=True)
class LabelledSample:
    """A photograph as an analyzer read it: `reading` is None when no face was found or (`problem`) it could not be
    read."""

    labelled: Labelled
    reading: FaceReading | None
    milliseconds: float
    problem: str = ""


def read_labels(place: Path, also: Iterable[Path] = ()) -> list[Labelled]:
    """`also` are CSVs with more columns, matched by `file`, or by `person` where they have no `file`.

    Columns: file, person, label (or emotion), gender, age (or born and taken, in years), source, chosen
    (`likely`, or another word), and any attribute (0 or 1).
    Raises LabelsError.
    """
    try:
        rows, folder = _rows(place)
        for more in also:
            rows = _joined(rows, _table(more))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LabelsError(f"The labels cannot be read: {error}") from error
    if not rows:
        raise LabelsError(f"{place} labels no photograph.")
    return [_labelled(folder, row) for row in rows]


def _rows(place: Path) -> tuple[list[dict[str, str]], Path]:
    if place.is_file():
        return _table(place), place.parent
    if (place / "labels.csv").is_file():
        return _table(place / "labels.csv"), place
    paths = sorted(path for path in place.glob("*/*") if path.suffix.lower() in SUFFIXES)
    return [{"file": str(path.relative_to(place)), "label": path.parent.name} for path in paths], place


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    if rows and not {"file", "person"} & set(rows[0]):
        raise LabelsError(f"{path} has no column `file`.")
    return [{key: (value or "").strip() for key, value in row.items() if key} for row in rows]


def _joined(rows: list[dict[str, str]], more: list[dict[str, str]]) -> list[dict[str, str]]:
    key = "file" if more and "file" in more[0] else "person"
    found = {row[key]: row for row in more}
    return [{**found.get(row.get(key, ""), {}), **row} for row in rows]


def _labelled(folder: Path, row: Mapping[str, str]) -> Labelled:
    if not row.get("file"):
        raise LabelsError("A row has no `file`.")
    label = (row.get("label") or row.get("emotion") or "").lower()
    return Labelled(
        path=folder / row["file"],
        person=row.get("person") or row["file"],
        label=label,
        emotion=WORDS.get(label),
        gender=_GENDERS.get(row.get("gender", "").lower()),
        age=_age(row),
        attributes={name: _YES_NO[row[name].lower()] for name in ATTRIBUTES if row.get(name, "").lower() in _YES_NO},
        source=row.get("source") or None,
        likely=row.get("chosen") == "likely",
    )


def _age(row: Mapping[str, str]) -> float | None:
    """In years, or from the years of birth and of the photograph."""
    try:
        if row.get("age"):
            return float(row["age"])
        if row.get("born") and row.get("taken"):
            return float(row["taken"]) - float(row["born"])
    except ValueError as error:
        raise LabelsError(f"{row['file']}: an age or a year is no number.") from error
    return None


def read_samples(analyzer: FaceAnalyzer, photographs: Iterable[Labelled]) -> Iterator[LabelledSample]:
    """One after the other. Raises UnavailableError when the analyzer is down."""
    for labelled in photographs:
        start, reading, problem = time.perf_counter(), None, ""
        try:
            reading = analyzer.read(labelled.path.read_bytes())
        except NoFaceError:
            pass
        except UnavailableError:
            raise
        except (GardenError, OSError) as error:
            problem = type(error).__name__
        yield LabelledSample(labelled, reading, (time.perf_counter() - start) * 1000, problem)
