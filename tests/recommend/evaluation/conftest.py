from collections.abc import Iterator

import pytest

from recommend.evaluation.experiments import forget_running_trial


@pytest.fixture(autouse=True)
def _fresh_trial() -> Iterator[None]:
    """Each test's database starts empty, so the process must not remember the last one's."""
    forget_running_trial()
    yield
    forget_running_trial()
