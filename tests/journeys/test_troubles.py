"""What goes wrong is said kindly, and nothing that was said gets lost."""

import json
from typing import Any

from playwright.sync_api import Route, expect

from garden.vocabulary import Emotion
from recommend.models import Interaction
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import PATIENCE_MS


def test_a_like_survives_a_short_network_failure(kiosk: KioskPage) -> None:
    tries: list[Any] = []

    def fail_twice(route: Route) -> None:
        tries.append(json.loads(route.request.post_data or ""))
        if len(tries) <= 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    kiosk.open().goes_to_garden()
    kiosk.page.route("**/like", fail_twice)
    kiosk.like(0)
    kiosk.page.wait_for_event("response", lambda response: response.url.endswith("/like"), timeout=PATIENCE_MS)
    assert len({sent["eventId"] for sent in tries}) == 1
    assert Interaction.objects.filter(kind=Interaction.Kind.LIKE).count() == 1
    kiosk.problems.clear()  # The browser itself reports the requests that we broke.


def test_a_garden_that_cannot_be_reached_can_be_asked_again(kiosk: KioskPage) -> None:
    kiosk.open()
    kiosk.page.route("**/garden", lambda route: route.abort("connectionrefused"))
    kiosk.touch("begin")
    kiosk.touch("wheel")
    kiosk.choose_on_wheel(Emotion.SAD)
    expect(kiosk.page.locator(".garden-hint")).to_contain_text("The garden can't be reached.")
    kiosk.page.unroute("**/garden")
    kiosk.page.locator('.garden [data-action="again"]').click()
    kiosk.sees_pictures()
    kiosk.problems.clear()  # As above.


def test_a_sleeping_analyzer_leads_to_the_wheel(kiosk: KioskPage) -> None:
    kiosk.open()
    kiosk.page.route("**/emotion", lambda route: route.fulfill(status=503, body="{}"))
    kiosk.touch("begin")
    kiosk.touch("camera")
    take = kiosk.page.locator('[data-action="take"]')
    expect(take).to_be_enabled()
    take.click()
    expect(kiosk.page.locator(".look-hint")).to_contain_text("The garden can't read faces right now.")
    kiosk.touch("wheel")
    kiosk.sees("wheel")
    kiosk.problems.clear()  # As above.


def test_without_the_detector_the_button_still_takes_the_photo(kiosk: KioskPage) -> None:
    kiosk.open()
    kiosk.page.route("**/vendor/human/**", lambda route: route.abort())
    kiosk.touch("begin")
    kiosk.touch("camera")
    expect(kiosk.page.locator(".look-hint")).to_contain_text("then press the button", timeout=PATIENCE_MS)
    kiosk.touch("take")
    kiosk.sees("question")
    kiosk.problems.clear()  # As above.
