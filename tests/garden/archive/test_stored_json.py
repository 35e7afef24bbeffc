"""JSON that SQLite keeps as text goes into a backup as any database's would."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garden.archive.rows.columns import encode_stored_jsons
from garden.archive.rows.values import encode_stored_json, encode_value

VALUES: list[Any] = [
    {"b": 1, "a": [True, None, 1e-07]},
    "꽃",
    2**70,
    -(2**64),
    -0.0,
    [],
    {"é": {"z": 1, "y": "\u2028"}},
    {"seed": 4294967295, "guidance": 7.5},
    [0.0001, 0.00001, 1e15, 1e16, 1e22, 5e-324],
    {"\ud83d": "half of a letter"},
    float("inf"),
    '\x00\x1f\x7f"\\/\n',
    {"\ue000": 1, "\U00010000": 2, "a": 3},
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize("value", VALUES)
def test_it_is_written_as_the_value_it_stands_for(value: Any) -> None:
    assert encode_stored_json(json.dumps(value)) == encode_value(value)
    assert encode_stored_jsons([json.dumps(value)]) == [encode_value(value)]


@given(st.lists(JSON, min_size=1))
def test_a_column_is_written_as_its_values_are(values: list[Any]) -> None:
    assert encode_stored_jsons(list(map(json.dumps, values))) == list(map(encode_value, values))


@pytest.mark.parametrize("written", ['{"a":1,"a":2}', "1E400", "0.000012", " 1", "-0", "[1] ", "[" * 400 + "]" * 400])
def test_what_others_wrote_is_read_as_python_reads_it(written: str) -> None:
    assert encode_stored_jsons([written, "{}"]) == [encode_value(json.loads(written)), "{}"]


def test_nothing_stays_nothing() -> None:
    assert encode_stored_json(None) == "null"
    assert encode_stored_jsons([None, "{}"]) == ["null", "{}"]
