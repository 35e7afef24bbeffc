"""`GET /version`: what runs here, and whether its database is as it expects; the changelog agrees with it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from garden.ops.version import expected_migrations, project_version, releases

pytestmark = pytest.mark.django_db
CHANGELOG = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")


def test_it_answers_version_and_schema_without_a_key(api: APIClient, settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"
    answer = api.get("/version")
    assert answer.status_code == 200
    found = answer.json()
    assert found["version"] == project_version()
    assert found["schema"] == {app: names[-1] for app, names in expected_migrations().items()}
    assert found["pending"] == []
    assert answer["Cache-Control"] == "no-store"


def test_it_names_the_migrations_the_database_lacks(api: APIClient) -> None:
    newest = expected_migrations()["garden"][-1]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'garden' AND name = %s", [newest])
    found = api.get("/version").json()
    assert found["pending"] == [f"garden.{newest}"]
    assert found["schema"]["garden"] == expected_migrations()["garden"][-2]


def test_the_programs_version_has_its_section() -> None:
    """A version that is being made (`.dev0`) belongs to what is not released."""
    released = re.findall(r"^## (\d\S*)", CHANGELOG, re.MULTILINE)
    version, being_made, _ = project_version().partition(".dev")
    assert (version in released) is not bool(being_made)
    assert list(releases()) == released[::-1]
