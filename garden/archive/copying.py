"""The site's files into a backup: what it knows is neither read nor copied."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from garden.archive import parallel
from garden.archive.errors import ArchiveError
from garden.archive.keys import LEFT_OUT, problem_of
from garden.archive.manifest import Known, line_of
from garden.archive.parallel import batches_in_parallel, batches_of
from garden.archive.places import Place, Seen
from garden.archive.stores import Store

SHOWN = 100
AHEAD = 500
"""Files that are listed and looked up at a stroke."""
Files = tuple[list[Seen], list[str]]
"""Some files of the site, and the line that each has in an earlier snapshot, or none."""


class Fate(StrEnum):
    COPIED = "copied"
    KNOWN = "unchanged"
    GONE = "gone"
    REFUSED = "refused"


HELD = (Fate.COPIED, Fate.KNOWN)


class Outcome(NamedTuple):
    """What became of one file: its `line` in the manifest, or the `problem` in words."""

    fate: Fate
    seen: Seen
    line: str = ""
    problem: str = ""


@dataclass(slots=True)
class Tally:
    """`bytes` of all files of the snapshot; `copied_bytes` of those that were copied."""

    files: int = 0
    bytes: int = 0
    copied: int = 0
    copied_bytes: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)

    def count(self, outcomes: list[Outcome]) -> None:
        held = [outcome.seen.size for outcome in outcomes if outcome.fate in HELD]
        copied = [outcome.seen.size for outcome in outcomes if outcome.fate is Fate.COPIED]
        refused = [outcome for outcome in outcomes if outcome.fate is Fate.REFUSED]
        self.files += len(held)
        self.bytes += sum(held)
        self.copied += len(copied)
        self.copied_bytes += sum(copied)
        for outcome in refused[: SHOWN - len(self.problems)]:
            self.problems.append({"key": outcome.seen.key, "problem": outcome.problem})


@dataclass(frozen=True, slots=True)
class FileCopier:
    """`known` are the manifests of earlier snapshots. A dry run tells what would be copied.

    `resume`: an earlier backup was not finished, and contents of it may be in the store without a manifest.
    """

    site: Place
    store: Store
    known: list[Known]
    dry: bool = False
    resume: bool = False

    def copy(self, files: Iterable[Seen], workers: int) -> Iterator[list[Outcome]]:
        """Outcomes in the order of keys. Raises ArchiveError or OSError when the backup cannot be written."""
        found = (part for batch in batches_of(files, AHEAD) for part in self._parts(batch))
        return batches_in_parallel(self._settle, found, workers, is_work=lambda part: not all(part[1]))

    def _parts(self, files: list[Seen]) -> Iterator[Files]:
        """What is known as one, the rest in pieces for several threads."""
        lines = self._known_lines(files)
        size = len(files) if all(lines) else parallel.BATCH
        for begin in range(0, len(files), size):
            yield files[begin : begin + size], lines[begin : begin + size]

    def _known_lines(self, files: list[Seen]) -> list[str]:
        lines = [""] * len(files)
        for each in self.known:
            unknown = [number for number, line in enumerate(lines) if not line]
            for number, line in zip(unknown, each.lines_of([files[number] for number in unknown]), strict=True):
                lines[number] = line
        return lines

    def _settle(self, part: Files) -> list[Outcome]:
        return [
            Outcome(Fate.KNOWN, seen, line) if line else self._settle_unknown(seen)
            for seen, line in zip(*part, strict=True)
        ]

    def _settle_unknown(self, seen: Seen) -> Outcome:
        if problem := problem_of(seen.key):
            return Outcome(Fate.REFUSED, seen, problem=problem)
        return Outcome(Fate.COPIED, seen, "") if self.dry else self._copy(seen)

    def _copy(self, seen: Seen) -> Outcome:
        try:
            source = self.site.open(seen.key)
        except FileNotFoundError:
            return Outcome(Fate.GONE, seen)
        except PermissionError as error:
            return Outcome(Fate.REFUSED, seen, problem=str(error))
        with source:
            kept = self.store.keep(source, resume=self.resume)
        return Outcome(Fate.COPIED, seen, line_of(seen, kept))


def files_of(site: Place, without: str = "") -> Iterator[Seen]:
    """The files of a site that backups hold, in the order of keys; `without` is one more folder to leave out."""
    folders = [folder for folder in site.folders() if folder not in LEFT_OUT and folder != without]
    for folder in sorted(f"{folder}/" for folder in folders):
        yield from site.walk(folder.rstrip("/"))


def folder_of_backup(site: Place, store: Store) -> str:
    """The site's folder that the backup lies in, if it does. Raises ArchiveError when that is one of the pictures'."""
    here, there = f"{site}/", f"{store}/"
    if not there.startswith(here):
        return ""
    folder = there.removeprefix(here).split("/")[0]
    if folder in ("", "emotions", "imgPool", "display"):
        raise ArchiveError(f"{store} lies among the pictures of the site ({site}): choose another place.")
    return folder
