"""Every answer tells browsers what they may do with it, and no page needs more than that."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from garden.models import Zone
from tests.garden.access.people import sign_in, staff_member

pytestmark = pytest.mark.django_db
admin.autodiscover()
VISITOR_PAGES = ["/kiosk/", "/kiosk/pair/", "/wall/", "/wall/zone1/1/h", "/try/emotion/", "/try/garden/", "/image"]
STAFF_PAGES = [
    "/admin/",
    "/admin/login/",
    "/admin/second-factor/",
    "/admin/password_change/",
    "/admin/curation/review/",
    "/admin/curation/lookalikes/",
    "/admin/curation/make/",
    "/admin/curation/dashboard/",
    "/admin/curation/releases/",
    "/admin/curation/acts/",
    "/api/docs/",
]
CAMERA = {"/kiosk/", "/try/emotion/"}


class Inline(HTMLParser):
    """What a Content-Security-Policy without `unsafe-inline` would not run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        data = given.get("type") in ("application/json", "importmap-none")
        self._script = tag if tag in ("script", "style") and "src" not in given and not data else ""
        if tag == "style" or "style" in given:
            self.found.append(f"{tag} style")
        self.found += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.found += [f"{tag} {value}" for value in given.values() if value and value.startswith("javascript:")]

    def handle_data(self, data: str) -> None:
        if self._script == "script" and data.strip():
            self.found.append(f"script {data.strip()[:40]}")
        self._script = ""


@pytest.fixture
def staff(client: Client) -> Client:
    Zone.objects.get_or_create(name="zone1")
    staff_member("ann")
    sign_in(client)
    return client


def lists_of_admin() -> list[str]:
    models = [model._meta for model in admin.site._registry]
    return [f"admin:{each.app_label}_{each.model_name}_changelist" for each in models]


def inline_in(answer: Any) -> list[str]:
    page = Inline()
    page.feed(answer.content.decode())
    return page.found


def test_pages_run_nothing_inline(staff: Client) -> None:
    lists = [reverse(name) for name in lists_of_admin()]
    assert len(lists) > 30
    paths = [*VISITOR_PAGES, *STAFF_PAGES, *lists]
    found = {path: inline_in(staff.get(path, follow=path in lists)) for path in paths}
    assert {path: inline for path, inline in found.items() if inline} == {}


def directives_of(policy: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}


@pytest.mark.parametrize("path", ["/kiosk/", "/admin/login/", "/api/docs/", "/nowhere"])
def test_the_policy_has_no_way_around(client: Client, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    directives = directives_of(policy)
    assert directives["default-src"] == directives["style-src"] == directives["worker-src"] == ["'self'"]
    assert directives["script-src"] == ["'self'", *(["'wasm-unsafe-eval'"] if path == "/kiosk/" else [])]
    assert directives["object-src"] == directives["base-uri"] == directives["frame-ancestors"] == ["'none'"]
    assert not re.search(r"unsafe-inline|'unsafe-eval'|\*|http:", policy)


def test_web_assembly_runs_on_kiosks_that_look_at_faces_and_nowhere_else(staff: Client, settings: Any) -> None:
    pages = [*VISITOR_PAGES, *STAFF_PAGES, "/about/"]
    policies = {path: staff.get(path).headers.get("Content-Security-Policy", "") for path in pages}
    assert [path for path, policy in policies.items() if "wasm" in policy] == ["/kiosk/"]
    settings.FACE_READING = False
    assert "wasm" not in staff.get("/kiosk/").headers["Content-Security-Policy"]


GUARDED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def test_every_answer_is_guarded(staff: Client) -> None:
    for path in [*VISITOR_PAGES, *STAFF_PAGES, "/nowhere", "/api/schema/"]:
        headers = staff.get(path).headers
        assert {name: headers[name] for name in GUARDED} == GUARDED, path
        assert ("camera=(self)" in headers["Permissions-Policy"]) is (path in CAMERA), path


def test_pictures_may_be_shown_by_kiosks_of_other_sites(client: Client) -> None:
    assert finders.find("garden/glyphs/sunflower.svg")
    answer = client.get("/static/garden/glyphs/sunflower.svg")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_pages_of_staff_are_kept_by_no_cache(staff: Client) -> None:
    for path in ("/admin/", "/admin/second-factor/", "/admin/garden/auditentry/"):
        assert "no-store" in staff.get(path).headers["Cache-Control"]


def test_no_script_reads_a_cookie(client: Client) -> None:
    ann = staff_member("ann")
    sign_in(client)
    assert {name: bool(cookie["httponly"]) for name, cookie in client.cookies.items()} == {
        "sessionid": True,
        "csrftoken": True,
        f"staff_device_{ann.pk}": True,
    }
    assert {cookie["samesite"] for cookie in client.cookies.values()} == {"Lax"}


def test_the_code_of_a_phone_is_a_picture_that_the_policy_allows(client: Client, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = "required"
    staff_member("ann")
    sign_in(client)
    page = client.get("/admin/second-factor/")
    assert 'src="data:image/svg+xml' in page.content.decode()
    assert "data:" in page.headers["Content-Security-Policy"].partition("img-src")[2].partition(";")[0]
