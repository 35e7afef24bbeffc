"""One version is cancelled, or tried again, from the list of versions, in a real browser with the painter at work."""

from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from generation.models import Slot, Version
from generation.retouch.versions import open_image
from tests.generation.retouch.easel import ask, edit, picture
from tests.journeys.conftest import watch
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import PATIENCE_MS
from tests.journeys.studio_page import StudioPage
from tests.journeys.workshop import sign_in, worker_at_work


@pytest.fixture
def studio(context: BrowserContext, live_server: LiveServer, transactional_db: None) -> Iterator[StudioPage]:
    sign_in(context, live_server.url, get_user_model().objects.create_superuser("ann"))
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": 1000})
    noted = KioskPage(page, live_server.url)
    watch(page, noted)
    yield StudioPage(page, live_server.url)
    page.close()
    assert noted.problems == []


def test_a_cancelled_version_is_tried_again_through_the_same_queue(studio: StudioPage) -> None:
    studio.open(picture().pk)
    studio.size(40)
    studio.draw((0.3, 0.3), (0.6, 0.6))
    studio.run()
    studio.said("being repainted")
    studio.page.locator("[data-cancel]").click()
    studio.said("It was cancelled")
    version = Version.objects.get()
    again = studio.page.locator(f'[data-version="{version.pk}"] [data-retry]')
    expect(again).to_be_visible()
    with worker_at_work():
        again.click()
        studio.on_the_bench("Version 1")
    assert (Version.objects.get().state, Slot.objects.get().state) == ("done", "done")
    studio.undo()
    studio.on_the_bench("As it was opened")


def test_one_version_is_cancelled_alone_and_the_others_go_on(studio: StudioPage) -> None:
    canvas = open_image(image=picture(), by=None)
    first, second, third = ask([edit(canvas, engine="painter") for _ in range(3)])
    studio.open(canvas.image_id or 0)
    studio.version(second.pk).locator("[data-withdraw]").click()
    studio.said("It was cancelled")
    expect(studio.version(second.pk)).to_have_attribute("data-state", "cancelled")
    expect(studio.version(second.pk).locator("[data-withdraw]")).to_be_hidden()
    for waiting in (first, third):
        expect(studio.version(waiting.pk).locator("[data-withdraw]")).to_be_visible()
    with worker_at_work():
        for going_on in (first, third):
            expect(studio.version(going_on.pk)).to_have_attribute("data-state", "done", timeout=PATIENCE_MS)
    assert [version.state for version in Version.objects.in_order()] == ["done", "cancelled", "done"]


def test_the_keyboard_keeps_its_place_in_the_list_while_versions_are_made(studio: StudioPage) -> None:
    canvas = open_image(image=picture(), by=None)
    [version] = ask([edit(canvas, engine="painter")])
    studio.open(canvas.image_id or 0)
    cancel = studio.version(version.pk).locator("[data-withdraw]")
    with studio.page.expect_response(f"**/versions/{version.pk}"):
        cancel.focus()
    expect(cancel).to_be_focused()
    studio.page.keyboard.press("Enter")
    studio.said("It was cancelled")
    expect(studio.version(version.pk).locator("[data-open]")).to_be_focused()
