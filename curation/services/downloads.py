"""Pictures in one ZIP file, written while it is sent."""

import io
import zipfile
from collections.abc import Iterator, Sequence

from django.core.files.storage import default_storage


class _Buffer(io.RawIOBase):
    """What was written since it was last taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def zip_of(keys: Sequence[str]) -> Iterator[bytes]:
    """The bytes of an archive with the files of these keys, one after the other; missing ones are left out.

    Nothing is compressed again, and no more than one picture is in memory.
    """
    buffer = _Buffer()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for key in keys:
            try:
                with default_storage.open(key) as file:
                    archive.writestr(zipfile.ZipInfo(key), file.read())
            except FileNotFoundError:
                continue
            yield buffer.take()
    yield buffer.take()
