"""Making a snapshot: rows of one moment first, then files, the seal last."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain

from garden.archive.absence import Absence
from garden.archive.copying import HELD, FileCopier, Outcome, Tally, files_of, folder_of_backup
from garden.archive.earlier import known_files
from garden.archive.layout import FILES, new_time, rows_document
from garden.archive.pages import Document, DocumentWriter
from garden.archive.places import site_place
from garden.archive.rows.accounts import dump_groups, dump_users
from garden.archive.rows.dumping import dump_rows
from garden.archive.rows.models import backed_up_models
from garden.archive.rows.moment import one_moment
from garden.archive.rows.versions import applied_migrations, refuse_unmigrated
from garden.archive.snapshot import Snapshot
from garden.archive.stores import Store

Tick = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Backup:
    """What was made: the snapshot, what it took, and how many rows stand without their file."""

    snapshot: Snapshot
    tally: Tally
    absent: int


def make_backup(
    *,
    store: Store,
    left_out: Collection[str] = (),
    workers: int = 8,
    full: bool = False,
    dry: bool = False,
    tick: Tick = lambda: None,
) -> Backup:
    """`full` reads and copies every file again; `tick` is called for each file. Raises ArchiveError or OSError."""
    refuse_unmigrated()
    site = site_place(workers)
    without = folder_of_backup(site, store)
    with nullcontext() if dry else store.writing():
        known = [] if full else known_files(store)  # Before this snapshot is among them.
        outcomes = FileCopier(site, store, known, dry).copy(files_of(site, without), workers)
        made = _Making(store, left_out, dry).make(outcomes, tick)
        if not dry:
            store.settle()
            made.snapshot.write(store)
            store.settle()
    return made


class _Making:
    def __init__(self, store: Store, left_out: Collection[str], dry: bool) -> None:
        self._store, self._left_out, self._dry = store, sorted(left_out), dry
        self._time = new_time()

    def make(self, outcomes: Iterable[Outcome], tick: Tick) -> Backup:
        """Files are listed when the rows are written: `outcomes` come one by one, as they are asked for."""
        with one_moment():
            migrations = applied_migrations()
            rows = {label: self._document(rows_document(label), lines) for label, lines in dumps(self._left_out)}
            absence = Absence()
        tally = Tally()
        files = self._document(FILES, self._file_lines(outcomes, tally, absence, tick))
        absence.close()
        snapshot = Snapshot(self._time, migrations, self._left_out, files, tally.bytes, rows, absence.keys)
        return Backup(snapshot, tally, absence.count)

    def _document(self, name: str, lines: Iterator[str]) -> Document:
        writer = DocumentWriter(None if self._dry else self._store, self._time, name)
        for line in lines:
            writer.add(line)
        return writer.close()

    def _file_lines(self, outcomes: Iterable[Outcome], tally: Tally, absence: Absence, tick: Tick) -> Iterator[str]:
        for outcome in outcomes:
            tick()
            tally.count(outcome)
            if outcome.fate in HELD:
                absence.strike_out(outcome.seen.key)
            if outcome.line:
                yield outcome.line


def dumps(left_out: Collection[str] = ()) -> Iterator[tuple[str, Iterator[str]]]:
    """Every model's label and lines; accounts first, for others speak of them."""
    own = ((model._meta.label, dump_rows(model, left_out)) for model in backed_up_models(left_out))
    return chain([("auth.Group", dump_groups()), ("auth.User", dump_users())], own)
