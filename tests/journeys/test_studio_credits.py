"""A curator with few credits sees what is left, spends them, and is told when there are none."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from garden.models import Image
from generation.models import CreditCharge, Version
from tests.generation.credits.purse import curator
from tests.journeys.conftest import watch
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import PATIENCE_MS
from tests.journeys.studio_page import StudioPage
from tests.journeys.test_studio import DESK, picture
from tests.journeys.workshop import sign_in, worker_at_work

__all__ = ["picture"]


@pytest.fixture
def studio(context: BrowserContext, live_server: LiveServer, transactional_db: None) -> Iterator[StudioPage]:
    sign_in(context, live_server.url, curator(daily=2))
    page = context.new_page()
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    noted = KioskPage(page, live_server.url)
    watch(page, noted)
    yield StudioPage(page, live_server.url)
    page.close()
    assert [problem for problem in noted.problems if "402" not in problem] == []


def is_told(studio: StudioPage, text: str) -> None:
    expect(studio.page.locator("[data-credits]")).to_have_text(text, timeout=PATIENCE_MS)


def test_credits_are_held_given_back_spent_and_missed(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    is_told(studio, "2 of 2 credits left today; a picture costs 1")
    studio.draw((0.2, 0.2), (0.6, 0.3))

    studio.run()
    is_told(studio, "1 of 2 credits left today; a picture costs 1")
    studio.page.locator("[data-cancel]").click()
    studio.said("It was cancelled")
    is_told(studio, "2 of 2 credits left today; a picture costs 1")

    with worker_at_work():
        for number, left in ((2, 1), (3, 0)):
            studio.run()
            studio.on_the_bench(f"Version {number}")
            is_told(studio, f"{left} of 2 credits left today; a picture costs 1")
    assert sorted(CreditCharge.objects.values_list("version", flat=True)) == sorted(
        Version.objects.done().values_list("pk", flat=True)
    )

    studio.run()
    studio.said("Credits left: 0; this costs 1. 2 more come at midnight.")
    assert Version.objects.count() == 3


def test_the_price_of_the_chosen_engine_is_shown_before_it_runs(
    studio: StudioPage, picture: Image, settings: Any
) -> None:
    engines = settings.GENERATION_ENGINES
    settings.GENERATION_ENGINES = {**engines, "finer": engines["painter"]}
    settings.RETOUCH_PRICES = {"finer": 2}
    studio.open(picture.pk)
    is_told(studio, "2 of 2 credits left today; a picture costs 1")
    studio.page.locator("[data-setting=engine]").select_option("finer")
    is_told(studio, "2 of 2 credits left today; a picture costs 2")
    studio.draw((0.2, 0.2), (0.6, 0.3))
    studio.run()
    is_told(studio, "0 of 2 credits left today; a picture costs 2")
    studio.page.goto(f"{studio.address}/admin/curation/retouch-batch/?images={picture.pk}")
    cost = studio.page.locator("[data-cost]")
    expect(cost).to_have_text("All of them cost 1 credits at most; 0 are left.", timeout=PATIENCE_MS)
    studio.page.locator("[data-setting=engine]").select_option("finer")
    expect(cost).to_have_text("All of them cost 2 credits at most; 0 are left.")
