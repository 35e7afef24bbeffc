from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine


@pytest.fixture
def time_passes() -> Iterator[Callable[..., None]]:
    """A clock that goes on when it is told to."""
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False) as machine:

        def pass_by(**time: Any) -> None:
            machine.shift(timedelta(**time))

        yield pass_by
