"""An integrator reads a face and asks for a garden; a curator tries a prompt."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from garden.models import Image, Visitor
from recommend.models import Interaction
from tests.journeys.conftest import watch
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import PATIENCE_MS
from tests.journeys.test_accessibility import AXE, TAGS
from tests.journeys.workshop import sign_in, worker_at_work

SCREENS = pytest.mark.parametrize("screen", [(1280, 900), (390, 844)], ids=["desk", "phone"])


@pytest.fixture
def bench(context: BrowserContext, live_server: LiveServer, garden: list[Image]) -> Iterator[KioskPage]:
    """A browser beside a planted garden; afterwards nothing must have gone wrong on its pages."""
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    noted = KioskPage(page, live_server.url)
    watch(page, noted)
    yield noted
    page.close()
    assert noted.problems == []


@pytest.fixture
def desk(bench: KioskPage, context: BrowserContext) -> KioskPage:
    sign_in(context, bench.address, get_user_model().objects.create_superuser("ann"))
    return bench


def read_file(page: Page, path: Path) -> None:
    page.locator("[data-file]").set_input_files(path)
    expect(page.locator("[data-said]")).to_contain_text("Answered", timeout=PATIENCE_MS)


def ask(page: Page, emotion: str, favorite: str = "") -> None:
    page.locator("[name=emotion]").select_option(emotion)
    page.fill("[name=favorite]", favorite)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator('[data-answer="garden"] [data-about]')).to_contain_text("Answered 200")


def faults(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)
    broken = [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return broken if wide <= screen else [*broken, f"{wide} px wide on a screen of {screen} px"]


def show_on(page: Page, screen: tuple[int, int]) -> None:
    page.set_viewport_size({"width": screen[0], "height": screen[1]})


def test_a_photo_is_read_with_everything_that_is_in_it(bench: KioskPage, portrait_file: Path) -> None:
    page = bench.page
    page.goto(f"{bench.address}/try/emotion/")
    page.fill("[data-visitor]", "integrator-1")
    read_file(page, portrait_file)
    expect(page.locator("[data-looks]")).to_have_text("Looks happy")
    expect(page.locator("[data-scores] li")).to_have_count(8)
    expect(page.locator("[data-scores] li").first).to_contain_text("happy")
    fields = {row.locator("th").inner_text(): row.locator("td").inner_text() for row in page.locator("tr").all()[1:]}
    assert (fields["id"], fields["gender"], fields["smile"], fields["faces"]) == (
        "integrator-1",
        "Female (female)",
        "yes",
        "1",
    )
    assert {"ageRange", "generation", "eyeglasses", "sunglasses", "beard", "mustache", "confidence"} <= set(fields)
    assert 0 < float(fields["quality.sharpness"]) <= 1
    assert not [name for name, value in fields.items() if "[object" in value or not value]
    assert Visitor.objects.filter(pk="integrator-1").exists()


def test_the_camera_takes_the_photo(bench: KioskPage) -> None:
    page = bench.page
    page.goto(f"{bench.address}/try/emotion/")
    page.get_by_role("button", name="Use the camera").click()
    page.get_by_role("button", name="Take the photo").click()
    expect(page.locator("[data-looks]")).to_have_text("Looks happy", timeout=PATIENCE_MS)
    assert page.evaluate("document.querySelector('[data-camera]').srcObject") is None


def test_a_photo_of_nobody_is_called_that(context: BrowserContext, live_server: LiveServer, coffee_file: Path) -> None:
    page = context.new_page()
    page.goto(f"{live_server.url}/try/emotion/")
    read_file(page, coffee_file)
    expect(page.locator("[data-said]")).to_contain_text("No face was found in this photo. Answered 404")
    expect(page.locator("[data-answer]")).to_be_hidden()


def test_a_garden_is_shown_in_both_orders(bench: KioskPage) -> None:
    page = bench.page
    page.goto(f"{bench.address}/try/garden/?id=integrator-2")
    ask(page, "calm")
    own, newest = page.locator('[data-answer="garden"]'), page.locator('[data-answer="newest"]')
    expect(own.locator("[data-about]")).to_contain_text("In this visitor's own order")
    expect(own.locator("li img")).to_have_count(8)
    expect(newest.locator("li img")).to_have_count(6)
    ask(page, "calm", "cat")
    expect(own.locator("li img")).to_have_count(2)
    expect(own.locator("small").first).to_contain_text("emotions/calm/cat/")


def test_a_like_is_heard_and_taken_back(bench: KioskPage) -> None:
    page = bench.page
    page.goto(f"{bench.address}/try/garden/?id=integrator-3")
    ask(page, "sad")
    like = page.get_by_role("button", name="Like picture 1").first
    like.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_have_text("The like was heard.")
    expect(like).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_have_text("The like was taken back.")
    said = Interaction.objects.filter(visitor="integrator-3").order_by("sequence")
    assert [(one.kind, len(one.impression)) for one in said] == [("like", 3), ("dislike", 3)]


def test_a_curator_tries_a_prompt_and_takes_it_again(desk: KioskPage, settings: Any) -> None:
    page = desk.page
    page.goto(f"{desk.address}/try/pictures/?prompt=calm, a quiet pond")
    expect(page.locator("[name=size]")).to_have_value("768×512")
    page.fill("[name=width]", "320")
    page.fill("[name=height]", "200")
    expect(page.locator("[name=size]")).to_have_value("")
    page.fill("[name=seed]", "7")
    with worker_at_work():
        page.get_by_role("button", name="Make").click()
        expect(page.locator("[data-made] img")).to_have_js_property("naturalWidth", 320, timeout=PATIENCE_MS)
    expect(page.locator("[data-said]")).to_contain_text("Made in")
    page.reload()
    page.get_by_role("button", name="Take this prompt again: calm, a quiet pond").click()
    expect(page.locator("[name=seed]")).to_have_value("7")
    page.get_by_role("button", name="Clear the prompts").click()
    expect(page.locator("[data-past]")).to_be_hidden()
    assert page.evaluate("localStorage.getItem('garden-tried-prompts')") == "[]"


def test_a_picture_that_takes_longer_is_waited_for(desk: KioskPage, settings: Any) -> None:
    settings.TEXT2IMAGE_WAIT_SECONDS = 0
    page = desk.page
    page.goto(f"{desk.address}/try/pictures/?prompt=sad, rain")
    page.fill("[name=width]", "160")
    page.fill("[name=height]", "96")
    page.fill("[name=num_images]", "2")
    page.get_by_role("button", name="Make").click()
    expect(page.locator("[data-said]")).to_contain_text("0 of 2 made")
    with worker_at_work():
        expect(page.locator("[data-made] img")).to_have_count(2, timeout=PATIENCE_MS)


def test_a_visitor_does_not_reach_the_curators_page(bench: KioskPage) -> None:
    bench.page.goto(f"{bench.address}/try/pictures/")
    assert "/admin/login/" in bench.page.url


@SCREENS
def test_the_face_page_is_for_everyone(bench: KioskPage, portrait_file: Path, screen: tuple[int, int]) -> None:
    show_on(bench.page, screen)
    bench.page.goto(f"{bench.address}/try/emotion/")
    read_file(bench.page, portrait_file)
    assert faults(bench.page) == []


@SCREENS
def test_the_garden_page_is_for_everyone(bench: KioskPage, screen: tuple[int, int]) -> None:
    show_on(bench.page, screen)
    bench.page.goto(f"{bench.address}/try/garden/")
    ask(bench.page, "happy")
    assert faults(bench.page) == []


@SCREENS
def test_the_prompt_page_is_for_everyone(desk: KioskPage, screen: tuple[int, int]) -> None:
    show_on(desk.page, screen)
    desk.page.goto(f"{desk.address}/try/pictures/?prompt=happy, flowers")
    desk.page.fill("[name=width]", "160")
    desk.page.fill("[name=height]", "96")
    with worker_at_work():
        desk.page.get_by_role("button", name="Make").click()
        expect(desk.page.locator("[data-made] img")).to_be_visible(timeout=PATIENCE_MS)
    assert faults(desk.page) == []
