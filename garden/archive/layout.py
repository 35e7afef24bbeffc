"""Names inside a backup.

`files/ab/abcdef…`: contents by their SHA-256, shared by all snapshots. `snapshots/TIME/files/00001.jsonl` and
`snapshots/TIME/rows/APP.MODEL/00001.jsonl`: pages of lines. `snapshots/TIME/snapshot.json` is written last: a snapshot
without it is not there.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

CONTENTS = "files"
SNAPSHOTS = "snapshots"
SEAL = "snapshot.json"
FILES = "files"
is_time = re.compile(r"\d{8}T\d{6}Z\d{6}").fullmatch
is_hash = re.compile(r"[0-9a-f]{64}").fullmatch


def content_name(sha256: str) -> str:
    return f"{CONTENTS}/{sha256[:2]}/{sha256}"


def page_name(time: str, document: str, number: int) -> str:
    return f"{SNAPSHOTS}/{time}/{document}/{number:06d}.jsonl"


def seal_name(time: str) -> str:
    return f"{SNAPSHOTS}/{time}/{SEAL}"


def sealed_in(folder: str, names: Iterable[str], seal: str) -> dict[str, bool]:
    """Folders right in `folder` that hold any of these files, and whether the file `seal` is right in each."""
    found: dict[str, bool] = {}
    for name in names:
        inner, _, rest = name.removeprefix(f"{folder}/").partition("/")
        if rest:
            found[inner] = found.get(inner, False) or rest == seal
    return found


def rows_document(model: str) -> str:
    return f"rows/{model}"


def new_time() -> str:
    """Of now, to the microsecond: names of snapshots sort by age."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ%f")


def age_of(time: str) -> float:
    """Seconds since that snapshot began."""
    began = datetime.strptime(time, "%Y%m%dT%H%M%SZ%f").replace(tzinfo=UTC)
    return (datetime.now(UTC) - began).total_seconds()
