"""A backup in a folder, of a disk or of a bucket: it grows by what changed."""

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import IO

from garden.archive.layout import SEAL, SNAPSHOTS, content_name
from garden.archive.places import Place
from garden.archive.stores.base import Kept, Store


class Vault(Store):
    def __init__(self, place: Place) -> None:
        self.place = place

    def __str__(self) -> str:
        return str(self.place)

    def writing(self) -> AbstractContextManager[None]:
        return self.place.alone()

    def keep(self, source: IO[bytes], *, resume: bool = False) -> Kept:
        content = self.place.receive(source, content_name, resume=resume)
        return Kept(content.sha256, content.size)

    def open_kept(self, kept: Kept) -> IO[bytes]:
        return self.place.open(content_name(kept.sha256))

    def write(self, name: str, data: bytes) -> None:
        self.place.receive(io.BytesIO(data), lambda _: name)

    def read(self, name: str) -> bytes:
        with self.place.open(name) as file:
            return file.read()

    def documents(self) -> Iterator[str]:
        return (seen.key for seen in self.place.walk(SNAPSHOTS))

    def snapshots(self) -> dict[str, bool]:
        return self.place.sealed(SNAPSHOTS, SEAL)

    def settle(self) -> None:
        self.place.settle()
