"""What a checker is told to overlook is named exactly, and a rule of security with the reason beside it."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("garden", "recommend", "generation", "curation", "benchmarks", "tests")
_OVERLOOKED = re.compile(r"#\s*(?:noqa\b(?!: [A-Z]+[0-9]+)|type: ignore(?!\[))")
_SECURITY = re.compile(r"# noqa: (?:[A-Z0-9]+, )*S[0-9]{3}(?P<reason>.*)")


def lines() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield f"{path.relative_to(ROOT)}:{number}", line


def test_nothing_is_overlooked_as_a_whole() -> None:
    here = f"{Path(__file__).relative_to(ROOT)}:"
    assert [place for place, line in lines() if _OVERLOOKED.search(line) and not place.startswith(here)] == []


def test_every_rule_of_security_that_is_set_aside_says_why() -> None:
    found = [(place, match["reason"]) for place, line in lines() if (match := _SECURITY.search(line))]
    assert len(found) > 10
    assert [place for place, reason in found if len(reason.strip(" #–(")) < 10] == []
