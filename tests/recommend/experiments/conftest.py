from collections.abc import Iterator

import pytest

from recommend.experiments.trials import forget_recommenders


@pytest.fixture(autouse=True)
def _fresh_arms() -> Iterator[None]:
    """Each test's database starts empty, so the process must not remember the last one's."""
    forget_recommenders()
    yield
    forget_recommenders()
