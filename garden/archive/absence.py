"""Rows whose file was gone when it should be copied."""

import tempfile
from collections.abc import Iterator

from garden.archive.rows.dumping import byte_order
from garden.models import Image

SHOWN = 100
_BATCH = 2_000


class Absence:
    """Notes the keys of all rows on disk, in order, and strikes out those whose file comes by."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # Lives as long as this.
        keys = Image.objects.order_by(byte_order("key")).values_list("key", flat=True)
        self._file.writelines(f"{key}\n" for key in keys.iterator(chunk_size=_BATCH))
        self._file.seek(0)
        self._keys = self._read()
        self._next = next(self._keys, "")
        self.keys: list[str] = []
        self.count = 0

    def strike_out(self, key: str) -> None:
        while self._next and self._next <= key:
            if self._next < key:
                self._tell()
            self._next = next(self._keys, "")

    def close(self) -> None:
        while self._next:
            self._tell()
            self._next = next(self._keys, "")
        self._file.close()

    def _tell(self) -> None:
        self.count += 1
        if len(self.keys) < SHOWN:
            self.keys.append(self._next)

    def _read(self) -> Iterator[str]:
        return (line.removesuffix("\n") for line in self._file)
