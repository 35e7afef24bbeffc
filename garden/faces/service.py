"""A visitor's face: access rules, processing log, analysis and the visitor's row. The photo is not stored."""

import logging
import uuid
from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from garden.errors import GardenError
from garden.faces.base import AnalyzerUnavailableError, FaceReading, NoFaceError
from garden.faces.frames import smoothed
from garden.faces.pool import AnalyzerHangsError, ReadingPool
from garden.faces.quality import Fault, Limits, faults
from garden.faces.registry import get_face_analyzer
from garden.faces.selection import Several
from garden.models import Consent, Kiosk, Visitor
from garden.ops.metrics import FAULTS, READING_SECONDS, READINGS
from garden.privacy.consent import Policy, TooYoungError
from garden.privacy.processing_log import note_dropped, note_given_up, note_on_device, note_received
from garden.vocabulary import Reader
from garden.walls.audience import note_mood
from garden.walls.service import zone_for

logger = logging.getLogger(__name__)
reading_pool = ReadingPool(deadline=settings.FACE_READING_SECONDS)
READ = "read"
HANGS = "analyzer_hangs"
OFF, ALWAYS = "off", "always"
"""Of FACE_QUALITY_CHECK; otherwise only clients that can send another photo get `better_look`."""
_FAULT_NAMES = {
    Fault.SEVERAL: "several faces",
    Fault.SMALL: "too small",
    Fault.DARK: "too dark",
    Fault.BRIGHT: "too bright",
    Fault.BLURRED: "blurred",
    Fault.TILTED: "not upright",
    Fault.TURNED: "turned away",
    Fault.COVERED: "partly covered",
    Fault.PICTURE: "a drawing or picture",
}


class BetterLookError(GardenError):
    """A face is there, but not seen well enough. Only for clients that can look again."""

    code = "better_look"
    status = 422

    def __init__(self, reading: FaceReading, found: tuple[Fault, ...]) -> None:
        super().__init__(
            f"The face cannot be seen well enough to read it: {', '.join(_FAULT_NAMES[fault] for fault in found)}.",
            faults=[fault.value for fault in found],
            quality=reading.quality and reading.quality.as_data(),
        )


class UnclearFaceError(NoFaceError):
    """The same for a client without `X-Look-Again`, where the check applies to all: `No Face`."""

    code = "unclear_face"


def analyze_visitor(
    *, photo: bytes, visitor_id: str = "", kiosk: Kiosk | None = None, consent: str = "", looks_again: bool = False
) -> tuple[Visitor, FaceReading]:
    """Read the photo and remember what was read, never the photo. The caller must not hold the photo itself.

    Who `looks_again` is refused what the quality check refuses. Raises what the rules of privacy say (403), the
    check's errors and the analyzer's; then nothing is stored.
    """
    policy = Policy.at(kiosk)
    policy.refuse_photo()
    agreed = policy.admit(consent)
    receipt = note_received(kiosk=kiosk, policy=policy, consent=agreed)
    result = _read(photo, policy, agreed, looks_again)
    analysed_at = timezone.now()
    del photo  # No reference to its bytes remains, except in an analyzer that hangs.
    if isinstance(result, AnalyzerHangsError):
        note_given_up(receipt, at=analysed_at, outcome=HANGS)
    else:
        outcome = result.code if isinstance(result, GardenError) else READ
        note_dropped(receipt, analysed_at=analysed_at, outcome=outcome)
    if isinstance(result, GardenError):
        raise result
    return _remember(result, visitor_id, kiosk), result


def take_reading(
    *, reading: FaceReading, reader: str, visitor_id: str = "", kiosk: Kiosk | None, consent: str = ""
) -> Visitor:
    """Remember what a kiosk read in its own page, under the same rules; `reader` is its program."""
    policy = Policy.at(kiosk)
    try:
        policy.refuse_own_reading()
        agreed = policy.admit(consent)
        try:
            policy.refuse_young(reading, agreed)
        except TooYoungError as error:
            note_on_device(kiosk=kiosk, policy=policy, consent=agreed, reader=reader, outcome=error.code)
            raise
        note_on_device(kiosk=kiosk, policy=policy, consent=agreed, reader=reader, outcome=READ)
    except GardenError as error:
        READINGS.labels(error.code, Reader.IN_BROWSER.value).inc()
        raise
    READINGS.labels(reading.emotion.value, Reader.IN_BROWSER.value).inc()
    return _remember(reading, visitor_id, kiosk)


def _read(photo: bytes, policy: Policy, consent: Consent | None, looks_again: bool) -> FaceReading | GardenError:
    """Raises nothing: the frames of a traceback would hold the photo."""
    try:
        with READING_SECONDS.time():
            analyzer = get_face_analyzer()
            reading = reading_pool.read(smoothed(analyzer.read, quality_limits(), analyzer.most_frames), photo)
            refuse_unclear(reading, looks_again=looks_again)
    except GardenError as error:
        READINGS.labels(error.code, Reader.SERVER.value).inc()
        error.__cause__ = error.__context__ = None
        return error.with_traceback(None)
    except Exception as error:  # In every case the photo is dropped and the log says so.
        logger.error("Reading a face failed with %s.", type(error).__name__)
        return AnalyzerUnavailableError("The face analyzer is unavailable.")
    READINGS.labels(reading.emotion.value, Reader.SERVER.value).inc()
    try:
        policy.refuse_young(reading, consent)
    except TooYoungError as error:
        return error.with_traceback(None)
    return reading


def quality_limits() -> Limits:
    """The analyzer's own limits with those of the settings."""
    beside = 0 if settings.FACE_SEVERAL == Several.REFUSE else None
    return replace(get_face_analyzer().standards, most_beside=beside, **settings.FACE_QUALITY_LIMITS)


def faults_of(reading: FaceReading) -> tuple[Fault, ...]:
    """What a better look would mend; nothing where the check is off."""
    return () if settings.FACE_QUALITY_CHECK == OFF else faults(reading.quality, quality_limits())


def refuse_unclear(reading: FaceReading, *, looks_again: bool) -> None:
    """Raises BetterLookError or UnclearFaceError for a reading that may not be used."""
    found = faults_of(reading)
    for fault in found:
        FAULTS.labels(fault.value).inc()
    if found and looks_again:
        raise BetterLookError(reading, found)
    if found and settings.FACE_QUALITY_CHECK == ALWAYS:
        raise UnclearFaceError


def _remember(reading: FaceReading, visitor_id: str, kiosk: Kiosk | None) -> Visitor:
    visitor = Visitor.objects.remember(visitor_id or str(uuid.uuid4()), reading)
    note_mood(zone_for(kiosk), visitor.id, reading.emotion.value)
    return visitor
