"""An integrator reads a face and asks for a garden; a curator tries a prompt."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from garden.models import Image, Visitor
from recommend.models import Interaction
from tests.journeys.axe import faults_on
from tests.journeys.conftest import watch
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import PATIENCE_MS
from tests.journeys.workshop import sign_in

SCREENS = [(390, 844), (1280, 900)]


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
    expect(page.locator("[data-status]")).to_contain_text("Status ", timeout=PATIENCE_MS)


def ask(page: Page, emotion: str, favorite: str = "") -> None:
    page.locator("[name=emotion]").select_option(emotion)
    page.fill("[name=favorite]", favorite)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator('[data-answer="garden"] [data-about]')).to_contain_text("Status 200")


def is_for_everyone(page: Page) -> None:
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        assert faults_on(page) == []


def test_an_integrator_reads_a_face_from_a_file_and_from_the_camera(
    bench: KioskPage, portrait_file: Path, coffee_file: Path
) -> None:
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
    is_for_everyone(page)

    page.locator("[data-file]").set_input_files(coffee_file)
    expect(page.locator("[data-status]")).to_contain_text("No face was found in this photo. Status 404")
    expect(page.locator("[data-answer]")).to_be_hidden()
    bench.problems.clear()  # The browser notes the 404.

    page.get_by_role("button", name="Use the camera").click()
    page.get_by_role("button", name="Take the photo").click()
    expect(page.locator("[data-answer]")).to_be_visible()
    expect(page.locator("[data-looks]")).to_have_text("Looks happy")
    assert page.evaluate("document.querySelector('[data-camera]').srcObject") is None


def test_an_integrator_asks_for_a_garden_in_both_orders_and_likes_a_picture(bench: KioskPage) -> None:
    page = bench.page
    page.goto(f"{bench.address}/try/garden/?id=integrator-2")
    ask(page, "calm")
    own, newest = page.locator('[data-answer="garden"]'), page.locator('[data-answer="newest"]')
    expect(own.locator("[data-about]")).to_contain_text("Ranked for this visitor")
    expect(own.locator("li img")).to_have_count(8)
    expect(newest.locator("li img")).to_have_count(6)
    is_for_everyone(page)
    like = page.get_by_role("button", name="Like picture 1").first
    like.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-status]")).to_have_text("The like was recorded.")
    expect(like).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(page.locator("[data-status]")).to_have_text("The like was withdrawn.")
    sent = Interaction.objects.filter(visitor="integrator-2").order_by("sequence")
    assert [(one.kind, len(one.impression)) for one in sent] == [("like", 3), ("dislike", 3)]
    ask(page, "calm", "cat")
    expect(own.locator("li img")).to_have_count(2)
    expect(own.locator("small").first).to_contain_text("emotions/calm/cat/")
