"""Bringing a snapshot back: everything is checked first, then files are written, then all rows at once."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

from garden.backup.database import (
    ACCOUNTS,
    backed_up_models,
    differing_rows,
    has_accounts,
    in_the_way,
    load,
    refuse_other_version,
)
from garden.backup.files import (
    LEFT_OUT,
    SHOWN,
    files_of_site,
    in_parallel,
    key_problem,
    left_join,
    refuse_keys_equal_without_case,
)
from garden.backup.repository import DamagedError, Place, RefusedBackupError, Stored
from garden.backup.snapshot import FILES, Entry, Snapshot, hash_of, read_content, read_entries, read_lines
from garden.backup.verify import file_problem


@dataclass(slots=True)
class Restored:
    """Files that were here already, files that were missing, keys of files that were others; of a dry run likewise."""

    same: int = 0
    missing: int = 0
    others: list[str] = field(default_factory=list)
    wrote_rows: bool = False


@dataclass(frozen=True, slots=True)
class Restore:
    """Into the site's database and `site`, its storage. `replace` allows to overwrite other rows and files."""

    backup: Place
    snapshot: Snapshot
    site: Place
    workers: int = 8
    replace: bool = False
    dry: bool = False
    tick: Callable[[], object] = lambda: None

    def run(self) -> Restored:
        """Raises RefusedBackupError before anything changed, DamagedError before anything is visible."""
        self._check()
        differing = differing_rows(self.snapshot)
        self._refuse_rows(in_the_way(differing))
        wants_rows = bool(differing) or not has_accounts(self.read_rows)
        with tempfile.TemporaryFile() as to_write:
            restored = self._compare_files(to_write)
            if not self.dry:
                self._write_files(to_write, any_replaced=bool(restored.others))
        if wants_rows and not self.dry:
            load(self.snapshot, self.read_rows, only_accounts=not differing)
        restored.wrote_rows = wants_rows
        return restored

    def read_rows(self, model: str) -> Iterator[bytes]:
        return read_lines(self.backup, self.snapshot.rows[model].pages)

    def _entries(self) -> Iterator[Entry]:
        return read_entries(self.backup, self.snapshot)

    def _check(self) -> None:
        """All that can be known without reading pictures."""
        refuse_other_version(self.snapshot.migrations)
        known = {model._meta.label for model in backed_up_models(self.snapshot.left_out)} | ACCOUNTS.keys()
        if unknown := sorted(self.snapshot.rows.keys() ^ known):
            raise RefusedBackupError(f"Site and backup do not both have {', '.join(unknown)}.", models=unknown)
        for model in self.snapshot.rows:
            for _line in self.read_rows(model):
                pass
        _refuse_bad_keys(self._entries())
        if self.site.ignores_case():
            refuse_keys_equal_without_case(entry.key for entry in self._entries())

    def _refuse_rows(self, others: dict[str, dict[str, int]]) -> None:
        if others and not self.replace:
            raise RefusedBackupError(
                "The database holds other rows; nothing was restored. --replace puts the backup's in their place.",
                rows=others,
            )

    def _compare_files(self, to_write: IO[bytes]) -> Restored:
        """Writes the lines of files that are missing or others."""
        restored = Restored()
        pairs = left_join(self._entries(), files_of_site(self.site))
        for entry, is_same, is_here in in_parallel(self._compare, pairs, self.workers):
            restored.same += is_same
            restored.missing += not is_here
            if is_here and not is_same:
                restored.others.append(entry.key)
            if not is_same:
                to_write.write(entry.line + b"\n")
        if restored.others and not self.replace:
            raise RefusedBackupError(
                f"The storage holds other pictures under {len(restored.others):,} of these keys; nothing was "
                "restored. --replace puts the backup's in their place.",
                files=restored.others[:SHOWN],
            )
        return restored

    def _compare(self, pair: tuple[Entry, Stored | None]) -> tuple[Entry, bool, bool]:
        entry, stored = pair
        if stored is None or stored.size != entry.size:
            return entry, False, stored is not None
        try:
            return entry, hash_of(self.site.read(entry.key)) == entry.sha256, True
        except FileNotFoundError:
            return entry, False, False

    def _write_files(self, to_write: IO[bytes], *, any_replaced: bool) -> None:
        if any_replaced:  # Pictures that visitors see are overwritten: only by what was read whole before.
            self._verify(to_write)
        to_write.seek(0)
        for _ in in_parallel(self._write_file, map(Entry.of, to_write), self.workers):
            self.tick()
        self.site.sync()

    def _verify(self, lines: IO[bytes]) -> None:
        lines.seek(0)
        checked = in_parallel(
            lambda entry: (entry.key, file_problem(self.backup, entry)), map(Entry.of, lines), self.workers
        )
        damaged = [{"key": key, "problem": problem} for key, problem in checked if problem]
        if damaged:
            raise DamagedError(
                f"{len(damaged):,} files of the backup are damaged; nothing was restored.", damaged=damaged[:SHOWN]
            )

    def _write_file(self, entry: Entry) -> None:
        self.site.write(entry.key, read_content(self.backup, FILES, entry.sha256))


def _refuse_bad_keys(entries: Iterable[Entry]) -> None:
    """Raises RefusedBackupError with the keys that no backup of ours names, or that come twice."""
    refused: list[dict[str, str]] = []
    last = ""
    for entry in entries:
        problem = key_problem(entry.key) or ("it comes twice, or out of order" if entry.key <= last else "")
        if entry.key.startswith((".", *(f"{folder}/" for folder in LEFT_OUT))):
            problem = "its folder is left out of backups"
        last = max(last, entry.key)
        if problem and len(refused) < SHOWN:
            refused.append({"key": entry.key, "problem": problem})
    if refused:
        raise RefusedBackupError("The backup names keys that are refused; nothing was restored.", refused=refused)
