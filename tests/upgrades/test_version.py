"""`GET /version`: what runs here, and whether its database is as it expects."""

import pytest
from django.db import connection
from rest_framework.test import APIClient

from garden.ops.version import expected_migrations, project_version

pytestmark = pytest.mark.django_db


def test_it_tells_the_version_the_api_and_the_schema(api: APIClient) -> None:
    answer = api.get("/version")
    assert answer.status_code == 200
    told = answer.json()
    assert told["version"] == project_version()
    assert told["schema"] == {app: names[-1] for app, names in expected_migrations().items()}
    assert told["pending"] == []
    assert answer["Cache-Control"] == "no-store"


def test_it_tells_which_migrations_the_database_lacks(api: APIClient) -> None:
    newest = expected_migrations()["garden"][-1]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'garden' AND name = %s", [newest])
    told = api.get("/version").json()
    assert told["pending"] == [f"garden.{newest}"]
    assert told["schema"]["garden"] == expected_migrations()["garden"][-2]


def test_it_needs_no_key(api: APIClient, settings: object) -> None:
    settings.KIOSK_ACCESS = "keys"  # type: ignore[attr-defined]
    assert api.get("/version").status_code == 200
