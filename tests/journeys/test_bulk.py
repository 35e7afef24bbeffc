"""A curator makes pictures in bulk and watches them appear."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from generation.models import GenerationJob, PromptTemplate, Slot
from tests.journeys.conftest import watch
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import PATIENCE_MS
from tests.journeys.test_accessibility import AXE, TAGS
from tests.journeys.workshop import sign_in, worker_at_work

QUICK = {"BACKEND": "tests.generation.quick_engine.QuickEngine", "OPTIONS": {}}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def desk(context: BrowserContext, live_server: LiveServer, transactional_db: None) -> Iterator[Page]:
    """The bulk page of a signed-in curator; afterwards nothing must have gone wrong on it."""
    sign_in(context, live_server.url, get_user_model().objects.create_superuser("ann"))
    page = context.new_page()
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    noted = KioskPage(page, live_server.url)
    watch(page, noted)
    page.goto(f"{live_server.url}/admin/curation/bulk/")
    yield page
    page.close()
    assert noted.problems == []


def choose(page: Page, *emotions: str, repeats: int = 3, size: tuple[int, int] = (160, 96)) -> None:
    for emotion in emotions:
        page.locator(f"[name=emotions][value={emotion}]").check()
    page.fill("[name=repeats]", str(repeats))
    page.fill("[name=landscape]", f"{size[0]}×{size[1]}")
    page.fill("[name=portrait]", f"{size[1]}×{size[0]}")


def queue(page: Page) -> None:
    page.locator("[data-queue]").click()
    page.wait_for_url(re.compile(r"\?job="))


def count_of(page: Page, state: str) -> Any:
    return page.locator(f'[data-counts] [data-state="{state}"] dd')


def made(page: Page, pictures: int) -> None:
    """So many are made, and all of them can be seen."""
    expect(count_of(page, "done")).to_have_text(str(pictures), timeout=PATIENCE_MS)
    images = page.locator("[data-tiles] img")
    expect(images).to_have_count(pictures)
    for image in images.all():
        image.scroll_into_view_if_needed()
        expect(image).not_to_have_js_property("naturalWidth", 0)


def test_twelve_pictures_appear_while_they_are_made(desk: Page) -> None:
    choose(desk, "calm", "sad")
    expect(desk.locator("[data-count]")).to_have_text("12 pictures")
    expect(desk.locator("[data-time]")).to_contain_text("No worker is online")
    expect(desk.locator("[data-time]")).to_contain_text("unknown yet")
    expect(desk.locator("[data-prompts] li").first).to_contain_text("calm, flowers, garden, painterly light")
    queue(desk)
    expect(count_of(desk, "queued")).to_have_text("12")
    expect(desk.locator("[data-left]")).to_contain_text("no worker is online")
    with worker_at_work():
        expect(desk.locator("[data-tiles] img").first).to_be_visible(timeout=PATIENCE_MS)
        desk.reload()
        made(desk, 12)
    expect(desk.locator("[data-said]")).to_have_text("All pictures are made: 12.")
    expect(desk.locator("[data-jobs] li").first).to_contain_text("12 of 12 made")
    link = desk.get_by_role("link", name="Review these pictures")
    assert str(link.get_attribute("href")).endswith(f"/review/?job={GenerationJob.objects.get().pk}")
    choose(desk, repeats=30)
    expect(desk.locator("[data-time]")).to_have_text(re.compile(r"^about \d+ (s|min) with 1 worker$"))


def test_it_is_paused_resumed_and_cancelled_by_keyboard(desk: Page) -> None:
    choose(desk, "calm", repeats=20)
    queue(desk)
    with worker_at_work():
        expect(desk.locator("[data-tiles] img").first).to_be_visible(timeout=PATIENCE_MS)
        desk.keyboard.press("p")
        expect(desk.locator("[data-said]")).to_contain_text("Paused", timeout=PATIENCE_MS)
        expect(count_of(desk, "leased")).to_have_count(0, timeout=PATIENCE_MS)
        paused = int(count_of(desk, "paused").inner_text())
        assert Slot.objects.filter(state="paused").count() == paused > 0
        desk.keyboard.press("p")
        expect(count_of(desk, "paused")).to_have_count(0, timeout=PATIENCE_MS)
        desk.keyboard.press("c")
        dialog = desk.get_by_role("dialog")
        expect(dialog).to_contain_text("will not be made")
        desk.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        desk.keyboard.press("c")
        dialog.get_by_role("button", name="Cancel the job").click()
        expect(desk.locator("[data-said]")).to_contain_text("Cancelled", timeout=PATIENCE_MS)
    assert Slot.objects.filter(state="cancelled").exists()
    assert not Slot.objects.open().exists()


def test_failed_pictures_say_why_and_are_tried_again(desk: Page, settings: Any) -> None:
    settings.GENERATION_ENGINES = {**settings.GENERATION_ENGINES, "quick": QUICK}
    settings.GENERATION_MAX_ATTEMPTS = 1
    desk.reload()
    choose(desk, "calm", repeats=1)
    desk.select_option("[name=maker]", "quick|")
    desk.fill("[name=words_calm]", "bad")
    queue(desk)
    with worker_at_work(["quick"]):
        expect(desk.locator("[data-reasons]")).to_have_text("2 failed: The picture came out flat.", timeout=PATIENCE_MS)
        Slot.objects.update(prompt="calm")
        desk.get_by_role("button", name="Try failed pictures again").click()
        made(desk, 2)
    expect(desk.locator("[data-reasons]")).to_be_hidden()


def test_two_clicks_and_a_reload_are_one_job(desk: Page) -> None:
    choose(desk, "calm", repeats=1)
    desk.locator("[data-queue]").dblclick()
    desk.wait_for_url(re.compile(r"\?job="))
    desk.reload()
    assert GenerationJob.objects.count() == 1


def test_while_nothing_happens_nothing_is_sent(desk: Page) -> None:
    choose(desk, "calm", repeats=1)
    queue(desk)
    heard: list[int] = []
    desk.on("response", lambda response: heard.append(response.status) if "/progress" in response.url else None)
    expect(count_of(desk, "queued")).to_have_text("2")
    for _ in range(PATIENCE_MS // 500):
        if heard.count(304) >= 2:
            break
        desk.wait_for_timeout(500)
    assert heard.count(304) >= 2
    assert heard.count(200) <= 2


def test_the_words_follow_the_emotion_until_somebody_writes_others(desk: Page) -> None:
    desk.locator("[name=emotions][value=fear]").check()
    expect(desk.locator("[data-prompts] li").first).to_contain_text("fear, flowers")
    desk.fill("[name=words_fear]", "trembling")
    expect(desk.locator("[data-prompts] li").first).to_contain_text("trembling, flowers")
    desk.fill("[name=words_fear]", "")
    desk.keyboard.press("Tab")
    expect(desk.locator("[name=words_fear]")).to_have_value("fear")


def test_templates_take_turns_and_bring_their_own_style(desk: Page) -> None:
    for text in ("a still pond", "a quiet meadow"):
        PromptTemplate.objects.create(emotion="calm", text=text)
    choose(desk, "calm", repeats=2)
    desk.locator("[name=rotate]").check()
    expect(desk.locator("[name=others]")).to_have_value("")
    expect(desk.locator("[data-prompts] li")).to_have_count(2)
    desk.locator("[name=rotate]").uncheck()
    expect(desk.locator("[name=others]")).to_have_value("flowers, garden, painterly light")


def test_a_rule_that_is_broken_is_told_at_its_field(desk: Page) -> None:
    choose(desk, "calm", size=(161, 96))
    expect(desk.locator("#error_landscape")).to_contain_text("width must be a multiple of 8")
    expect(desk.locator("[data-count]")).to_be_empty()
    desk.fill("[name=landscape]", "160×96")
    desk.fill("[name=portrait]", "96×160")
    expect(desk.locator("#error_landscape")).to_be_hidden()
    expect(desk.locator("[data-count]")).to_have_text("6 pictures")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [(1280, 900), (390, 844)], ids=["desk", "phone"])
def test_it_is_for_everyone(desk: Page, scheme: Any, screen: tuple[int, int]) -> None:
    desk.set_viewport_size({"width": screen[0], "height": screen[1]})
    desk.emulate_media(color_scheme=scheme)
    choose(desk, "calm", repeats=1, size=(161, 96))
    expect(desk.locator("#error_landscape")).to_be_visible()
    assert _faults(desk) == []
    choose(desk, repeats=1)
    queue(desk)
    with worker_at_work():
        made(desk, 2)
    assert _faults(desk) == []


def _faults(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run('#main', { runOnly: tags })", TAGS)
    faults = [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return faults if wide <= screen else [*faults, f"{wide} px wide on a screen of {screen} px"]
