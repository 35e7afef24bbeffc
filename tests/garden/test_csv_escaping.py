import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garden.csv_escaping import defuse, restore

SIGNS = "=+-@\t\r\n＝＋－＠'"
WORDS = st.text() | st.text(alphabet=SIGNS + 'aA1|,"') | st.from_regex(r"'{0,3}[=+\-@].*", fullmatch=True)


@given(WORDS)
def test_reading_gives_back_what_was_written(text: str) -> None:
    assert restore(defuse(text)) == text


@given(WORDS)
def test_no_cell_is_a_formula(text: str) -> None:
    assert not defuse(text)[:1] or defuse(text)[0] not in SIGNS.replace("'", "")


@given(WORDS.filter(lambda text: "\0" not in text))
def test_it_survives_csv(text: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([defuse(text), "end"])
    stream.seek(0)
    (row,) = csv.reader(stream, strict=True)
    assert (restore(row[0]), row[1]) == (text, "end")


@pytest.mark.parametrize("text", ["", "emotions/calm/img_1h.jpeg", "'quoted'", "a=b", "'", "''a"])
def test_what_is_no_formula_is_left_as_it_is(text: str) -> None:
    assert defuse(text) == restore(text) == text
