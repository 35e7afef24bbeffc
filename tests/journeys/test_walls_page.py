"""A curator hangs pictures by mouse and by keyboard, and a whole day's work takes few actions."""

from playwright.sync_api import Locator, expect

from garden.models import Assignment, Display, Image, Zone
from tests.journeys.patience import PATIENCE_MS
from tests.journeys.review_page import Desk, ReviewPage
from tests.journeys.test_make import is_for_everyone, made
from tests.journeys.workshop import worker_at_work

MOST_ACTIONS = 20
HEARTBEAT_MS = 500
"""A wall reports a change of its picture after 200 ms."""


def test_pictures_are_dragged_chosen_and_taken_back(desk: Desk, garden: list[Image]) -> None:
    Zone.objects.create(name="zone1", title="Entrance hall")
    review = desk("kim", "publisher")
    page = review.page
    page.goto(f"{review.address}/admin/curation/walls/")
    message = page.locator(".wall-message")
    tray = page.locator(".tray-picture")
    wide = page.locator('.tray-picture[data-orientation="landscape"]')
    wide.nth(2).locator("img").drag_to(page.locator('[data-slot="3h"]'))
    expect(message).to_have_text("Now shown: 3h", timeout=PATIENCE_MS)
    expect(page.locator('[data-slot="3h"] img')).to_have_count(1)
    for number in (0, 1):
        wide.nth(number).get_by_role("checkbox").check()
    # Chromium under automation starts a second drag at the first one's picture.
    wide.nth(0).locator("img").dispatch_event("dragstart")
    page.locator('[data-slot="5h"]').dispatch_event("drop")
    expect(message).to_have_text("Now shown: 5h, 6h", timeout=PATIENCE_MS)
    expect(tray.locator("input:checked")).to_have_count(0)
    is_for_everyone(page)

    wide.nth(3).get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    page.locator("#slot-3h").focus()
    page.keyboard.press("Enter")
    expect(message).to_have_text("Now shown: 3h", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Undo: 3h").click()
    expect(message).to_have_text("Undone: 3h", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Clear 5h").click()
    expect(message).to_have_text("Cleared: 5h", timeout=PATIENCE_MS)
    assert sorted(Assignment.objects.values_list("number", flat=True)) == [3, 6]
    page.get_by_role("button", name="Keep these pictures").click()
    expect(page.locator(".wall-head")).to_contain_text("Paused", timeout=PATIENCE_MS)
    with page.expect_popup() as preview:
        page.get_by_role("link", name="Full screen 6h").click()
    expect(preview.value.locator(".stage img").first).to_be_visible(timeout=PATIENCE_MS)
    preview.value.wait_for_timeout(HEARTBEAT_MS)
    assert not Display.objects.exists()


class Day:
    """Counts what a curator does, besides one key a picture."""

    def __init__(self, review: ReviewPage) -> None:
        self.page, self.review, self.actions = review.page, review, 0

    def click(self, thing: Locator) -> None:
        thing.click()
        self.actions += 1

    def fill(self, name: str, text: str) -> None:
        self.page.fill(f"[name={name}]", text)
        self.actions += 1

    def choose(self, name: str, label: str) -> None:
        self.page.select_option(f"[name={name}]", label=label)
        self.actions += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.actions += 1


def test_from_an_idea_to_a_wall_in_twenty_actions(desk: Desk) -> None:
    """Sad gardens with a cat in the snow: made, reviewed, published and shown, without a typed address."""
    Zone.objects.create(name="zone1", title="Entrance hall")
    Zone.objects.create(name="zone2")
    review = desk("kim", "publisher")
    day, page = Day(review), review.page
    page.goto(f"{review.address}/admin/")
    day.click(page.get_by_role("link", name="Make", exact=True))
    for name, value in (("emotions", "sad"), ("animals", "cat"), ("weathers", "snowy")):
        day.click(page.locator(f"label:has([name={name}][value={value}])"))
    day.fill("repeats", "2")
    day.fill("landscape", "320×200")
    day.fill("portrait", "200×320")
    expect(page.locator("[data-count]")).to_contain_text("4 pictures")
    day.click(page.locator("[data-queue]"))
    with worker_at_work():
        made(page, 4)
    day.click(page.get_by_role("link", name="Review these pictures"))
    review.is_ready()
    for image in Image.objects.pool().order_by("-pk"):
        review.is_at(image.pk)
        review.press("l")
    review.counts("liked", "4")
    day.press("p")
    day.choose("wall", "Entrance hall")
    day.click(page.locator("#question .question-yes"))
    expect(page.locator(".bar-message")).to_contain_text("Now shown in Entrance hall", timeout=PATIENCE_MS)
    assert set(Assignment.objects.values_list("image__emotion", "image__favorite")) == {("sad", "cat,snowy")}
    day.click(page.get_by_role("link", name="Show on a wall"))
    expect(page.locator(".wall-slot img")).to_have_count(4, timeout=PATIENCE_MS)
    expect(page.locator(".tray-picture")).to_have_count(4)
    assert day.actions <= MOST_ACTIONS
