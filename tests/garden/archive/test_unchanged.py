"""Files are known by their line in an earlier manifest, and by nothing less, however many are asked for at a time."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from garden.archive.absence import Absence
from garden.archive.manifest import Known, line_of
from garden.archive.parallel import batches_of
from garden.archive.places import Seen
from garden.archive.rows.columns import lines_of
from garden.archive.rows.dumping import models_with_rows
from garden.archive.stores import Kept
from garden.models import Image, Visitor
from tests.factories import ImageFactory

EARLIER = [Seen(f"emotions/calm/{number:02d}", 10, f"m{number}") for number in range(12)]
NOW = [
    Seen("emotions/angry/new", 10, "m"),
    *EARLIER[:3],
    EARLIER[3]._replace(size=11),
    EARLIER[4]._replace(mark="m44"),
    *EARLIER[6:8],
    Seen("emotions/calm/07b", 10, "m7"),
    *EARLIER[8:],
    Seen("emotions/happy/new", 10, "m11"),
]
SIZES = (1, 2, 3, 5, 8, 100)


def line(seen: Seen) -> str:
    return line_of(seen, Kept("0" * 64, seen.size))


@pytest.mark.parametrize("size", SIZES)
def test_only_files_of_the_same_key_size_and_mark_are_known(size: int) -> None:
    known = Known(map(line, EARLIER))
    lines = [told for batch in batches_of(NOW, size) for told in known.lines_of(batch)]
    assert lines == [line(seen) if seen in EARLIER else "" for seen in NOW]


def test_all_of_them_are_known_where_nothing_changed() -> None:
    assert Known(map(line, EARLIER)).lines_of(EARLIER) == list(map(line, EARLIER))


@pytest.mark.django_db
@pytest.mark.parametrize("size", SIZES)
def test_rows_without_file_and_files_without_row_are_told(size: int) -> None:
    for number in (0, 1, 3, 4, 7, 9):
        ImageFactory(key=f"emotions/calm/{number}")
    absence = Absence()
    files = [f"emotions/calm/{number}" for number in (0, 1, 2, 4, 6, 7, 8)]
    without_row = [key for batch in batches_of(files, size) for key in absence.strike_out(batch)]
    absence.close()
    assert without_row == [f"emotions/calm/{number}" for number in (2, 6, 8)]
    assert absence.keys == ["emotions/calm/3", "emotions/calm/9"]
    assert (absence.count, absence.removed) == (2, 0)


def test_rows_are_objects_whether_their_values_differ_or_not() -> None:
    lines = lines_of(["a", "b%s", "c"], [["1", "1"], ['"%d"', '"%d"'], ["2", "null"]])
    assert lines == ['{"a":1,"b%s":"%d","c":2}', '{"a":1,"b%s":"%d","c":null}']
    assert lines_of(["a", "b"], [["1", "1"], ["null", "null"]]) == ['{"a":1,"b":null}'] * 2
    assert json.loads(lines[0]) == {"a": 1, "b%s": "%d", "c": 2}


@pytest.mark.django_db
def test_empty_tables_are_found_with_one_question() -> None:
    ImageFactory()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert models_with_rows([Image, Visitor]) == {Image}
    assert len(asked) == 1
