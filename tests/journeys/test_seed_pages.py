"""Pages that do what the seeds' pages do (the same calls, keys cut out of URLs the same way), opened in a browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer
from rest_framework.authtoken.models import Token

from curation.models import BulkOperation
from garden.models import Image, Zone
from garden.services import write_image
from generation.models import Worker
from recommend.models import Interaction
from tests.garden.walls.walls import keys_on
from tests.journeys.patience import comes_to_be
from tests.journeys.workshop import sign_in, worker_at_work
from tests.support.pictures import coffee

PAGES = Path(__file__).parent / "seed_pages"
FAVORITES = ("spring,cloudy,day", "봄 꽃", "a+b 100%", "%41")
QUICK = {"BACKEND": "tests.generation.quick_engine.QuickEngine", "OPTIONS": {}}
POOLED = "imgPool/happy/봄 꽃, day/img_{}_0h.jpeg"


@pytest.fixture
def planted(transactional_db: None) -> list[Image]:
    """Four pictures of the garden and two of the pool, under keys that need encoding."""
    keys = [f"emotions/happy/{favorite}/img_{n}_0h.jpeg" for n, favorite in enumerate(FAVORITES)]
    keys += [POOLED.format(n) for n in range(2)]
    return Image.objects.bulk_create([write_image(key=key, content=coffee(), origin="import") for key in keys])


@pytest.fixture
def page(context: BrowserContext, live_server: LiveServer, planted: list[Image]) -> Iterator[Page]:
    """Served beside the garden's own addresses, as by a proxy in front of it."""
    context.route(re.compile(r"/seed/\w+\.html"), _serve)
    page = context.new_page()
    yield page
    page.close()


def _serve(route: Route) -> None:
    name = Path(route.request.url.partition("?")[0]).name
    route.fulfill(path=PAGES / name, content_type="text/html; charset=utf-8")


def answered(page: Page, *lines: str) -> None:
    for line in lines:
        expect(page.locator("#answers")).to_contain_text(line)


def all_seen(page: Page, number: int) -> None:
    pictures = page.locator("#pictures img")
    expect(pictures).to_have_count(number)
    for picture in pictures.all():
        expect(picture).not_to_have_js_property("naturalWidth", 0)


def test_a_garden_is_shown_liked_kept_and_hung(page: Page, live_server: LiveServer) -> None:
    zone = Zone.objects.create(name="zone1")
    page.goto(f"{live_server.url}/seed/garden.html")
    answered(page, "/garden 200")
    all_seen(page, len(FAVORITES))
    shown = page.evaluate("urls.map((url) => decodeURIComponent(keyIn(url)))")
    assert {*shown} == {f"emotions/happy/{favorite}/img_{n}_0h.jpeg" for n, favorite in enumerate(FAVORITES)}
    page.click("#next")
    answered(page, "/like 200")
    assert len(Interaction.objects.get().exposed) == len(FAVORITES)
    for place, key in enumerate(shown):
        with page.expect_response("**/like") as answer:
            page.locator("#pictures img").nth(place).click()
        assert answer.value.status == 200
        interaction = Interaction.objects.latest("sequence")
        assert (interaction.item_key, interaction.impression) == (key, shown)
    page.click("#wall")
    answered(page, "/updateDisplay 200")
    assert list(keys_on(zone).items()) == [(f"{n}h", key) for n, key in enumerate(shown, 2)]
    page.click("#souvenir")
    expect(page.locator(".souvenir-picture")).not_to_have_js_property("naturalWidth", 0)


@pytest.mark.parametrize("access", ["token", "session"])
def test_a_curator_draws_looks_removes_and_withdraws(
    page: Page, context: BrowserContext, live_server: LiveServer, settings: Any, access: str
) -> None:
    """With a token that a proxy adds, or signed in by session with the CSRF token of a page of ours."""
    settings.GENERATION_ENGINES, settings.GENERATION_DEFAULT_ENGINE = {"quick": QUICK}, "quick"
    ann = get_user_model().objects.create_superuser("ann")
    serving = f"{live_server.url}/media/{quote(f'emotions/happy/{FAVORITES[0]}/img_0_0h.jpeg')}"
    if access == "token":
        token = Token.objects.create(user=ann).key
        context.route(
            re.compile(r"/(retrieve|removePool|clearIndex|bulk|text2image|imgPool/.*)$"),
            lambda route: route.continue_(headers={**route.request.headers, "authorization": f"Token {token}"}),
        )
    else:
        sign_in(context, live_server.url, ann)
    page.goto(f"{live_server.url}/seed/pool.html?serving={quote(serving, safe='')}")
    if access == "session":
        page.click("#bulk")
        answered(page, "/bulk 403")
        page.evaluate(BORROW_TOKEN)
    page.click("#retrieve")
    answered(page, "/retrieve 200")
    all_seen(page, 2)
    page.click("#remove")
    answered(page, '/removePool 200 {"removed":2,"missing":[]')
    page.click("#clear")
    answered(page, '/clearIndex 200 {"withdrawn":1,"missing":[]')
    assert set(BulkOperation.objects.values_list("kind", flat=True)) == {"remove", "withdraw"}
    with worker_at_work(["quick"]):
        page.click("#bulk")
        answered(page, "/bulk 200")
        page.click("#draw")
        answered(page, "/text2image 200")
        comes_to_be(page, lambda: Image.objects.pool().count() == 3, "all is made")
    pasted = context.browser.new_context().new_page()  # type: ignore[union-attr]  # Without a session or a token.
    address = page.locator("#drawn").get_attribute("href")
    answer = pasted.goto(str(address))
    assert answer is not None
    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
    pasted.context.close()


def test_a_picture_is_prepared_and_repainted_where_a_worker_is_and_no_host(
    page: Page, live_server: LiveServer, settings: Any
) -> None:
    """The client goes on only from RUNNING and AVAILABLE; without a worker it says so, and sends nothing more."""
    settings.GENERATION_DEFAULT_ENGINE = "painter"
    token = Token.objects.create(user=get_user_model().objects.create_superuser("ann")).key
    page.goto(f"{live_server.url}/seed/retouch.html#{token}")
    page.click("#prepare")
    answered(page, "the server is UNKNOWN")
    with worker_at_work(["painter"]):
        comes_to_be(page, Worker.objects.online().exists, "a worker is heard")
        page.click("#prepare")
        answered(page, "prepared 200 true")
        expect(page.locator("#lines")).to_have_js_property("naturalWidth", 96)
        page.click("#generate")
        answered(page, "generated 400 maskData is empty")
        page.click("#generate")
        answered(page, "generated 200 a picture")


BORROW_TOKEN = """
async () => {
  const ours = new DOMParser().parseFromString(await (await fetch("/admin/curation/make/")).text(), "text/html");
  headers["X-CSRFToken"] = ours.querySelector("[name=csrfmiddlewaretoken]").value;
}
"""
