"""Why a request of a curator is refused: each with a code for programs and the pictures or names it is about."""

from garden.errors import RefusedError

NAMED = 20
"""So many keys are named in an error; of the others their number."""


class EmotionMissingError(RefusedError):
    """Pictures without an emotion cannot be published."""

    code = "emotion_missing"


class NotPublishedError(RefusedError):
    """Only what visitors may see hangs on walls."""

    code = "not_published"


class NothingReplacedError(RefusedError):
    """There is no picture whose place a new one could take."""

    code = "nothing_replaced"


class ImageKeyTakenError(RefusedError):
    """Another picture is published under this key."""

    code = "key_taken"
    status = 409


class ImageFileMissingError(RefusedError):
    """A picture's row has no file to copy."""

    code = "file_missing"
    status = 409


class OperationConflictError(RefusedError):
    """This id belongs to another operation, or the operation cannot be undone."""

    code = "act_conflict"
    status = 409


class UnknownReleaseError(RefusedError):
    """The garden has no such release, or it cannot be returned to."""

    code = "unknown_release"
    status = 404


class ScheduleError(RefusedError):
    """This cannot wait, or waits no more."""

    code = "schedule"


class TooManyImagesError(RefusedError):
    """More than one operation can hold."""

    code = "too_many_pictures"


class NotAllowedError(RefusedError):
    """The curator lacks the permission that is `needed`."""

    code = "permission_denied"
    status = 403


class OperationFailedError(RefusedError):
    """The operation was begun and failed; nothing was moved."""

    code = "act_failed"
    status = 409


def name_keys(keys: list[str]) -> str:
    """`a, b and 3 more`, for a sentence."""
    named = ", ".join(keys[:NAMED])
    return f"{named} and {len(keys) - NAMED} more" if len(keys) > NAMED else named
