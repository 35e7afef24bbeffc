"""What every test may use. Each test has its own media folder and a recommender without memories."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.utils import translation
from pytest_django.plugin import blocking_manager_key
from rest_framework.test import APIClient

from recommend.backends.registry import get_recommender

# No timed assertions: a busy machine is not a broken program.
hypothesis.settings.register_profile("garden", deadline=None)
hypothesis.settings.load_profile("garden")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Tests that really commit end with empty tables; the next one finds what migrations put there."""
    yield
    if nextitem is not None and _commits(item):
        from tests.migrated_rows import put_back

        with item.config.stash[blocking_manager_key].unblock():
            put_back()


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    return bool(marker and marker.kwargs.get("transaction")) or bool({"transactional_db", "live_server"} & {*fixtures})


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _english() -> None:
    """What one test speaks, the next one does not."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def _fresh_recommender() -> Iterator[None]:
    """Each test's database starts empty, so the process must not remember the last one's."""
    get_recommender.cache_clear()
    yield
    get_recommender.cache_clear()


@pytest.fixture
def api() -> APIClient:
    return APIClient()
