"""The tests that may be tried once more: those of `unsteady.toml`, and no others."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

NEVER = "tests/faults/"


def listed() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parents[1] / "unsteady.toml").read_text(encoding="utf-8"))


def allow_retries(items: list[pytest.Item]) -> None:
    reasons = {test["name"]: test["reason"] for test in listed().get("test", [])}
    for item in items:
        if item.get_closest_marker("flaky"):
            raise pytest.UsageError(f"{item.nodeid}: list it in tests/unsteady.toml instead of marking it flaky")
        reason = reasons.get(item.nodeid.partition("[")[0])
        if reason and not item.nodeid.startswith(NEVER):
            item.add_marker(pytest.mark.flaky(reruns=1, reason=reason))
