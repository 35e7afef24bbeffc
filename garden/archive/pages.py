"""Documents of many lines, in pages: each is written whole, and known by its SHA-256."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any

from garden.archive.errors import DamagedError
from garden.archive.hashing import hash_of
from garden.archive.layout import is_hash, page_name
from garden.archive.stores import Store

LINES = 1_000
SECONDS = 2.0
"""After so long an unfinished page is written too, and again when it is full: a killed backup resumes from it."""


@dataclass(frozen=True, slots=True)
class Document:
    """`sha256` is of all its lines, `pages` the SHA-256 of each page."""

    lines: int
    sha256: str
    pages: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {"lines": self.lines, "sha256": self.sha256, "pages": list(self.pages)}

    @classmethod
    def of_json(cls, told: dict[str, Any]) -> "Document":
        pages = tuple(map(str, told["pages"]))
        if not all(map(is_hash, (told["sha256"], *pages))):
            raise ValueError("not a SHA-256")
        return cls(int(told["lines"]), str(told["sha256"]), pages)


class DocumentWriter:
    """Lines in, pages out."""

    def __init__(self, store: Store | None, time: str, name: str) -> None:
        """Without a store nothing is written, only told."""
        self._store, self._time, self._name = store, time, name
        self._lines: list[str] = []
        self._pages: list[str] = []
        self._count = 0
        self._digest = hashlib.sha256()
        self._written = monotonic()

    def add(self, lines: list[str]) -> None:
        self._lines += lines
        while len(self._lines) >= LINES:
            self._write_page()
        if self._lines and self._store is not None and self._store.grows and monotonic() > self._written + SECONDS:
            self._write(len(self._pages) + 1, _page(self._lines))

    def close(self) -> Document:
        if self._lines:
            self._write_page()
        return Document(self._count, self._digest.hexdigest(), tuple(self._pages))

    def _write_page(self) -> None:
        lines = self._lines[:LINES]
        del self._lines[:LINES]
        data = _page(lines)
        self._count += len(lines)
        self._digest.update(data)
        self._pages.append(hash_of(data))
        self._write(len(self._pages), data)

    def _write(self, number: int, data: bytes) -> None:
        if self._store is not None:
            self._store.write(page_name(self._time, self._name, number), data)
            self._written = monotonic()


def _page(lines: list[str]) -> bytes:
    return "\n".join([*lines, ""]).encode()


def read_lines(store: Store, time: str, name: str, document: Document) -> Iterator[str]:
    """The lines of a document, each page checked before any of its lines. Raises DamagedError."""
    for number, sha256 in enumerate(document.pages, start=1):
        page = page_name(time, name, number)
        try:
            data = store.read(page)
        except FileNotFoundError:
            data = b""
        if hash_of(data) != sha256:
            problem = "changed since it was backed up" if data else "missing"
            raise DamagedError(f"{page} is {problem}.", damaged=[{"key": page, "problem": problem}])
        yield from data.decode().split("\n")[:-1]
