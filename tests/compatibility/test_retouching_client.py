"""Who may use the retouching seed's routes, `/user/username` and `/render/edge`, as its page calls them."""

from typing import Any

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from generation.models import Canvas, GenerationJob, TagReading
from tests.compatibility.retouching_client import SIZE, cleo, data_url, edge, page, photo, pixels_of
from tests.curation.cast import member
from tests.garden.access.provider import CLIENT, ISSUER, running_provider
from tests.generation.conftest import _quick_engine

__all__ = ["_quick_engine", "cleo", "page"]
pytestmark = pytest.mark.django_db
ROUTES = [("get", "/user/username"), ("post", "/render/edge"), ("post", "/render/generate")]


class TestWhoMay:
    @pytest.mark.parametrize(("method", "path"), ROUTES)
    def test_nobody_without_a_token_that_is_real(self, page: APIClient, method: str, path: str) -> None:
        assert getattr(APIClient(), method)(path).status_code == 401
        forged = "eyJhbGciOiJub25lIn0.eyJ1c2VybmFtZSI6InJvb3QifQ.x"  # The seed took the name from it, unchecked.
        for token in ("0" * 40, "Token x", f"Bearer {forged}", forged, "Basic YW5uOmFubg=="):
            assert getattr(APIClient(), method)(path, HTTP_AUTHORIZATION=token).status_code == 401

    @pytest.mark.parametrize(("method", "path"), ROUTES)
    def test_only_who_may_retouch(self, method: str, path: str) -> None:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=Token.objects.create(user=member("viewer")).key)
        assert getattr(client, method)(path).status_code == 403

    @pytest.mark.parametrize("scheme", ["", "Token ", "Bearer "])
    def test_a_token_may_come_bare_or_with_its_scheme(self, cleo: Any, scheme: str) -> None:
        key = Token.objects.create(user=cleo).key
        client = APIClient(HTTP_AUTHORIZATION=f"{scheme}{key}")
        assert client.get("/user/username").json()["username"] == "cleo"
        type(cleo).objects.update(is_active=False)
        assert client.get("/user/username").status_code == 401

    def test_a_token_of_the_site_s_identity_provider_is_checked(self, cleo: Any, settings: Any) -> None:
        with running_provider() as provider:
            settings.OIDC_ISSUER, settings.OIDC_AUDIENCE, settings.OIDC_JWKS_URL = ISSUER, CLIENT, provider.url
            good, bad = provider.token(), provider.token(client_id="another")
            assert APIClient().get("/user/username", HTTP_AUTHORIZATION=good).json()["username"] == "cleo"
            assert APIClient().get("/user/username", HTTP_AUTHORIZATION=bad).status_code == 401

    def test_a_session_needs_its_csrf_token(self, cleo: Any) -> None:
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(cleo)
        assert client.get("/user/username").status_code == 200
        assert client.post("/render/generate", "{}", content_type="text/plain").status_code == 403

    def test_a_page_of_a_named_origin_may_call_it(self, settings: Any) -> None:
        settings.CORS_ALLOWED_ORIGINS = ["https://retouch.example"]
        for _method, path in ROUTES:
            preflight = APIClient().options(
                path,
                HTTP_ORIGIN="https://retouch.example",
                HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST",
                HTTP_ACCESS_CONTROL_REQUEST_HEADERS="authorization",
            )
            assert preflight["Access-Control-Allow-Origin"] == "https://retouch.example"


class TestUsername:
    def test_it_answers_name_credit_and_plan(self, page: APIClient) -> None:
        assert page.get("/user/username").json() == {
            "username": "cleo",
            "credit": 3,
            "plan": "3 up to 3",
            "unlimited": False,
        }

    def test_without_a_limit_it_is_the_seed_s_ten_thousand(self) -> None:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=Token.objects.create(user=member("curator")).key)
        reported = client.get("/user/username").json()
        assert (reported["credit"], reported["plan"], reported["unlimited"]) == (10_000, "infinite", True)


class TestEdge:
    def test_it_answers_line_art_and_the_words_of_the_picture(self, page: APIClient) -> None:
        answer = edge(page, data_url(photo()))
        assert answer.status_code == 200, answer.content
        reported = answer.json()
        lines = pixels_of(reported["image"])
        assert lines.shape == (SIZE[1], SIZE[0])
        assert 0 < (lines > 128).mean() < 0.5
        tags = reported["taggingResult"]["caption"]["tag"]
        assert tags
        assert all(isinstance(text, str) and 0 < score <= 1 for text, score in tags.items())
        assert (reported["remainingCredit"], "taggingError" in reported) == (3, False)

    def test_the_same_picture_is_kept_once(self, page: APIClient) -> None:
        for _ in range(2):
            edge(page, data_url(photo()))
        assert (Canvas.objects.count(), TagReading.objects.count()) == (1, 2)

    def test_lines_come_alone_where_no_worker_reads_words(self, page: APIClient, settings: Any) -> None:
        settings.RENDER_WAIT_SECONDS = 0
        settings.PICTURE_TAGGER = {
            "BACKEND": "generation.tagging.clip.ClipTagger",
            "OPTIONS": {"model": "/none", "engine": "quick"},
        }
        reported = edge(page, data_url(photo())).json()
        assert reported["taggingResult"] == {"caption": {"tag": {}}}
        assert reported["taggingError"] == "No worker read the tags in time."
        assert pixels_of(reported["image"]).any()
        assert GenerationJob.objects.get().control == "cancelled"

    @pytest.mark.parametrize(
        "body",
        ["", "no picture", "data:image/png;base64,!!!", "data:text/html;base64,YWFh", "data:image/png;base64,YWFh"],
    )
    def test_it_refuses_what_is_no_picture(self, page: APIClient, body: str) -> None:
        assert edge(page, body).status_code == 400
        assert not Canvas.objects.exists()
