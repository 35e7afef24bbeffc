"""What every test may use. Each test has its own media folder and a recommender without memories."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from rest_framework.test import APIClient

from recommend.backends.registry import get_recommender

# No timed assertions: a busy machine is not a broken program.
hypothesis.settings.register_profile("garden", deadline=None)
hypothesis.settings.load_profile("garden")


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _fresh_recommender() -> Iterator[None]:
    """Each test's database starts empty, so the process must not remember the last one's."""
    get_recommender.cache_clear()
    yield
    get_recommender.cache_clear()


@pytest.fixture
def api() -> APIClient:
    return APIClient()
