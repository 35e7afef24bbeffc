"""Which tests are run again on server databases and brokers: `pytest -p tests.services.selection`.

With Redis all that touch the database. With RabbitMQ, beside which the database is the same one, all that reach the
broker: messages are sent when a transaction commits, or by a task of the clock. Left out is what cannot differ: pure
computation, tests that start databases and brokers of every kind themselves, and journeys in a browser beyond one
whole visit, whose pages ask the same routes as the tests that stay.
"""

import os

import pytest
from django.conf import settings

TEMPLATE = "TEST_DATABASE_TEMPLATE"
COMMITTING_FIXTURES = {"transactional_db", "live_server"}
DATABASE_FIXTURES = {"db", *COMMITTING_FIXTURES}
ON_COMMIT = "django_capture_on_commit_callbacks"
SENDING = (
    "tests/garden/ops/test_doctor.py",
    "tests/generation/test_tasks.py",
    "tests/curation/services/test_operations.py",
    "tests/curation/services/test_tasks.py",
)
"""Where messages are sent without a commit."""
OWN_SERVICES = ("tests/faults/", "tests/garden/backup/test_moving.py", "tests/garden/test_broker.py")
JOURNEYS, ONE_JOURNEY = "tests/journeys/", "tests/journeys/test_visit_whole.py"


def pytest_configure() -> None:
    """Each process copies a migrated database instead of migrating one of its own."""
    if template := os.environ.get(TEMPLATE):
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        (chosen if touches_services(item) else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = chosen


def touches_services(item: pytest.Item) -> bool:
    place = item.nodeid.partition("::")[0]
    if item.get_closest_marker("services"):
        return not settings.CELERY_BROKER_URL.startswith("amqp://")  # Once is enough: it starts its own servers.
    if place.startswith(OWN_SERVICES) or (place.startswith(JOURNEYS) and place != ONE_JOURNEY):
        return False
    if settings.CELERY_BROKER_URL.startswith("amqp://"):
        return commits(item) or ON_COMMIT in fixtures_of(item) or place in SENDING
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & fixtures_of(item))


def commits(item: pytest.Item) -> bool:
    """Whether it really commits, and leaves empty tables."""
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or bool(COMMITTING_FIXTURES & fixtures_of(item))


def fixtures_of(item: pytest.Item) -> set[str]:
    return {*getattr(item, "fixturenames", ())}
