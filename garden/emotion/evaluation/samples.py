"""Labelled photographs as an analyzer reads them."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from garden.emotion.base import FaceAnalyzer, FaceReading, NoFaceError
from garden.emotion.evaluation.labels import Labelled
from garden.errors import GardenError, UnavailableError
from garden.vocabulary import Emotion


@dataclass(frozen=True, slots=True)
class Sample:
    """`reading` is None when no face was found or (`problem`) the photograph could not be read; `tone` is the skin's
    ITA in degrees, None where it cannot be measured."""

    labelled: Labelled
    reading: FaceReading | None
    milliseconds: float
    tone: float | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A photograph whose emotion is known and which was read."""

    truth: Emotion
    reading: FaceReading
    labelled: Labelled
    tone: float | None


def judged(samples: Iterable[Sample]) -> list[Judged]:
    return [
        Judged(sample.labelled.emotion, sample.reading, sample.labelled, sample.tone)
        for sample in samples
        if sample.reading and sample.labelled.emotion
    ]


Tone = Callable[[bytes], float | None]


def read_samples(analyzer: FaceAnalyzer, photographs: Iterable[Labelled], tone: Tone | None) -> Iterator[Sample]:
    """One after the other. Raises UnavailableError when the analyzer is down."""
    for labelled in photographs:
        yield _sample(analyzer, labelled, tone)


def _sample(analyzer: FaceAnalyzer, labelled: Labelled, tone: Tone | None) -> Sample:
    start = time.perf_counter()
    try:
        data = labelled.path.read_bytes()
        start = time.perf_counter()
        reading = analyzer.read(data)
    except NoFaceError:
        return Sample(labelled, None, _since(start))
    except UnavailableError:
        raise
    except (GardenError, OSError) as error:
        return Sample(labelled, None, _since(start), problem=type(error).__name__)
    return Sample(labelled, reading, _since(start), tone(data) if tone else None)


def _since(start: float) -> float:
    return (time.perf_counter() - start) * 1000
