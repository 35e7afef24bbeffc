"""A link on another site, followed by a curator who is signed in: a real browser says where the request came from."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer

from generation.models import GenerationJob
from tests.curation.cast import member
from tests.journeys.workshop import sign_in

ASKED = "text2image?prompt=a%20calm%20pond"


@pytest.fixture(autouse=True)
def _answers_at_once(settings: Any) -> None:
    settings.TEXT2IMAGE_WAIT_SECONDS = 0


def test_it_makes_no_picture_for_a_link_on_another_site_and_one_for_a_typed_address(
    context: BrowserContext, live_server: LiveServer, transactional_db: None
) -> None:
    sign_in(context, live_server.url, member("curator"))
    page = context.new_page()
    link = f'<a href="{live_server.url}/{ASKED}">a nice picture</a>'
    page.route("http://elsewhere.example/", lambda route: route.fulfill(body=link, content_type="text/html"))
    page.goto("http://elsewhere.example/")
    with page.expect_navigation() as followed:
        page.get_by_text("a nice picture").click()
    assert (followed.value.status, GenerationJob.objects.count()) == (403, 0)
    typed = page.goto(f"{live_server.url}/{ASKED}")
    assert typed
    assert (typed.status, GenerationJob.objects.count()) == (202, 1)
