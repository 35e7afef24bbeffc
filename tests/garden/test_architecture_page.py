"""The architecture page names what exists."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.findall(r"`((?:\w+/)+\w+)\.py(?::([\w.]+))?`", (ROOT / "docs/develop/architecture.md").read_text())


def test_it_names_enough_to_be_checked() -> None:
    assert len(NAMED) > 30


@pytest.mark.parametrize(("module", "names"), NAMED)
def test_each_name_exists(module: str, names: str) -> None:
    found: object = importlib.import_module(module.replace("/", "."))
    for name in names.split(".") if names else ():
        found = getattr(found, name)
