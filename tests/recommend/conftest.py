"""The recommender's own cast."""

from collections.abc import Iterator

import pytest

from recommend.backends.registry import get_recommender


@pytest.fixture(autouse=True)
def fresh_recommender() -> Iterator[None]:
    """Each test's database starts empty, so the process must not remember the last one's."""
    get_recommender.cache_clear()
    yield
    get_recommender.cache_clear()
