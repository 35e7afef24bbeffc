"""Making a snapshot: rows of one moment first, then files, the seal last."""

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from itertools import chain
from typing import IO

from garden.archive.absence import Absence
from garden.archive.coming import of_another_moment
from garden.archive.copying import HELD, FileCopier, Outcome, Tally, files_of, folder_of_backup
from garden.archive.earlier import known_files, read_again
from garden.archive.layout import FILES, new_time, rows_document
from garden.archive.manifest import Known
from garden.archive.pages import LINES, Document, DocumentWriter
from garden.archive.parallel import batches_of
from garden.archive.places import site_place
from garden.archive.rows.accounts import dump_groups, dump_users
from garden.archive.rows.dumping import dump_batches, models_with_rows
from garden.archive.rows.models import backed_up_models
from garden.archive.rows.moment import one_moment
from garden.archive.rows.versions import applied_migrations, refuse_unmigrated
from garden.archive.snapshot import Snapshot
from garden.archive.stores import Store

Tick = Callable[[int], object]
Copy = Callable[[list[Known]], Iterator[list[Outcome]]]
ATTEMPTS = 5
"""Where pictures are deleted faster than an attempt takes, the last one tells whose file is missing."""


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
    tick: Tick = lambda _: None,
) -> Backup:
    """`full` reads and copies every file again; `tick` hears how many are done. Raises ArchiveError or OSError."""
    refuse_unmigrated()
    site = site_place(workers)
    without = folder_of_backup(site, store)

    def copy(known: list[Known]) -> Iterator[list[Outcome]]:
        return FileCopier(site, store, known, dry, resume).copy(files_of(site, without), workers)

    with nullcontext() if dry else store.writing():
        # Before this snapshot is among them.
        known, resume = ([], False) if full else known_files(store)
        made = _Making(store, left_out, dry, copy, tick).make(known)
        if not dry:
            store.settle()
            made.snapshot.write(store)
            store.settle()
    return made


class _Making:
    def __init__(self, store: Store, left_out: Collection[str], dry: bool, copy: Copy, tick: Tick) -> None:
        self._store, self._left_out, self._dry = store, sorted(left_out), dry
        self._copy, self._tick = copy, tick
        self._time = new_time()

    def make(self, known: list[Known]) -> Backup:
        """Where pictures were deleted while files were copied, rows are read again; what was copied is known then."""
        tally = Tally()
        with ExitStack() as told:
            for attempt in range(1, ATTEMPTS + 1):
                tally = Tally(copied=tally.copied, copied_bytes=tally.copied_bytes)
                lines = told.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
                made, removed = self._make_once(known, tally, lines)
                if not removed or attempt == ATTEMPTS:
                    break
                known = [Known(read_again(lines))]
        return made

    def _make_once(self, known: list[Known], tally: Tally, told: IO[str]) -> tuple[Backup, int]:
        """And how many of its rows are there no more, nor was their file when its turn came.

        Files are listed when the rows are written: outcomes come few by few, as they are asked for.
        """
        with one_moment():
            migrations = applied_migrations()
            rows = {label: self._document(rows_document(label), lines) for label, lines in dumps(self._left_out)}
            absence = Absence()
        files = self._document(FILES, self._file_lines(self._copy(known), tally, absence, told))
        absence.close()
        snapshot = Snapshot(self._time, migrations, self._left_out, files, tally.bytes, rows, absence.keys)
        return Backup(snapshot, tally, absence.count), absence.removed

    def _document(self, name: str, batches: Iterator[list[str]]) -> Document:
        writer = DocumentWriter(None if self._dry else self._store, self._time, name)
        for lines in batches:
            writer.add(lines)
        return writer.close()

    def _file_lines(
        self, batches: Iterator[list[Outcome]], tally: Tally, absence: Absence, told: IO[str]
    ) -> Iterator[list[str]]:
        for outcomes in batches:
            self._tick(len(outcomes))
            told.write("".join([f"{outcome.line}\n" for outcome in outcomes if outcome.line]))
            without_row = absence.strike_out([outcome.seen.key for outcome in outcomes if outcome.fate in HELD])
            if without_row:
                later = of_another_moment(without_row)
                outcomes = [outcome for outcome in outcomes if outcome.seen.key not in later]
            tally.count(outcomes)
            yield [outcome.line for outcome in outcomes if outcome.line]


def dumps(left_out: Collection[str] = ()) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Every model's label and lines, some at a time; accounts first, for others speak of them."""
    models = backed_up_models(left_out)
    filled = models_with_rows(models)
    own = ((model._meta.label, dump_batches(model, left_out) if model in filled else iter(())) for model in models)
    accounts = [("auth.Group", batches_of(dump_groups(), LINES)), ("auth.User", batches_of(dump_users(), LINES))]
    return chain(accounts, own)
