"""Why nothing was hung."""

from garden.errors import GardenError, RefusedError


class UnknownZoneError(GardenError):
    """No zone has this name."""

    code = "unknown_zone"
    status = 404


class UnknownPictureError(GardenError):
    """No picture of the garden has this key."""

    code = "unknown_image"
    status = 404


class NoWallError(GardenError):
    """The kiosk stands in no zone."""

    code = "no_wall"
    status = 409


class TooManyPicturesError(RefusedError):
    """More pictures of one orientation than a zone has slots."""

    code = "too_many_pictures"
