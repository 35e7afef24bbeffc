"""A curator makes pictures in bulk and watches them appear."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from generation.models import GenerationJob, PromptTemplate, Slot
from tests.journeys.axe import faults_on
from tests.journeys.patience import PATIENCE_MS, comes_to_be
from tests.journeys.review_page import LAPTOP, PHONE, Desk
from tests.journeys.workshop import worker_at_work

QUICK = {"BACKEND": "tests.generation.quick_engine.QuickEngine", "OPTIONS": {}}


@pytest.fixture
def bulk(desk: Desk) -> Page:
    review = desk()
    review.page.goto(f"{review.address}/admin/curation/bulk/")
    return review.page


def choose(page: Page, *emotions: str, repeats: int = 3, size: tuple[int, int] = (160, 96)) -> None:
    for emotion in emotions:
        page.locator(f"[name=emotions][value={emotion}]").check()
    page.fill("[name=repeats]", str(repeats))
    page.fill("[name=landscape]", f"{size[0]}×{size[1]}")
    page.fill("[name=portrait]", f"{size[1]}×{size[0]}")


def queue(page: Page) -> None:
    page.locator("[data-queue]").dblclick()  # The second click of hasty fingers makes no second job.
    page.wait_for_url(re.compile(r"\?job="))


def count_of(page: Page, state: str) -> Locator:
    return page.locator(f'[data-counts] [data-state="{state}"] dd')


def made(page: Page, pictures: int) -> None:
    """So many are made, and all of them can be seen."""
    expect(count_of(page, "done")).to_have_text(str(pictures), timeout=PATIENCE_MS)
    images = page.locator("[data-tiles] img")
    expect(images).to_have_count(pictures)
    for image in images.all():
        image.scroll_into_view_if_needed()
        expect(image).not_to_have_js_property("naturalWidth", 0)


def test_a_curator_writes_an_order_and_sees_its_pictures_appear(bulk: Page) -> None:
    for text in ("a still pond", "a quiet meadow"):
        PromptTemplate.objects.create(emotion="calm", text=text)
    prompts, others = bulk.locator("[data-prompts] li"), bulk.locator("[name=others]")
    bulk.locator("[name=emotions][value=fear]").check()
    expect(prompts.first).to_contain_text("fear, flowers")
    bulk.fill("[name=words_fear]", "trembling")
    expect(prompts.first).to_contain_text("trembling, flowers")
    bulk.fill("[name=words_fear]", "")
    bulk.keyboard.press("Tab")
    expect(bulk.locator("[name=words_fear]")).to_have_value("fear")
    bulk.locator("[name=emotions][value=fear]").uncheck()

    choose(bulk, "calm", size=(161, 96))
    expect(bulk.locator("#error_landscape")).to_contain_text("width must be a multiple of 8")
    expect(bulk.locator("[data-count]")).to_be_empty()
    bulk.set_viewport_size(PHONE)  # type: ignore[arg-type]
    bulk.emulate_media(color_scheme="dark")
    assert faults_on(bulk) == []
    bulk.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    bulk.emulate_media(color_scheme="light")
    choose(bulk)
    expect(bulk.locator("#error_landscape")).to_be_hidden()
    bulk.locator("[name=rotate]").check()
    expect(others).to_have_value("")
    expect(prompts).to_contain_text(["still pond with water lilies", "a still pond", "a quiet meadow"])
    bulk.locator("[name=rotate]").uncheck()
    expect(others).to_have_value("flowers, garden, painterly light")
    expect(bulk.locator("[data-count]")).to_have_text("6 pictures")
    expect(bulk.locator("[data-time]")).to_contain_text("No worker is online")
    expect(bulk.locator("[data-time]")).to_contain_text("No estimate yet")
    expect(prompts.first).to_contain_text("calm, flowers, garden, painterly light")

    queue(bulk)
    bulk.reload()
    job = GenerationJob.objects.get()
    expect(count_of(bulk, "queued")).to_have_text("6")
    expect(bulk.locator("[data-left]")).to_contain_text("no worker is online")
    with worker_at_work():
        expect(bulk.locator("[data-tiles] img").first).to_be_visible(timeout=PATIENCE_MS)
        bulk.reload()
        made(bulk, 6)
    expect(bulk.locator("[data-status]")).to_have_text("All pictures are made: 6.")
    expect(bulk.locator("[data-jobs] li").first).to_contain_text("6 of 6 made")
    link = bulk.get_by_role("link", name="Review these pictures")
    assert str(link.get_attribute("href")).endswith(f"/review/?job={job.pk}")
    choose(bulk, repeats=30)
    expect(bulk.locator("[data-time]")).to_have_text(re.compile(r"^about \d+ (s|min) with 1 worker$"))
    assert faults_on(bulk) == []


def test_it_is_paused_resumed_and_cancelled_by_keyboard(bulk: Page) -> None:
    answers: list[int] = []
    bulk.on("response", lambda answer: answers.append(answer.status) if "/progress" in answer.url else None)
    choose(bulk, "calm", repeats=20)
    queue(bulk)
    expect(count_of(bulk, "queued")).to_have_text("40")

    def is_told_nothing_new() -> bool:
        with bulk.expect_response("**/progress**"):
            bulk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        return answers[-3:] == [304, 304, 304]

    comes_to_be(bulk, is_told_nothing_new, "nothing is sent while nothing happens")

    message, dialog = bulk.locator("[data-status]"), bulk.get_by_role("dialog")
    with worker_at_work():
        bulk.reload()
        expect(bulk.locator("[data-tiles] img").first).to_be_visible(timeout=PATIENCE_MS)
        bulk.keyboard.press("p")
        expect(message).to_contain_text("Paused", timeout=PATIENCE_MS)
        expect(count_of(bulk, "leased")).to_have_count(0, timeout=PATIENCE_MS)
        paused = int(count_of(bulk, "paused").inner_text())
        assert Slot.objects.filter(state="paused").count() == paused > 0
        bulk.keyboard.press("p")
        expect(count_of(bulk, "paused")).to_have_count(0, timeout=PATIENCE_MS)
        bulk.keyboard.press("c")
        expect(dialog).to_contain_text("will not be made")
        bulk.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        bulk.keyboard.press("c")
        dialog.get_by_role("button", name="Cancel the job").click()
        expect(message).to_contain_text("Cancelled", timeout=PATIENCE_MS)
    assert Slot.objects.filter(state="cancelled").exists()
    assert not Slot.objects.open().exists()


def test_failed_pictures_say_why_and_are_tried_again(bulk: Page, settings: Any) -> None:
    settings.GENERATION_ENGINES = {**settings.GENERATION_ENGINES, "quick": QUICK}
    settings.GENERATION_MAX_ATTEMPTS = 1
    bulk.reload()
    choose(bulk, "calm", repeats=1)
    bulk.select_option("[name=maker]", "quick|")
    bulk.fill("[name=words_calm]", "bad")
    queue(bulk)
    with worker_at_work(["quick"]):
        expect(bulk.locator("[data-reasons]")).to_have_text("2 failed: The picture came out flat.", timeout=PATIENCE_MS)
        Slot.objects.update(prompt="calm")
        bulk.get_by_role("button", name="Try failed pictures again").click()
        made(bulk, 2)
    expect(bulk.locator("[data-reasons]")).to_be_hidden()
