"""How often something came before, counted on disk: memory does not grow with what is counted."""

import sqlite3
import tempfile
from collections.abc import Sequence
from hashlib import blake2b
from types import TracebackType
from typing import Self


class Occurrences:
    """A context; its temporary file goes with it."""

    def __enter__(self) -> Self:
        self._file = tempfile.NamedTemporaryFile(suffix=".sqlite3")
        self._counts = sqlite3.connect(self._file.name, isolation_level=None)
        self._counts.execute("PRAGMA journal_mode=OFF")
        self._counts.execute("PRAGMA synchronous=OFF")
        self._counts.execute("CREATE TABLE counts (thing BLOB PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._counts.close()
        self._file.close()

    def count(self, things: Sequence[object]) -> list[int]:
        """Of each thing, which one of its kind it is, from 1."""
        upsert = "INSERT INTO counts VALUES (?, 1) ON CONFLICT (thing) DO UPDATE SET count = count + 1 RETURNING count"
        self._counts.execute("BEGIN")
        found = [self._counts.execute(upsert, (_digest(thing),)).fetchone()[0] for thing in things]
        self._counts.execute("COMMIT")
        return found


def _digest(thing: object) -> bytes:
    return blake2b(repr(thing).encode(), digest_size=16).digest()
