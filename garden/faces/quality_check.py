"""The quality check: a face that cannot be seen well enough is asked for a better look, not guessed at."""

from dataclasses import replace

from django.conf import settings

from garden.errors import GardenError
from garden.faces.base import FaceReading, NoFaceError, Several
from garden.faces.quality import Fault, Limits, faults
from garden.faces.registry import get_face_analyzer
from garden.ops.metrics import FAULTS

OFF, ASK, ALWAYS = "off", "ask", "always"


_SAID = {
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
    """A face is there, but not seen well enough. Only told to clients that said they can look again."""

    code = "better_look"
    status = 422

    def __init__(self, reading: FaceReading, found: tuple[Fault, ...]) -> None:
        said = ", ".join(_SAID[fault] for fault in found)
        detail = f"The face cannot be seen well enough to read it: {said}."
        super().__init__(
            detail, faults=[fault.value for fault in found], quality=reading.quality and reading.quality.as_data()
        )


class UnclearFaceError(NoFaceError):
    """The same for a client that knows nothing of better looks, where the check is for all: `No Face`."""

    code = "unclear_face"


def quality_limits() -> Limits:
    """The analyzer's own limits with those of the settings."""
    beside = 0 if settings.FACE_SEVERAL == Several.REFUSE else None
    return replace(get_face_analyzer().standards, most_beside=beside, **settings.FACE_QUALITY_LIMITS)


def faults_of(reading: FaceReading) -> tuple[Fault, ...]:
    """What a better look would mend; nothing where the check is off."""
    return () if settings.FACE_QUALITY_CHECK == OFF else faults(reading.quality, quality_limits())


def let_through(reading: FaceReading, *, looks_again: bool) -> FaceReading:
    """The reading, if it may be used. Raises BetterLookError or UnclearFaceError."""
    found = faults_of(reading)
    for fault in found:
        FAULTS.labels(fault.value).inc()
    if found and looks_again:
        raise BetterLookError(reading, found)
    if found and settings.FACE_QUALITY_CHECK == ALWAYS:
        raise UnclearFaceError
    return reading
