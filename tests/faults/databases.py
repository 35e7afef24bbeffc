"""The databases that a site may have, each empty and its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.postgresql import postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'garden.sqlite3'}"
    else:
        with postgresql() as url:
            yield url
