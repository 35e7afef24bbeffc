"""Reading a whole backup again, every page and every file against its SHA-256; and removing old snapshots."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from garden.backup.files import SHOWN, in_parallel
from garden.backup.repository import DAY, BackupError, DamagedError, Folder, Place, RefusedBackupError
from garden.backup.snapshot import (
    FILES,
    PAGES,
    UNFINISHED,
    Entry,
    Snapshot,
    content_key,
    list_snapshots,
    read_content,
    read_entries,
    read_lines,
    read_snapshot,
    snapshot_key,
)
from garden.storage.outages import is_outage


@dataclass(slots=True)
class Verification:
    """Of all snapshots: how many files and rows were checked, and what is damaged (the first hundred)."""

    snapshots: list[str]
    files: int = 0
    rows: int = 0
    damaged: list[dict[str, str]] = field(default_factory=list)


def verify_backup(*, backup: Place, workers: int = 8, tick: Callable[[], object] = lambda: None) -> Verification:
    """Goes on after what is damaged; files and pages that several snapshots share are read once."""
    verification = Verification(list_snapshots(backup))
    seen: set[bytes] = set()
    for time in verification.snapshots:
        try:
            snapshot = read_snapshot(backup, time)
            for document in snapshot.rows.values():
                verification.rows += sum(1 for _ in read_lines(backup, document.pages))
            new = _unseen(read_entries(backup, snapshot), seen)
            for entry, problem in in_parallel(lambda entry: (entry, file_problem(backup, entry)), new, workers):
                tick()
                verification.files += 1
                if problem:
                    damage = {"key": content_key(FILES, entry.sha256), "problem": f"{problem} ({entry.key})"}
                    verification.damaged.append(damage)
        except DamagedError as error:
            verification.damaged.append({"key": f"snapshot {time}", "problem": error.detail})
    del verification.damaged[SHOWN:]
    return verification


def file_problem(backup: Place, entry: Entry) -> str:
    """What is wrong with a file of a backup; empty when it is whole."""
    try:
        read_content(backup, FILES, entry.sha256)
    except DamagedError as error:
        return str(error.extra["damaged"][0]["problem"])
    except (OSError, BackupError) as error:
        if is_outage(error):
            raise
        return f"cannot be read: {error}"
    return ""


def _unseen(entries: Iterator[Entry], seen: set[bytes]) -> Iterator[Entry]:
    for entry in entries:
        sha256 = bytes.fromhex(entry.sha256)
        if sha256 not in seen:
            seen.add(sha256)
            yield entry


@dataclass(frozen=True, slots=True)
class Pruning:
    """`removed` are times of snapshots; `contents` and `bytes` what was freed."""

    kept: list[str]
    removed: list[str]
    contents: int
    bytes: int


def prune_backup(*, backup: Place, keep: int, dry: bool = False) -> Pruning:
    """Keep the newest `keep` snapshots, then what they name. It can be killed anywhere: what remains is whole.

    Nobody else may write to a bucket meanwhile, so contents younger than a day stay there; a folder is locked.
    """
    if not backup.incremental:
        raise RefusedBackupError(f"{backup} is one snapshot.")
    with backup.exclusive():
        times = list_snapshots(backup)
        kept = times[-keep:]
        named = {name for time in kept for name in _contents_of(backup, read_snapshot(backup, time))}
        removed = times[: len(times) - len(kept)]
        youngest = 0.0 if isinstance(backup, Folder) else DAY
        stored = (stored for folder in (FILES, PAGES) for stored in backup.walk(folder))
        freed = [(each.key, each.size) for each in stored if each.age >= youngest and each.key not in named]
        if not dry:
            for key in (UNFINISHED, *map(snapshot_key, removed), *(key for key, _ in freed)):
                backup.delete(key)
    return Pruning(kept, removed, len(freed), sum(size for _, size in freed))


def _contents_of(backup: Place, snapshot: Snapshot) -> Iterator[str]:
    for document in (snapshot.files, *snapshot.rows.values()):
        yield from (content_key(PAGES, page) for page in document.pages)
    yield from (content_key(FILES, entry.sha256) for entry in read_entries(backup, snapshot))
