"""What every place for pictures tells of a file."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as a listing shows it: `size` in bytes; `tag` changes with the content where the place knows (ETag)."""

    key: str
    size: int
    modified: datetime
    tag: str = ""
