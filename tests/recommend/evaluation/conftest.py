from collections.abc import Iterator

import pytest

from recommend.evaluation.experiments import running_trial


@pytest.fixture(autouse=True)
def _fresh_trial() -> Iterator[None]:
    """Each test's database starts empty, so the process must not remember the last one's."""
    running_trial.forget()
    yield
    running_trial.forget()
