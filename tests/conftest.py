"""What every test may use. Each test has its own media folder and a recommender without memories."""

import gc
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from botocore.loaders import create_loader
from django.core.cache import caches
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import teardown_databases
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key
from rest_framework.test import APIClient

from garden import broker
from garden.faces import service
from generation.queue import result_pool
from recommend.backends.registry import forget_recommenders
from tests.services.selection import commits
from tests.support import migrated
from tests.support.ordering import put_long_ones_first
from tests.support.unsteady import allow_retries

# No timed assertions: a busy machine is not a broken program.
# The same examples in every run: what fails, fails again. `make test-long` draws others, and more of them.
hypothesis.settings.register_profile("garden", deadline=None, derandomize=True, max_examples=30)
hypothesis.settings.register_profile("long", deadline=None, max_examples=300)
hypothesis.settings.load_profile("garden")


def pytest_collection() -> None:
    """CPython 3.11 fails now and then to compile a test when garbage is collected meanwhile (gh-106905)."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What was imported and collected stays: no later collection of garbage walks through it."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    put_long_ones_first(items)
    allow_retries(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Where tests that really commit end with empty tables, the next one finds what migrations put there."""
    yield
    if nextitem is not None and commits(item) and connection.vendor != "sqlite":
        with item.config.stash[blocking_manager_key].unblock():
            migrated.write_rows()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process of a run has made and the others need not make again."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def migrated_sqlite(django_db_setup: None, shared_folder: Path) -> Path:
    """A database as migrations leave it, to be copied."""
    return shared_folder / migrated.NAME


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
    shared_folder: Path,
) -> Iterator[None]:
    """In place of pytest-django's, with which every process would migrate and every commit be flushed."""
    source = shared_folder / migrated.NAME
    with django_db_blocker.unblock():
        made = migrated.set_up(source)
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: migrated.put_back(source))
        yield
    with django_db_blocker.unblock():
        migrated.end_other_sessions()
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _quick_boto3() -> Iterator[None]:
    """Its retries wait up to 20 seconds, and each session of its own reads the description of a service again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.session.create_loader", lru_cache(create_loader))
        patch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *args: 0.01)
        yield


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
    forget_recommenders()
    yield
    forget_recommenders()


@pytest.fixture(autouse=True)
def _nothing_failed() -> None:
    """What failed for one test is not left alone by the next one."""
    service.reading_pool.failures = 0
    broker._retry_at = result_pool.storage_wait.until = 0.0


@pytest.fixture(autouse=True)
def _uncounted() -> None:
    """Nobody has asked anything yet."""
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def api() -> APIClient:
    return APIClient()
