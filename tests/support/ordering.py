"""Which files run first. Two processes share the suite file by file; a long one that began last would end alone."""

import pytest

LONG_FIRST = (
    "tests/contracts/",
    "tests/faults/",
    "tests/upgrades/test_from_the_last_release.py",
    "tests/generation/engines/",
    "tests/journeys/",
    "tests/curation/",
    "tests/recommend/datasets/",
    "tests/recommend/evaluation/",
    "tests/garden/backup/",
    "tests/garden/ops/",
    "tests/rehearsal/",
)


def put_long_ones_first(items: list[pytest.Item]) -> None:
    """Otherwise in the order in which they were found."""
    items.sort(key=lambda item: next((n for n, place in enumerate(LONG_FIRST) if item.nodeid.startswith(place)), 99))
