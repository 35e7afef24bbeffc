"""Rows without their file and files without their row: what came and went while files were copied."""

import tempfile

from garden.archive.ahead import Ahead
from garden.archive.parallel import batches_of
from garden.archive.rows.dumping import byte_order
from garden.models import Image

SHOWN = 100
_BATCH = 2_000
_AT_ONCE = 500


class Absence:
    """Notes the keys of all rows on disk, in order, and strikes out those whose file comes by.

    `count` rows stand without their file, `keys` are the first of them; `removed` of the rows are there no more.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # Lives as long as this.
        keys = Image.objects.order_by(byte_order("key")).values_list("key", flat=True)
        for batch in batches_of(keys.iterator(chunk_size=_BATCH), _BATCH):
            self._file.write("\n".join([*batch, ""]))
        self._file.seek(0)
        self._keys = Ahead(line.removesuffix("\n") for line in self._file)
        self._untold: list[str] = []
        self.keys: list[str] = []
        self.count = 0
        self.removed = 0

    def strike_out(self, keys: list[str]) -> list[str]:
        """Those of them, in order, that no row speaks of."""
        if self._keys.look(len(keys)) == keys:
            self._keys.drop(len(keys))
            return []
        return [key for key in keys if not self._strike_out(key)]

    def close(self) -> None:
        while key := self._keys.first():
            self._tell(key)
        self._count_removed()
        self._file.close()

    def _strike_out(self, key: str) -> bool:
        while (first := self._keys.first()) and first < key:
            self._tell(first)
        if first != key:
            return False
        self._keys.drop()
        return True

    def _tell(self, key: str) -> None:
        self.count += 1
        if len(self.keys) < SHOWN:
            self.keys.append(key)
        self._untold.append(key)
        if len(self._untold) == _AT_ONCE:
            self._count_removed()
        self._keys.drop()

    def _count_removed(self) -> None:
        if self._untold:
            self.removed += len(self._untold) - Image.objects.filter(key__in=self._untold).count()
            self._untold.clear()
