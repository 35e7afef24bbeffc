"""A file read through before anything is written: which dataset it is, and everything that is wrong with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from recommend.datasets.rules import PARSERS, Row, RuleError, dataset_of
from recommend.datasets.sources import RawRow, UnreadableFileError, read_rows

KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Which rule a field of a line breaks; line 0 is the file itself."""

    file: Path
    line: int
    field: str
    rule: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.rule}"


@dataclass(slots=True)
class CheckedFile:
    """`problems` are the first so many of `wrong`."""

    path: Path
    dataset: str = ""
    rows: int = 0
    wrong: int = 0
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Iterator[Row]:
        """The rows of a file without problems, again."""
        parse = PARSERS[self.dataset]
        return (parse(raw.cells) for raw in read_rows(self.path))

    def complain(self, line: int, name: str, rule: str) -> None:
        self.wrong += 1
        if len(self.problems) < KEPT:
            self.problems.append(Problem(self.path, line, name, rule))


def check_file(path: Path, rows: Iterable[RawRow] | None = None) -> CheckedFile:
    """Read a file to its end. `rows` may wrap `read_rows(path)`, to show progress."""
    checked = CheckedFile(path)
    try:
        for raw in rows or read_rows(path):
            checked.rows += 1
            try:
                _check(checked, raw)
            except RuleError as error:
                checked.complain(raw.place, error.field, error.rule)
    except (UnreadableFileError, OSError) as error:
        checked.complain(0, "file", str(error))
    return checked


def _check(checked: CheckedFile, raw: RawRow) -> None:
    if not checked.dataset:
        checked.dataset = dataset_of([name for name in raw.cells if name])
    if "" in raw.cells:
        raise RuleError("row", "has more cells than the header has columns")
    PARSERS[checked.dataset](raw.cells)
