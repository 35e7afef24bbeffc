"""One root error; every error that reaches a client is a branch of it."""

from typing import Any, ClassVar


class GardenError(Exception):
    """An expected failure: a machine-readable code, an HTTP status, a sentence, and fields that help."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    retry_after: ClassVar[int | None] = None
    """Seconds, where the same request may succeed later."""

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class UnavailableError(GardenError):
    """Something we depend on is down: the same request may succeed later."""

    code = "unavailable"
    status = 503
    retry_after: ClassVar[int] = 5


class DatabaseUnavailableError(UnavailableError):
    """The database does not answer, or not in time."""

    code = "database_unavailable"


class StorageUnavailableError(UnavailableError):
    """Files cannot be kept now: no room, no network, no permission."""

    code = "storage_unavailable"


class RefusedError(GardenError):
    """The request is understood and will never succeed as it is."""

    code = "refused"
    status = 400


class MisconfiguredError(GardenError):
    """The settings ask for something that does not exist or does not fit together."""

    code = "misconfigured"
    status = 500
