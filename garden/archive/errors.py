"""What stops a backup or a restore, in words."""

from garden.errors import GardenError, RefusedError


class ArchiveError(GardenError):
    """A backup cannot be written or read; nothing was lost, and the command can be run again."""

    code = "archive"


class DamagedError(ArchiveError):
    """What lies in the backup is not what was put there; `extra["damaged"]` lists what."""

    code = "archive_damaged"


class RefusedArchiveError(RefusedError):
    """The backup does not fit here, or the site holds what it would overwrite; `extra` tells what."""

    code = "archive_refused"
