"""A changelog that can be relied on: Keep a Changelog, newest first, one section for each release."""

import re
from datetime import date
from pathlib import Path

from garden.ops.version import project_version, releases

CHANGELOG = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
RELEASE = re.compile(r"(\d+)\.(\d+)\.(\d+) - (\d{4}-\d{2}-\d{2})")


def test_what_is_not_released_comes_first() -> None:
    assert SECTION.findall(CHANGELOG)[0] == "Unreleased"


def test_every_release_has_a_number_and_a_day_newest_first() -> None:
    found = [RELEASE.fullmatch(title) for title in SECTION.findall(CHANGELOG)[1:]]
    assert found
    assert all(found)
    numbers = [tuple(map(int, match.groups()[:3])) for match in found if match]
    days = [date.fromisoformat(match[4]) for match in found if match]
    assert numbers == sorted(set(numbers), reverse=True)
    assert days == sorted(days, reverse=True)


def test_the_programs_version_has_its_section() -> None:
    """A version that is being made (`.dev0`) belongs to what is not released."""
    released = [title.partition(" ")[0] for title in SECTION.findall(CHANGELOG)[1:]]
    version, being_made, _ = project_version().partition(".dev")
    assert (version in released) is not bool(being_made)
    assert list(releases()) == released[::-1]


def test_changes_stand_under_the_kinds_that_the_format_knows() -> None:
    assert set(re.findall(r"^### (.+)$", CHANGELOG, re.MULTILINE)) <= KINDS


def test_what_is_not_released_says_something() -> None:
    unreleased = CHANGELOG.split("\n## ")[1]
    assert "\n- " in unreleased
