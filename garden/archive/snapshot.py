"""What a snapshot says of itself; its seal is the SHA-256 of the rest."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from garden.archive.errors import DamagedError, RefusedArchiveError
from garden.archive.hashing import hash_of
from garden.archive.layout import is_time, seal_name
from garden.archive.pages import Document
from garden.archive.stores import Store

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`migrations`: the newest of each app; `left_out`: what was left out by choice; `bytes` of all files."""

    time: str
    migrations: dict[str, list[str]]
    left_out: list[str]
    files: Document
    bytes: int
    rows: dict[str, Document] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    """Keys of rows whose file was gone when it should be copied; the first hundred."""

    def write(self, store: Store) -> None:
        told = {
            **asdict(self),
            "format": FORMAT,
            "files": self.files.as_json(),
            "rows": {model: document.as_json() for model, document in self.rows.items()},
        }
        store.write(seal_name(self.time), _encode({**told, "seal": hash_of(_encode(told))}))


def read_snapshot(store: Store, time: str) -> Snapshot:
    """Raises DamagedError or RefusedArchiveError."""
    try:
        told = json.loads(store.read(seal_name(time)))
        seal = told.pop("seal")
        if told["format"] != FORMAT:
            raise RefusedArchiveError(f"Snapshot {time} has format {told['format']}; this program reads {FORMAT}.")
        if seal != hash_of(_encode(told)) or told["time"] != time:
            raise ValueError("its seal does not fit")
        return _snapshot(told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        name = seal_name(time)
        raise DamagedError(f"{name} is damaged: {error}.", damaged=[{"key": name, "problem": str(error)}]) from error


def list_snapshots(store: Store) -> tuple[list[str], list[str]]:
    """Times of the snapshots that are whole, and of those begun and not finished; the oldest first."""
    found = {time: sealed for time, sealed in store.snapshots().items() if is_time(time)}
    return sorted(time for time in found if found[time]), sorted(time for time in found if not found[time])


def choose_snapshot(store: Store, time: str = "") -> Snapshot:
    """The snapshot whose time begins so; the newest one without it. Raises RefusedArchiveError."""
    whole, begun = list_snapshots(store)
    fitting = [each for each in whole if each.startswith(time)]
    if not fitting or (time and len(fitting) > 1):
        unfinished = f" {len(begun)} were begun and not finished." if begun else ""
        raise RefusedArchiveError(
            f"{store} holds {'several snapshots' if fitting else 'no whole snapshot'} {time}.{unfinished}".replace(
                " .", "."
            ),
            snapshots=whole,
        )
    return read_snapshot(store, fitting[-1])


def _snapshot(told: dict[str, Any]) -> Snapshot:
    return Snapshot(
        time=told["time"],
        migrations={str(app): list(names) for app, names in told["migrations"].items()},
        left_out=list(told["left_out"]),
        files=Document.of_json(told["files"]),
        bytes=int(told["bytes"]),
        rows={str(model): Document.of_json(document) for model, document in told["rows"].items()},
        absent=list(told["absent"]),
    )


def _encode(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()
