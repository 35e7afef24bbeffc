"""Import of checked rows, one batch per transaction; repeating it changes nothing."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from django.db import transaction

from garden.batches import batches
from garden.models import Image, Visitor
from garden.storage.sync import apply_keys, keys_with_files
from recommend.bandit.context import group_of
from recommend.datasets.io import RawRow, UnreadableFileError, read_rows
from recommend.datasets.schema import PARSERS, InteractionRow, ItemRow, Row, RuleError, UserRow, dataset_of
from recommend.models import Interaction
from recommend.services.history import append_interactions


@contextmanager
def counting() -> Iterator[Callable[[Sequence[object]], list[int]]]:
    """Counts equal things on disk: returns for each thing its number among equal ones, from 1."""
    upsert = "INSERT INTO counts VALUES (?, 1) ON CONFLICT (thing) DO UPDATE SET count = count + 1 RETURNING count"
    with closing(sqlite3.connect("", isolation_level=None)) as counts:  # A temporary file, deleted when closed.
        counts.execute("PRAGMA journal_mode=OFF")
        counts.execute("CREATE TABLE counts (thing BLOB PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID")

        def count(things: Sequence[object]) -> list[int]:
            counts.execute("BEGIN")
            found = [counts.execute(upsert, (_digest(thing),)).fetchone()[0] for thing in things]
            counts.execute("COMMIT")
            return found

        yield count


def _digest(thing: object) -> bytes:
    return blake2b(repr(thing).encode(), digest_size=16).digest()


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
    """`problems` are the first of `wrong`; `rejected` rows can be skipped, other problems cannot."""

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


BATCH = 500
NAMED = 100

T = TypeVar("T")


@dataclass(slots=True)
class Imported:
    """Numbers of new and known rows, and the first keys of pictures without a file."""

    new: int = 0
    known: int = 0
    missing: int = 0
    without_file: list[str] = field(default_factory=list)


def import_users(rows: Iterable[UserRow], *, dry_run: bool = False) -> Imported:
    """Create visitors; fill in missing attributes of known ones."""
    done = Imported()
    for batch in batches(rows, BATCH):
        by_id = {row.id: row for row in batch}
        known = Visitor.objects.in_bulk(list(by_id))
        new = [row for name, row in by_id.items() if name not in known]
        done.new, done.known = done.new + len(new), done.known + len(batch) - len(new)
        if not dry_run:
            _write_users(new, [(visitor, by_id[name]) for name, visitor in known.items()])
    return done


@transaction.atomic
def _write_users(new: Sequence[UserRow], known: Sequence[tuple[Visitor, UserRow]]) -> None:
    made = [Visitor(id=row.id, generation=row.generation, gender=row.gender, emotion=row.emotion) for row in new]
    Visitor.objects.bulk_create(made, ignore_conflicts=True)
    fuller = []
    for visitor, row in known:
        before = (visitor.generation, visitor.gender, visitor.emotion)
        after = (before[0] or row.generation, before[1] or row.gender, before[2] or row.emotion)
        if after != before:
            visitor.generation, visitor.gender, visitor.emotion = after
            fuller.append(visitor)
    Visitor.objects.bulk_update(fuller, ["generation", "gender", "emotion"])


def import_items(rows: Iterable[ItemRow], *, dry_run: bool = False) -> Imported:
    """Register pictures whose files are in storage; keys are unchanged, known pictures too."""
    done = Imported()
    for batch in batches(rows, BATCH):
        by_id = {row.key: row for row in batch}
        new = sorted(by_id.keys() - _registered(by_id))
        found = set(keys_with_files(new) if dry_run else _register(new, by_id))
        missing = [key for key in new if key not in found]
        done.new, done.known = done.new + len(found), done.known + len(batch) - len(new)
        done.missing += len(missing)
        done.without_file += missing[: NAMED - len(done.without_file)]
    return done


def _registered(keys: Iterable[str]) -> set[str]:
    return set(Image.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def _register(keys: Sequence[str], by_id: Mapping[str, ItemRow]) -> set[str]:
    """Read the files in parallel and give their rows the times of the dataset; returns the keys that have a row."""
    apply_keys(keys)
    dated = [image for image in Image.objects.filter(key__in=keys) if by_id[image.key].at is not None]
    for image in dated:
        image.created_at = by_id[image.key].at or image.created_at
        image.published_at = image.published_at and image.created_at
    Image.objects.bulk_update(dated, ["created_at", "published_at"])
    return _registered(keys)


def import_interactions(rows: Iterable[InteractionRow], *, dry_run: bool = False) -> Imported:
    """Append likes to the ledger.

    The n-th row of one visitor, picture, kind and second is new if fewer than n such are known: so two likes in
    one second stay two, and neither this file again nor an export of this garden adds anything.
    """
    done = Imported()
    with counting() as count:
        for batch in batches(rows, BATCH):
            numbers = count([_identity(row) for row in batch])
            known = _known(batch)
            new = [row for row, number in zip(batch, numbers, strict=True) if number > known[_identity(row)]]
            done.new, done.known = done.new + len(new), done.known + len(batch) - len(new)
            if new and not dry_run:
                _append(new)
    return done


def _identity(row: InteractionRow) -> tuple[str, str, str, int]:
    return row.user, row.item, row.kind.value, int(row.at.timestamp())


def _known(batch: Sequence[InteractionRow]) -> Counter[tuple[str, str, str, int]]:
    interactions = Interaction.objects.filter(
        visitor__in={row.user for row in batch}, item_key__in={row.item for row in batch}
    ).values_list("visitor_id", "item_key", "kind", "created_at")
    return Counter((user or "", item, kind, int(at.timestamp())) for user, item, kind, at in interactions)


@transaction.atomic
def _append(rows: Sequence[InteractionRow]) -> None:
    users = {row.user for row in rows}
    Visitor.objects.bulk_create([Visitor(id=user) for user in sorted(users)], ignore_conflicts=True)
    visitors = Visitor.objects.in_bulk(sorted(users))
    keys = {key for row in rows for key in (*row.impression, row.item)}
    images = {image.key: image for image in Image.objects.filter(key__in=keys).only("id", "key", "emotion")}
    ordered = sorted(rows, key=lambda row: row.at)
    append_interactions(interactions=[_interaction(row, visitors[row.user], images) for row in ordered])


def _interaction(row: InteractionRow, visitor: Visitor, images: dict[str, Image]) -> Interaction:
    image, shown = images.get(row.item), row.impression or (row.item,)
    return Interaction(
        visitor=visitor,
        group=group_of(visitor.generation, visitor.gender),
        emotion=image.emotion if image else "",
        kind=row.kind,
        image=image,
        item_key=row.item,
        impression=list(shown),
        exposed=sorted({images[key].pk for key in (*shown, row.item) if key in images}),
        created_at=row.at,
    )
