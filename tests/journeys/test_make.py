"""A curator makes pictures: previews, one prompt or many combinations, and the job while it runs."""

import re
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from generation.models import GenerationJob, PromptTemplate, Slot
from tests.journeys.axe import faults_on
from tests.journeys.patience import PATIENCE_MS
from tests.journeys.review_page import LAPTOP, PHONE, Desk
from tests.journeys.workshop import worker_at_work

QUICK = {"BACKEND": "tests.generation.quick_engine.QuickEngine", "OPTIONS": {}}


@pytest.fixture
def make(desk: Desk) -> Page:
    review = desk()
    review.page.goto(f"{review.address}/admin/curation/make/")
    return review.page


def tick(page: Page, name: str, *values: str) -> None:
    for value in values:
        page.locator(f"[name={name}][value={value}]").check()


def choose(page: Page, *emotions: str, repeats: int = 3, size: tuple[int, int] = (160, 96)) -> None:
    tick(page, "emotions", *emotions)
    page.fill("[name=repeats]", str(repeats))
    page.fill("[name=landscape]", f"{size[0]}×{size[1]}")
    page.fill("[name=portrait]", f"{size[1]}×{size[0]}")


def queue(page: Page) -> None:
    page.locator("[data-queue]").dblclick()  # The second click of hasty fingers makes no second job.
    page.wait_for_url(re.compile(r"/make/jobs/[0-9a-f]"))


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


def is_for_everyone(page: Page) -> None:
    for screen, theme in ((PHONE, "dark"), (LAPTOP, "light")):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert faults_on(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_curator_writes_an_order_and_sees_its_pictures_appear(make: Page) -> None:
    for text in ("a still pond", "a quiet meadow"):
        PromptTemplate.objects.create(emotion="calm", text=text)
    prompts, count, time = (make.locator(f"[data-{name}]") for name in ("prompts", "count", "time"))
    make.get_by_text("Words, style and engine").click()
    expect(make.locator("[name=negative]")).to_be_hidden()  # The painter has none.
    tick(make, "emotions", "fear")
    expect(prompts).to_contain_text("fear, flowers")
    make.fill("[name=words_fear]", "trembling")
    expect(prompts).to_contain_text("trembling, flowers")
    make.locator("[name=emotions][value=fear]").uncheck()

    choose(make, "calm", size=(161, 96))
    expect(make.locator("#error_landscape")).to_contain_text("width must be a multiple of 8")
    expect(count).to_be_empty()
    choose(make)
    expect(make.locator("#error_landscape")).to_be_hidden()
    make.locator("[name=rotate]").check()
    expect(prompts.locator("li")).to_contain_text(["still pond with water lilies", "a still pond", "a quiet meadow"])
    make.locator("[name=rotate]").uncheck()
    expect(count).to_contain_text("6 pictures")
    expect(time).to_contain_text("No worker is online")
    expect(time).to_contain_text("No estimate yet")
    expect(prompts).to_contain_text("calm, flowers, garden, painterly light")
    tick(make, "animals", "cat", "dog")
    expect(count).to_contain_text("12 pictures")
    make.get_by_text("2 combinations").click()
    make.get_by_label("Leave out calm with dog").check()
    expect(count).to_contain_text("6 pictures")
    is_for_everyone(make)
    make.fill("#preset-name", "Cats")
    make.get_by_role("button", name="Save").click()
    expect(make.locator(".messagelist")).to_contain_text("Preset saved: Cats")
    make.goto(make.url.partition("?")[0])
    make.get_by_role("link", name="Cats").click()
    expect(count).to_contain_text("6 pictures")

    queue(make)
    job = GenerationJob.objects.get()
    expect(count_of(make, "queued")).to_have_text("6")
    expect(make.locator("[data-status]")).to_contain_text("No worker is online")
    with worker_at_work():
        expect(make.locator("[data-tiles] img").first).to_be_visible(timeout=PATIENCE_MS)
        made(make, 6)
    expect(make.locator("[data-status]")).to_have_text("All pictures are made: 6.")
    is_for_everyone(make)
    link = make.get_by_role("link", name="Review these pictures")
    assert str(link.get_attribute("href")).endswith(f"/review/?job={job.pk}")
    make.get_by_role("link", name="Use these settings again").click()
    expect(make.locator("#jobs li").first).to_contain_text("6 of 6 made")
    make.fill("[name=repeats]", "30")
    expect(time).to_have_text(re.compile(r"^\s*about \d+ (second|minute)s? with 1 worker\s*$"))


def test_previews_show_what_an_order_gives_and_one_of_them_becomes_an_order(make: Page) -> None:
    choose(make, "sad")
    make.fill("[name=sentence]", "a garden behind glass")
    tick(make, "animals", "cat")
    tick(make, "weathers", "snowy")
    with worker_at_work():
        make.get_by_role("button", name="Preview 4 pictures").click()
        images = make.locator("#previews img")
        expect(images).to_have_count(4, timeout=PATIENCE_MS)
        expect(images.first).not_to_have_js_property("naturalWidth", 0)
    is_for_everyone(make)
    make.get_by_role("button", name="Make 40 like this").first.click()
    expect(count_of(make, "queued")).to_have_text("40")
    like = GenerationJob.objects.order_by("-created_at")[0].slots.all()
    assert {slot.prompt for slot in like} == {"sad, cat,snowy, a garden behind glass, flowers, garden, painterly light"}


def test_it_is_paused_resumed_and_cancelled_by_keyboard(make: Page) -> None:
    choose(make, "calm", repeats=20)
    queue(make)
    expect(count_of(make, "queued")).to_have_text("40")
    message = make.locator("[data-status]")
    with worker_at_work():
        expect(make.locator("[data-tiles] img").first).to_be_visible(timeout=PATIENCE_MS)
        make.keyboard.press("p")
        expect(message).to_contain_text("Paused", timeout=PATIENCE_MS)
        expect(count_of(make, "leased")).to_have_count(0, timeout=PATIENCE_MS)
        paused = int(count_of(make, "paused").inner_text())
        assert Slot.objects.filter(state="paused").count() == paused > 0
        make.keyboard.press("p")
        expect(count_of(make, "paused")).to_have_count(0, timeout=PATIENCE_MS)
        questions: list[str] = []

        def refuse(dialog: Dialog) -> None:
            questions.append(dialog.message)
            dialog.dismiss()

        make.once("dialog", refuse)
        make.keyboard.press("c")
        make.once("dialog", lambda dialog: dialog.accept())
        make.keyboard.press("c")
        expect(message).to_contain_text("Cancelled", timeout=PATIENCE_MS)
    assert "will not be made" in questions[0]
    assert Slot.objects.filter(state="cancelled").exists()
    assert not Slot.objects.open().exists()


def test_failed_pictures_say_why_and_are_tried_again(make: Page, settings: Any) -> None:
    settings.GENERATION_ENGINES = {**settings.GENERATION_ENGINES, "quick": QUICK}
    settings.GENERATION_MAX_ATTEMPTS = 1
    make.reload()
    choose(make, "calm", repeats=1)
    make.get_by_text("Words, style and engine").click()
    make.select_option("[name=maker]", "quick|")
    expect(make.locator("[name=steps]")).to_be_visible()
    make.fill("[name=words_calm]", "bad")
    queue(make)
    with worker_at_work(["quick"]):
        expect(make.locator("[data-reasons]")).to_have_text(
            re.compile(r"2 failed: The picture came out flat\."), timeout=PATIENCE_MS
        )
        Slot.objects.update(prompt="calm")
        make.get_by_role("button", name="Try failed pictures again").click()
        made(make, 2)
    expect(make.locator("[data-reasons]")).to_be_hidden()
