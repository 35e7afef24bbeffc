"""Why a face is not read. In each case nothing was read, or nothing of it was kept."""

from typing import ClassVar

from garden.errors import GardenError


class NotReadError(GardenError):
    status: ClassVar[int] = 403


class FaceReadingOffError(NotReadError):
    """The site, or the place where this kiosk stands, reads no faces."""

    code = "face_reading_off"


class PhotoUnwantedError(NotReadError):
    """The kiosk is set to read faces itself: a photo from it would break what its visitors were told."""

    code = "photo_unwanted"


class ReadingUnwantedError(NotReadError):
    """The kiosk is not set to read faces itself: its photos are read here."""

    code = "reading_unwanted"


class ConsentRequiredError(NotReadError):
    """`notice` and `statements` say what is to be agreed to at `/consent` first."""

    code = "consent_required"


class ConsentRefusedError(GardenError):
    """What was sent is not what the notice asks for."""

    code = "consent_incomplete"
    status = 400


class TooYoungError(NotReadError):
    """The estimate is below the age at which this place reads faces."""

    code = "too_young"
