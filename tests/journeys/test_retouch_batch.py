"""A curator retouches many pictures with one recipe, in a real browser, with the painter at work."""

import csv
import io
import json
import re

import numpy as np
import PIL.Image
import pytest
from django.core.files.storage import default_storage
from playwright.sync_api import expect

from garden.models import Image
from garden.services import register_image
from generation.models import RetouchBatch, Version
from tests.journeys.axe import faults_on
from tests.journeys.batch_page import BatchPage
from tests.journeys.review_page import Desk
from tests.journeys.workshop import worker_at_work
from tests.support.factories import ImageFactory
from tests.support.pictures import coffee, encode

SCREEN = {"width": 1440, "height": 1000}
PICTURES = 6
MANY = 600


@pytest.fixture
def pool(transactional_db: None) -> list[Image]:
    photo = PIL.Image.open(io.BytesIO(coffee())).resize((160, 100))
    turned = [PIL.Image.fromarray(np.roll(np.asarray(photo), 9 * number, axis=1)) for number in range(PICTURES)]
    return [
        register_image(
            key=f"imgPool/calm/img_{number}_0h.jpeg", content=encode(picture), origin="painter", prompt="a cup"
        )
        for number, picture in enumerate(turned)
    ]


@pytest.fixture
def batch(desk: Desk) -> BatchPage:
    review = desk("ann", screen=SCREEN)
    batch = BatchPage(review.page, review.address)
    batch.problems = review.problems
    return batch


def test_a_curator_chooses_previews_runs_and_reads_the_report(batch: BatchPage, pool: list[Image]) -> None:
    lost = pool[1]
    batch.review("?emotion=calm").page.keyboard.press("b")
    batch.is_ready()
    expect(batch.candidates).to_have_count(PICTURES)
    batch.page.evaluate("document.querySelectorAll('details').forEach((panel) => (panel.open = true))")
    assert faults_on(batch.page) == []
    expect(batch.page.locator("[data-chosen]")).to_have_text(f"{PICTURES} of {PICTURES} chosen")
    batch.candidates.first.locator("input").uncheck()
    expect(batch.page.locator("[data-chosen]")).to_have_text(f"{PICTURES - 1} of {PICTURES} chosen")

    batch.choose_region("segment")
    batch.page.fill("#batch-expand", "4")
    batch.write("prompt", "calm sea")
    batch.page.fill("[data-setting=strength]", "60")
    with worker_at_work():
        batch.preview()
        batch.previewed(3)
        batch.shows_progress("Look at them, then run all, or change the recipe.")
        expect(batch.items("waiting")).to_have_count(PICTURES - 1 - 3)
        assert Version.objects.count() == 3
        assert faults_on(batch.page) == []

        default_storage.delete(lost.key)
        batch.page.keyboard.press("r")
        batch.shows_progress("Finished: 4 done, 1 failed, 0 done before.")
    failed = batch.items("failed")
    expect(failed).to_have_count(1)
    expect(failed.locator(".batch-reason")).to_have_text(f"There is no file of {lost.key}.")
    expect(batch.items("done")).to_have_count(4)

    batch.page.locator("#batch-filter").select_option("failed")
    expect(batch.items()).to_have_count(1)
    assert batch.page.url.endswith("?state=failed")
    with batch.page.expect_download() as given:
        batch.page.get_by_role("link", name="Report (CSV)").click()
    rows = list(csv.DictReader(given.value.path().read_text(encoding="utf-8").splitlines()))
    assert [row["state"] for row in rows] == ["done"] * 3 + ["failed"] + ["done"]
    assert rows[3]["reason"] == f"There is no file of {lost.key}."

    asked = RetouchBatch.objects.get().recipe
    assert (asked["region"], asked["expand"], asked["settings"]["strength"]) == ("segment", 4, 0.6)
    assert asked["settings"]["prompt"] == [{"text": "calm sea", "on": True, "weight": 1.0}]
    assert Version.objects.filter(done_at__isnull=False, by__username="ann").count() == 4


def test_a_recipe_is_pasted_refused_at_its_field_and_changed_in_the_form(batch: BatchPage, pool: list[Image]) -> None:
    batch.open()
    text = batch.page.locator("[data-json-text]")
    which = batch.page.get_by_role("group", name="Pictures from … to")
    first, last = which.get_by_label("the first"), which.get_by_label("the last")

    def paste(**recipe: object) -> None:
        text.fill(json.dumps(recipe))
        batch.page.locator("[data-json-use]").click()

    expect(first).to_have_value("1")
    expect(last).to_have_value("")
    last.fill("12")
    first.fill("3")
    batch.page.locator("[data-json] > summary").click()
    expect(text).to_have_value(re.compile(r'"range": "3\.\.\.12",\s+"numbers": "0\.\.\.Infinity"'))
    script = {"range": "0...Infinity", "bodyRegion": "face", "maskExpand": 2, "maskShrink": 0, "fillAll": False}
    paste(**{**script, "maskExpand": 99})
    batch.shows_message("maskExpand must be a whole number from 0 to 20.")
    batch.problems.clear()  # The browser notes that the garden refused it.
    paste(**script)
    batch.shows_message("The recipe is in the form.")
    expect(batch.page.locator("[name=region]:checked")).to_have_value("face")
    expect(batch.page.locator("#batch-expand")).to_have_value("20")
    expect(batch.page.locator("#batch-part")).to_have_value("region")
    paste(range="7...Infinity", numbers="2...9")
    expect(first).to_have_value("7")
    expect(last).to_have_value("")
    expect(batch.page.get_by_role("group", name="Numbers in the names").get_by_label("the last")).to_have_value("9")
    last.fill("4")
    batch.page.locator("[data-preview]").click()
    assert last.evaluate("field => field.validity.rangeUnderflow")


def test_of_many_pictures_only_those_near_the_window_are_in_the_page(batch: BatchPage) -> None:
    for number in range(MANY):
        ImageFactory.create(key=f"imgPool/calm/img_{number}_0h.jpeg", published_at=None)
    shown = encode(PIL.Image.new("RGB", (16, 10), "green"))
    batch.page.route("**/imgPool/**", lambda route: route.fulfill(body=shown, content_type="image/jpeg"))
    batch.open()
    expect(batch.page.locator("[data-chosen]")).to_have_text(f"{MANY} of {MANY} chosen")
    batch.candidates.first.locator("input").uncheck()
    for place in ("last", "first"):
        batch.page.locator(f"[data-pictures] > ul:{place}-child").scroll_into_view_if_needed()
        expect(batch.page.locator(f"[data-pictures] > ul:{place}-child > li").first).to_be_visible()
        assert batch.candidates.count() < MANY / 2
    expect(batch.candidates.first.locator("input")).not_to_be_checked()
