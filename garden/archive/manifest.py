"""What a snapshot knows of each file: one line, in the order of keys."""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json.encoder import encode_basestring

from garden.archive.ahead import Ahead
from garden.archive.errors import DamagedError, RefusedArchiveError
from garden.archive.keys import problem_of
from garden.archive.layout import is_hash
from garden.archive.places import Seen
from garden.archive.stores import Kept

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the site, and its content in the backup."""

    key: str
    kept: Kept


def line_of(seen: Seen, kept: Kept) -> str:
    place = f',"at":{kept.at}' if kept.at >= 0 else ""
    return f'{_beginning(seen.key, kept.size, seen.mark)},"sha256":"{kept.sha256}"{place}}}'


def entry_of(line: str) -> Entry:
    try:
        told = json.loads(line)
        key, size, sha256, at = str(told["key"]), int(told["size"]), str(told["sha256"]), int(told.get("at", -1))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedError(f"A line of the manifest cannot be read: {line[:200]!r}.") from error
    if not is_hash(sha256) or size < 0:
        raise DamagedError(f"A line of the manifest names no content: {line[:200]!r}.")
    return Entry(key, Kept(sha256, size, at))


def entries_of(lines: Iterable[str]) -> Iterator[Entry]:
    return map(entry_of, lines)


def refuse_bad_keys(entries: Iterable[Entry]) -> None:
    """Raises RefusedArchiveError with the list of keys that no backup of ours names, or that come twice."""
    refused: list[dict[str, str]] = []
    last = ""
    for entry in entries:
        problem = problem_of(entry.key) or ("it comes twice, or out of order" if entry.key <= last else "")
        last = max(last, entry.key)
        if problem and len(refused) < SHOWN:
            refused.append({"key": entry.key, "problem": problem})
    if refused:
        raise RefusedArchiveError("The backup names keys that are refused; nothing was restored.", refused=refused)


def refuse_one_file_for_two(keys: Iterable[str]) -> None:
    """Raises RefusedArchiveError with the keys that would be one file where case does not count."""
    first: dict[str, str] = {}
    refused: list[dict[str, str]] = []
    for key in keys:
        other = first.setdefault(unicodedata.normalize("NFC", key.casefold()), key)
        if other != key and len(refused) < SHOWN:
            refused.append({"key": key, "problem": f"one file with {other} on a disk that ignores case"})
    if refused:
        raise RefusedArchiveError("This disk takes these keys for others; nothing was written.", refused=refused)


class Known:
    """The lines of an earlier manifest, asked in the order of keys."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = Ahead(lines)

    def lines_of(self, files: list[Seen]) -> list[str]:
        """The lines of these very files; empty where one is new or was changed."""
        beginnings = [f"{_beginning(key, size, mark)}," for key, size, mark, _ in files]
        lines = self._lines.look(len(files))
        if len(lines) == len(files) and all(map(str.startswith, lines, beginnings)):
            self._lines.drop(len(lines))
            return lines
        return [self._line_of(seen.key, beginning) for seen, beginning in zip(files, beginnings, strict=True)]

    def _line_of(self, key: str, beginning: str) -> str:
        while line := self._lines.first():
            if line.startswith(beginning):
                self._lines.drop()
                return line
            if entry_of(line).key >= key:
                return ""
            self._lines.drop()
        return ""


def _beginning(key: str, size: int, mark: str) -> str:
    return f'{{"key":{encode_basestring(key)},"size":{size},"mark":{encode_basestring(mark)}'
