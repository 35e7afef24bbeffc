"""The documentation that staff reads at /docs/."""

import base64
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.test import Client

from garden.pages.docs import THEME_SCRIPT

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documentation") / "docs"
    call_command("build_docs", folder=folder, verbosity=0)
    return folder


@pytest.fixture(autouse=True)
def _root(built: Path, settings: Any) -> None:
    settings.DOCS_ROOT = built


def body(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def test_it_is_for_staff_alone(client: Client, admin_client: Client) -> None:
    assert client.get("/docs/").headers["Location"].startswith("/admin/login/")
    assert client.get("/docs/searchindex.js").status_code == 302
    assert "Your first visit" in body(admin_client.get("/docs/"))


def test_it_has_every_page_in_its_navigation(built: Path) -> None:
    pages = {path.relative_to(site.BASE_DIR / "docs").with_suffix(".html") for path in sources()}
    first = (built / "index.html").read_text()
    linked = {Path(target) for target in re.findall(r'class="reference internal" href="([^"#]+\.html)"', first)}
    assert pages - linked == {Path("index.html")}


def sources() -> list[Path]:
    return list((site.BASE_DIR / "docs").rglob("*.md"))


def test_it_can_be_searched(admin_client: Client) -> None:
    assert "Search.setIndex" in body(admin_client.get("/docs/searchindex.js"))
    assert "searchtools.js" in body(admin_client.get("/docs/search.html"))


def test_its_policy_admits_the_scripts_within_its_pages_and_no_others(admin_client: Client, built: Path) -> None:
    policy = admin_client.get("/docs/").headers["Content-Security-Policy"]
    scripts = {
        script
        for page in built.rglob("*.html")
        for script in re.findall("<script>(.+?)</script>", page.read_text(), re.DOTALL)
    }
    hashes = {f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts}
    assert hashes == {THEME_SCRIPT}
    assert THEME_SCRIPT in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]


@pytest.mark.parametrize(
    ("path", "status"), [("../conftest.py", 400), ("%2e%2e/conftest.py", 400), ("missing.html", 404), ("how-to/", 404)]
)
def test_it_serves_nothing_else(admin_client: Client, path: str, status: int) -> None:
    assert admin_client.get(f"/docs/{path}").status_code == status


def test_it_says_how_to_build_it(admin_client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DOCS_ROOT = tmp_path / "absent"
    response = admin_client.get("/docs/")
    assert response.status_code == 404
    assert "make docs" in response.content.decode()
