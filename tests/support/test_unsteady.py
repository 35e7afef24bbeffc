"""The list of tests that may be tried again is short-lived, and names only tests that exist."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.unsteady import NEVER, allow_retries, listed

TESTS = listed().get("test", [])


def test_the_list_is_empty_by_its_date() -> None:
    assert not TESTS or datetime.now(UTC).date() < listed()["empty_by"], "make these tests steady, or delete them"


def test_each_listed_test_exists_and_has_a_reason() -> None:
    for test in TESTS:
        file, _, name = test["name"].partition("::")
        assert re.search(rf"^def {name}\(", Path(file).read_text(encoding="utf-8"), re.MULTILINE), test["name"]
        assert test["reason"], test["name"]


def test_no_fault_test_is_listed() -> None:
    assert not [test["name"] for test in TESTS if test["name"].startswith(NEVER)]


def test_only_a_listed_test_is_tried_again(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    item = request.node
    known = {"test": [{"name": item.nodeid, "reason": "a browser"}]}
    monkeypatch.setattr("tests.support.unsteady.listed", lambda: known)
    allow_retries([item])
    assert item.get_closest_marker("flaky").kwargs["reruns"] == 1
    with pytest.raises(pytest.UsageError, match=r"unsteady\.toml"):
        allow_retries([item])
