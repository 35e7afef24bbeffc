"""Reading faces: is what it takes there, is a face found in a picture that has one, and what it costs."""

import time
from collections.abc import Iterator

from garden.doctor.base import Finding, failed, question, warning, well
from garden.doctor.sketch import sketched_face
from garden.emotion.base import FaceAnalyzer, NoFaceError
from garden.emotion.bill import Bill
from garden.emotion.registry import get_face_analyzer
from garden.emotion.rekognition import RekognitionAnalyzer
from garden.errors import GardenError
from garden.models import SentPhotos

NEARLY = 0.8
"""The share of a day's budget from which on it is told."""


@question("faces")
def ask_faces() -> Iterator[Finding]:
    """By a drawing: nobody's photo is needed to know that reading works."""
    analyzer = get_face_analyzer()
    name = type(analyzer).__name__
    started = time.perf_counter()
    try:
        analyzer.check()
        analyzer.read(sketched_face())
    except NoFaceError:
        yield _nobody(analyzer)
    except GardenError as error:
        yield failed("faces", error.detail, analyzer.advice)
    else:
        milliseconds = 1000 * (time.perf_counter() - started)
        yield well("faces", f"{name} reads a drawn face in {milliseconds:.0f} ms.")


def _nobody(analyzer: FaceAnalyzer) -> Finding:
    """The local networks are known to find the drawing; of a service it is enough that it answers."""
    if analyzer.recipient:
        return well("faces", f"{analyzer.recipient} answers; it takes a drawn face for none.")
    return failed("faces", "No face was found in a drawing of one.", analyzer.advice)


@question("face costs")
def ask_face_costs() -> Iterator[Finding]:
    """Only where a face costs something."""
    analyzer = get_face_analyzer()
    if isinstance(analyzer, RekognitionAnalyzer):
        yield _costs(analyzer.bill)


def _costs(bill: Bill) -> Finding:
    today, month = SentPhotos.objects.today(bill.service), SentPhotos.objects.this_month(bill.service)
    words = f"{today:,} photos today, ${bill.dollars(today):,.2f}; this month {month:,}, ${bill.dollars(month):,.2f}."
    if bill.most is None:
        return well("face costs", f"{words} No budget bounds it.")
    words = f"{words} A day may cost ${bill.daily_budget:,.2f}."
    advice = "REKOGNITION_DAILY_BUDGET says how much; beyond it visitors choose their mood themselves."
    if today >= bill.most:
        return failed("face costs", f"{words} It is spent: no face is read until midnight.", advice)
    if today >= NEARLY * bill.most:
        return warning("face costs", words, advice)
    return well("face costs", words)
