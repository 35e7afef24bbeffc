"""The site's files into a backup: what it knows is neither read nor copied."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from garden.archive.errors import ArchiveError
from garden.archive.keys import LEFT_OUT, problem_of
from garden.archive.manifest import Known, line_of
from garden.archive.parallel import in_parallel
from garden.archive.places import Place, Seen
from garden.archive.stores import Store

SHOWN = 100


class Fate(StrEnum):
    COPIED = "copied"
    KNOWN = "unchanged"
    GONE = "gone"
    REFUSED = "refused"


HELD = (Fate.COPIED, Fate.KNOWN)


@dataclass(frozen=True, slots=True)
class Outcome:
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

    def count(self, outcome: Outcome) -> None:
        if outcome.fate is Fate.REFUSED and len(self.problems) < SHOWN:
            self.problems.append({"key": outcome.seen.key, "problem": outcome.problem})
        if outcome.fate in HELD:
            self.files += 1
            self.bytes += outcome.seen.size
        if outcome.fate is Fate.COPIED:
            self.copied += 1
            self.copied_bytes += outcome.seen.size


@dataclass(frozen=True, slots=True)
class FileCopier:
    """`known` are the manifests of earlier snapshots. A dry run tells what would be copied."""

    site: Place
    store: Store
    known: list[Known]
    dry: bool = False

    def copy(self, files: Iterable[Seen], workers: int) -> Iterator[Outcome]:
        """Outcomes in the order of keys. Raises ArchiveError or OSError when the backup cannot be written."""
        return in_parallel(
            self._settle,
            ((seen, self._known_line(seen)) for seen in files),
            workers,
            is_work=lambda found: not found[1],
        )

    def _known_line(self, seen: Seen) -> str:
        return next(filter(None, [each.line_of(seen) for each in self.known]), "")

    def _settle(self, found: tuple[Seen, str]) -> Outcome:
        seen, line = found
        if line:
            return Outcome(Fate.KNOWN, seen, line)
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
            kept = self.store.keep(source)
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
