"""Bringing a snapshot back: everything is checked first, then files, then all rows at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import IntegrityError, connection, transaction

from garden.archive.errors import DamagedError, RefusedArchiveError
from garden.archive.layout import FILES, rows_document
from garden.archive.manifest import Entry, entries_of, entry_of, refuse_bad_keys, refuse_one_file_for_two
from garden.archive.pages import read_lines
from garden.archive.parallel import in_parallel
from garden.archive.places import Place, site_place
from garden.archive.rows.accounts import dump_groups, dump_users, load_groups, load_users, same_accounts
from garden.archive.rows.loading import empty_tables, load_rows, set_sequences
from garden.archive.rows.standing import Standing, compare_rows, is_same, unknown_models
from garden.archive.rows.trail import trail_kept
from garden.archive.rows.versions import refuse_other_version
from garden.archive.snapshot import Snapshot
from garden.archive.standing import FileComparison, FileStanding
from garden.archive.stores import Store
from garden.archive.verifying import verify_files

Tick = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Restored:
    """What stood here before, and whether rows were written; of a dry run, what would be."""

    snapshot: Snapshot
    files: FileStanding
    rows: list[Standing]
    wrote_rows: bool


@dataclass(frozen=True, slots=True)
class Restorer:
    """`replace` allows to overwrite other rows and files; `tick` is called for each file."""

    store: Store
    snapshot: Snapshot
    workers: int = 8
    replace: bool = False
    dry: bool = False
    tick: Tick = lambda: None

    def restore(self, site: Place | None = None) -> Restored:
        """Into this site's database, and into its storage unless another is given.

        Raises RefusedArchiveError before anything changed, DamagedError before anything is visible.
        """
        place = site or site_place(self.workers)
        self._check(place)
        standings = compare_rows(self.snapshot)
        self._refuse_rows(standings)
        same_rows = is_same(standings) and self._same_accounts()
        with FileComparison(place, self._lines, self.workers) as comparison:
            self._refuse_files(comparison.standing)
            if not self.dry:
                self._write_files(place, comparison)
        if not self.dry and not same_rows:
            self._write_rows(keep=is_same(standings))
        return Restored(self.snapshot, comparison.standing, standings, not same_rows)

    def _check(self, place: Place) -> None:
        """All that can be known without reading pictures."""
        refuse_other_version(self.snapshot.migrations)
        if unknown := unknown_models(self.snapshot):
            raise RefusedArchiveError(f"This site knows no {', '.join(unknown)}.", models=unknown)
        for model in self.snapshot.rows:
            for _line in self._rows(model):
                pass
        refuse_bad_keys(entry for _line, entry in self._lines())
        if place.folds_case():
            refuse_one_file_for_two(entry.key for _line, entry in self._lines())

    def _refuse_rows(self, standings: list[Standing]) -> None:
        others = [standing for standing in standings if standing.in_the_way]
        if others and not self.replace:
            raise RefusedArchiveError(
                "The database holds other rows; nothing was restored. --replace puts the backup's in their place.",
                rows={each.model: {"here": each.here, "backup": each.there} for each in others},
            )

    def _refuse_files(self, standing: FileStanding) -> None:
        if standing.other and not self.replace:
            raise RefusedArchiveError(
                f"The storage holds other pictures under {standing.other:,} of these keys; nothing was restored. "
                "--replace puts the backup's in their place.",
                files=standing.others,
            )

    def _write_files(self, place: Place, comparison: FileComparison) -> None:
        if comparison.standing.other:  # Pictures that visitors see are overwritten: only by what was read whole before.
            self._verify(comparison)
        for _ in in_parallel(
            lambda entry: self._write_file(place, entry), entries_of(comparison.to_write()), self.workers
        ):
            self.tick()
        place.settle()

    def _verify(self, comparison: FileComparison) -> None:
        found = verify_files(self.store, entries_of(comparison.to_write()), self.workers)
        damaged = [{"key": entry.key, "problem": problem} for problem, entry in found if problem]
        if damaged:
            raise DamagedError(
                f"{len(damaged):,} files of the backup are damaged; nothing was restored.", damaged=damaged
            )

    def _write_file(self, place: Place, entry: Entry) -> None:
        try:
            source = self.store.open_kept(entry.kept)
        except FileNotFoundError as error:
            raise DamagedError(
                f"{entry.key} is missing in the backup.", damaged=[{"key": entry.key, "problem": "missing"}]
            ) from error
        with source:
            place.receive(source, lambda _: entry.key, expected=entry.kept.sha256)

    def _write_rows(self, *, keep: bool) -> None:
        """`keep`: only accounts differ."""
        try:
            with transaction.atomic():
                load_groups(self._rows("auth.Group"))
                load_users(self._rows("auth.User"))
                if not keep:
                    self._replace_rows()
                connection.check_constraints()
        except IntegrityError as error:
            raise DamagedError(f"The rows of the backup do not fit together: {error}") from error

    def _replace_rows(self) -> None:
        with trail_kept():
            empty_tables()
            for label in self.snapshot.rows:
                if not label.startswith("auth."):
                    load_rows(apps.get_model(label), self._rows(label))
            set_sequences()
        other = [each.model for each in compare_rows(self.snapshot) if not each.same]
        if other:
            raise DamagedError(f"These rows did not come back as they were: {', '.join(other)}.", models=other)

    def _same_accounts(self) -> bool:
        return same_accounts(self._rows("auth.Group"), dump_groups()) and same_accounts(
            self._rows("auth.User"), dump_users()
        )

    def _rows(self, model: str) -> Iterator[str]:
        return read_lines(self.store, self.snapshot.time, rows_document(model), self.snapshot.rows[model])

    def _lines(self) -> Iterator[tuple[str, Entry]]:
        lines = read_lines(self.store, self.snapshot.time, FILES, self.snapshot.files)
        return ((line, entry_of(line)) for line in lines)
