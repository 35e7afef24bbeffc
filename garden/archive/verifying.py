"""Reading a whole backup again: every page and every content against its SHA-256."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from garden.archive.errors import ArchiveError, DamagedError
from garden.archive.hashing import content_of
from garden.archive.layout import FILES, content_name, rows_document
from garden.archive.manifest import Entry, entries_of
from garden.archive.pages import read_lines
from garden.archive.parallel import in_parallel
from garden.archive.snapshot import Snapshot, list_snapshots, read_snapshot
from garden.archive.stores import Store
from garden.storage.outages import is_outage

SHOWN = 100
Tick = Callable[[], object]


@dataclass(slots=True)
class Verification:
    """Of all snapshots: how many files and rows were checked, and what is damaged (the first hundred)."""

    snapshots: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    files: int = 0
    rows: int = 0
    damaged: list[dict[str, str]] = field(default_factory=list)

    def tell(self, key: str, problem: str) -> None:
        if len(self.damaged) < SHOWN:
            self.damaged.append({"key": key, "problem": problem})


def verify_backup(*, store: Store, workers: int = 8, tick: Tick = lambda: None) -> Verification:
    """Goes on after what is damaged; contents that several snapshots share are read once."""
    told = Verification()
    told.snapshots, told.unfinished = list_snapshots(store)
    seen: set[bytes] = set()
    for time in told.snapshots:
        try:
            snapshot = read_snapshot(store, time)
            told.rows += sum(_count_rows(store, snapshot))
            for problem, entry in verify_files(store, _new(_entries(store, snapshot), seen), workers):
                tick()
                told.files += 1
                if problem:
                    told.tell(content_name(entry.kept.sha256), f"{problem} ({entry.key})")
        except DamagedError as error:
            told.tell(f"snapshot {time}", error.detail)
    return told


def verify_files(store: Store, entries: Iterable[Entry], workers: int) -> Iterator[tuple[str, Entry]]:
    """Each entry with its problem, empty when its content is whole."""
    return in_parallel(lambda entry: (_problem_of(store, entry), entry), entries, workers)


def _problem_of(store: Store, entry: Entry) -> str:
    try:
        with store.open_kept(entry.kept) as file:
            content = content_of(file)
    except FileNotFoundError:
        return "missing"
    except (OSError, ArchiveError) as error:
        if is_outage(error):
            raise
        return f"cannot be read: {error}"
    return "" if content.sha256 == entry.kept.sha256 else "changed since it was backed up"


def _entries(store: Store, snapshot: Snapshot) -> Iterator[Entry]:
    return entries_of(read_lines(store, snapshot.time, FILES, snapshot.files))


def _count_rows(store: Store, snapshot: Snapshot) -> Iterator[int]:
    for model, document in snapshot.rows.items():
        yield sum(1 for _ in read_lines(store, snapshot.time, rows_document(model), document))


def _new(entries: Iterable[Entry], seen: set[bytes]) -> Iterator[Entry]:
    for entry in entries:
        sha256 = bytes.fromhex(entry.kept.sha256)
        if sha256 not in seen:
            seen.add(sha256)
            yield entry
