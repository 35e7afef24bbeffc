"""A picture that grows for the visitor: watched, liked, taken home and sent to the wall; or a curated one instead."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from PIL.Image import Image as PillowImage
from playwright.sync_api import expect

from garden.models import Assignment, Image, SouvenirLink, Zone
from generation.engines.base import OnStage, OnStep, Picture, PictureRequest
from generation.engines.painter import PainterEngine
from generation.models import Slot
from recommend.models import Interaction
from tests.journeys.axe import faults_on
from tests.journeys.kiosk_page import KioskPage, says_like
from tests.journeys.test_visit_gift import SCREENS
from tests.journeys.workshop import worker_at_work
from tools.services.ports import wait_until

KIND_WORDS = "It could not grow just now. These bloom for you instead."


@pytest.fixture
def at_work() -> Iterator[None]:
    with worker_at_work():
        yield


def test_from_a_photo_to_the_wall(kiosk: KioskPage, settings: Any, at_work: None) -> None:
    settings.PUBLIC_URL, settings.GROWN_UNREVIEWED = "https://garden.example", True
    Zone.objects.create(name="hall", title="Entrance hall")
    kiosk.open().touch("begin")
    kiosk.touch("camera")
    kiosk.sees("question")
    kiosk.page.locator(".guesses .mood").first.click()
    kiosk.sees_pictures()

    began = time.monotonic()
    kiosk.touch("grow")
    expect(kiosk.page.locator(".growing-stage").first).to_be_visible()
    first_stage = time.monotonic() - began
    expect(kiosk.page.locator(".grow")).to_have_attribute("data-state", "grown")
    print(f"first stage after {first_stage:.1f} s, finished after {time.monotonic() - began:.1f} s")  # noqa: T201
    expect(kiosk.page.locator(".growing .picture-image.is-loaded")).to_be_visible()
    assert faults_on(kiosk.page) == []

    with kiosk.page.expect_response("**/souvenir"), kiosk.page.expect_response(says_like):
        kiosk.like(0)
    grown = Image.objects.get(grown_at__isnull=False)
    assert grown.state == Image.State.POOL
    kiosk.touch("gift")
    expect(kiosk.page.locator(".gift")).to_have_attribute("data-code", "shown")
    assert SouvenirLink.objects.get().image == grown
    kiosk.touch("wall")
    expect(kiosk.page.locator(".to-wall-status")).to_contain_text("It blooms on the wall")
    assert Assignment.objects.get(source=Assignment.Source.VISITOR).image == grown


def test_where_it_waits_for_review_it_stays_here(kiosk: KioskPage, at_work: None) -> None:
    kiosk.open().goes_to_garden()
    kiosk.touch("grow")
    expect(kiosk.page.locator(".growing .picture-image.is-loaded")).to_be_visible()
    with kiosk.page.expect_response(says_like):
        kiosk.like(0)
    expect(kiosk.page.locator(".grow-hint")).to_have_text("Thank you. The staff will look at it before others see it.")
    expect(kiosk.page.locator('.grow [data-action="gift"]')).to_be_disabled()
    kiosk.touch("again")
    expect(kiosk.page.locator(".growing .picture-image.is-loaded")).to_be_visible()
    kiosk.touch("garden")
    kiosk.sees_pictures()
    wait_until(lambda: Interaction.objects.filter(item_key="", impression__icontains="img_grown_").exists())
    assert Image.objects.filter(grown_at__isnull=False).count() == 2


def test_a_worker_that_dies_ends_in_curated_pictures_and_kind_words(
    kiosk: KioskPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker paints two layers and is never heard of again."""
    kiosk.open().goes_to_garden()
    paint = PainterEngine.grow

    def dies(self: PainterEngine, request: PictureRequest, on_stage: OnStage, on_step: OnStep) -> Picture:
        stages = iter([on_stage, on_stage])

        def show(image: PillowImage) -> None:
            next(stages, lambda image: time.sleep(8))(image)

        return paint(self, request, show, on_step)

    monkeypatch.setattr(PainterEngine, "grow", dies)
    with worker_at_work():
        kiosk.touch("grow")
        expect(kiosk.page.locator(".growing-stage").nth(1)).to_be_visible()
        stalled = time.monotonic()
        kiosk.sees("garden")
        print(f"curated pictures {time.monotonic() - stalled:.1f} s after the last stage")  # noqa: T201
        assert len(kiosk.sees_pictures()) == 3
        expect(kiosk.page.locator(".garden-hint")).to_have_text(KIND_WORDS)
    wait_until(lambda: Slot.objects.get().state == Slot.State.CANCELLED)


def test_without_a_worker_the_curated_pictures_return(kiosk: KioskPage) -> None:
    kiosk.open().goes_to_garden()
    kiosk.touch("grow")
    expect(kiosk.page.locator(".garden-hint")).to_have_text(KIND_WORDS)


def test_a_site_that_grows_none_offers_none(kiosk: KioskPage, settings: Any) -> None:
    settings.GROW_ENGINE = ""
    kiosk.open().goes_to_garden()
    expect(kiosk.page.locator('[data-action="grow"]')).to_have_count(0)


@pytest.mark.parametrize(("screen", "other"), [((1080, 1920), (390, 844)), ((1280, 800), (3840, 2160))])
def test_it_is_seen_whole(kiosk: KioskPage, at_work: None, screen: tuple[int, int], other: tuple[int, int]) -> None:
    kiosk.page.set_viewport_size({"width": screen[0], "height": screen[1]})
    kiosk.open().goes_to_garden()
    kiosk.touch("grow")
    expect(kiosk.page.locator(".growing .picture-image.is-loaded")).to_be_visible()
    picture = (800, 1280) if screen[1] > screen[0] else (1280, 800)
    for width, height in (screen, other):
        kiosk.page.set_viewport_size({"width": width, "height": height})
        frame = kiosk.page.locator(".growing").bounding_box()
        assert frame is not None
        assert frame["width"] / frame["height"] == pytest.approx(picture[0] / picture[1], rel=0.01)


def test_everything_of_it_is_on_the_screen_in_every_language(kiosk: KioskPage, at_work: None) -> None:
    kiosk.open().goes_to_garden()
    kiosk.touch("grow")
    expect(kiosk.page.locator(".growing .picture-image.is-loaded")).to_be_visible()
    below = {}
    for width, height in [*SCREENS, (390, 844)]:
        kiosk.page.set_viewport_size({"width": width, "height": height})
        for language in ("en", "ko", "ja"):
            kiosk.speaks(language)
            below[width, height, language] = kiosk.page.evaluate(
                "document.querySelector('.grow .actions').getBoundingClientRect().bottom - innerHeight"
            )
    assert {where: pixels for where, pixels in below.items() if pixels > 0} == {}
