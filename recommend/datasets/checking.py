"""A file read through before anything is written: which dataset it is, and everything that is wrong with it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
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
    """`problems` are the first so many of `wrong`; `rejected` of the rows can be passed over, the others cannot."""

    path: Path
    dataset: str = ""
    rows: int = 0
    wrong: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Iterator[Row]:
        """The valid rows, read again."""
        for raw in read_rows(self.path) if self.dataset else ():
            with suppress(RuleError):
                yield _parse(self.dataset, raw)


def check_file(
    path: Path, rows: Iterable[RawRow] | None = None, report: Callable[[Problem], object] = lambda _problem: None
) -> CheckedFile:
    """Read a file to its end. `rows` may wrap `read_rows(path)`, to show progress; `report` gets every problem."""
    checked = CheckedFile(path)

    def complain(line: int, name: str, rule: str) -> None:
        problem = Problem(path, line, name, rule)
        report(problem)
        checked.wrong += 1
        if len(checked.problems) < KEPT:
            checked.problems.append(problem)

    try:
        for raw in rows or read_rows(path):
            checked.rows += 1
            try:
                _check(checked, raw)
            except RuleError as error:
                checked.rejected += 1
                complain(raw.place, error.field, error.rule)
    except (UnreadableFileError, OSError) as error:
        complain(0, "file", str(error))
    return checked


def _check(checked: CheckedFile, raw: RawRow) -> None:
    if not checked.dataset:
        checked.dataset = dataset_of([name for name in raw.cells if name])
    _parse(checked.dataset, raw)


def _parse(dataset: str, raw: RawRow) -> Row:
    if "" in raw.cells:
        raise RuleError("row", "has more cells than the header has columns")
    return PARSERS[dataset](raw.cells)
