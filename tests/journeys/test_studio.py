"""A curator repairs an almost-good picture, in a real browser on the real admin, with the painter at work."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from numpy.typing import NDArray
from playwright.sync_api import expect

from garden.models import Image
from garden.services import register_image
from generation.credits import give_plan
from generation.models import CreditCharge, RetouchPreset, Slot, Version
from generation.retouch.versions import open_image
from tests.generation.credits.samples import plan
from tests.generation.retouch.samples import ask, edit
from tests.journeys.axe import faults_on
from tests.journeys.patience import PATIENCE_MS, comes_to_be
from tests.journeys.review_page import Desk
from tests.journeys.studio_page import StudioPage
from tests.journeys.workshop import worker_at_work
from tests.support.pictures import coffee, encode

SCREEN = {"width": 1440, "height": 1000}
WIDTH, HEIGHT = 320, 200


@pytest.fixture
def picture(transactional_db: None) -> Image:
    photo = PIL.Image.open(io.BytesIO(coffee())).resize((WIDTH, HEIGHT))
    return register_image(
        key="imgPool/calm/img_0_0h.jpeg", content=encode(photo), origin="painter", prompt="calm, a cup"
    )


@pytest.fixture
def studio(desk: Desk) -> StudioPage:
    review = desk(screen=SCREEN)
    return StudioPage(review.page, review.address)


def pixels(content: bytes) -> NDArray[np.uint8]:
    return np.asarray(PIL.Image.open(io.BytesIO(content)).convert("RGB"))


def original(picture: Image) -> NDArray[np.uint8]:
    with default_storage.open(picture.key) as file:
        return pixels(file.read())


def pixels_of(studio: StudioPage, version: Version) -> NDArray[np.uint8]:
    return pixels(studio.page.request.get(f"{studio.address}/curation/retouch/versions/{version.pk}/picture").body())


def test_a_curator_repairs_compares_fades_and_publishes(studio: StudioPage, picture: Image) -> None:
    studio.page.goto(f"{studio.address}/admin/curation/review/")
    studio.page.locator("html[data-ready]").wait_for(state="attached")
    studio.page.keyboard.press("t")
    studio.is_ready()
    studio.crop(40, 30, 160, 128)
    studio.crop_is(40, 30, 160, 128)
    studio.size(40)
    studio.draw((0.3, 0.3), (0.6, 0.6))
    studio.write("prompt", "calm sea", "morning, mist")
    assert studio.tokens("prompt") == ["calm sea", "morning", "mist"]
    with worker_at_work():
        studio.run()
        studio.on_the_bench("Version 1")
        studio.crop(0, 0, 128, 128)
        studio.write("prompt", "boats")
        studio.page.locator("#studio-prompt-tokens [data-part=more]").first.click()
        studio.page.locator('[data-setting="fill"]').select_option("blur")
        studio.run()
        studio.on_the_bench("Version 2")
    first, second = Version.objects.order_by("number")
    assert (first.x, first.y, first.width, first.height) == (40, 30, 160, 128)
    differs = (original(picture) != pixels_of(studio, first)).any(axis=2)
    assert differs[30:158, 40:200].any()
    differs[30:158, 40:200] = False
    assert not differs.any(), "what is not masked stays as it was"

    studio.page.locator("[data-opacity]").fill("50")
    studio.on_the_bench("Version 3")
    studio.undo()
    studio.on_the_bench("Version 2")
    studio.redo()
    studio.on_the_bench("Version 3")
    rows = studio.compare("original", first.pk)
    assert "of the picture changed, clearly" in rows[0]
    assert rows[1:] == ["Crop: 40, 30 · 160 × 128 px", "Prompt: calm sea, morning, mist", f"Seed: {first.seed}"]
    assert sorted(studio.compare(first.pk, second.pk)[1:]) == [
        "Crop: 40, 30 · 160 × 128 px → 0, 0 · 128 × 128 px",
        "Fill the mask with: original content → blurred original",
        "Prompt: calm sea, morning, mist → calm sea × 1.1, morning, mist, boats",
        f"Seed: {first.seed} → {second.seed}",
    ]

    studio.page.locator("[data-publish]").click()
    studio.page.locator("[data-publish-dialog] [name=serve]").check()
    studio.page.locator("[data-publish-dialog] [value=yes]").click()
    studio.shows_message("Kept as imgPool/calm/img_0_0-r1h.jpeg")
    published = Image.objects.serving().get()
    assert published.key.startswith("emotions/calm/")
    assert default_storage.exists(published.key)


def test_it_says_what_will_not_be_drawn_fades_the_mask_and_shows_the_picture_before_while_a_key_is_held(
    studio: StudioPage, picture: Image
) -> None:
    studio.open(picture.pk)
    peek = studio.page.locator("[data-peek]")
    expect(peek).to_be_disabled()
    studio.write("prompt", "calm", "zebra")
    expect(studio.page.locator("[data-will-ignore]")).to_have_text("Will not be drawn by painter: zebra")
    expect(studio.page.locator("[data-known]")).to_contain_text("hedgehog")
    studio.page.locator("[data-fit]").click()
    before = studio.colour_at(0.5, 0.7)
    studio.size(100)
    studio.draw((0.3, 0.5), (0.7, 0.5))
    with worker_at_work():
        studio.run()
        studio.on_the_bench("Version 1")
    expect(studio.page.locator('[data-layer="mask"]')).not_to_be_checked()
    comes_to_be(studio.page, lambda: studio.colour_at(0.5, 0.7) != before, "the version is drawn")
    after = studio.colour_at(0.5, 0.7)
    studio.page.locator("[data-stage]").focus()
    studio.page.keyboard.down("x")
    expect(peek).to_have_attribute("aria-pressed", "true")
    assert studio.colour_at(0.5, 0.7) == before
    studio.page.keyboard.up("x")
    expect(peek).to_have_attribute("aria-pressed", "false")
    assert studio.colour_at(0.5, 0.7) == after
    thumbs = studio.page.locator("[data-thumb]")
    expect(thumbs).to_have_count(2)
    assert all(thumb.evaluate("async (image) => { await image.decode(); return true; }") for thumb in thumbs.all())
    run = studio.page.locator("[data-run]")
    for height in (600, 1000):
        studio.page.set_viewport_size({"width": SCREEN["width"], "height": height})
        expect(run).to_be_in_viewport(ratio=1)
    studio.page.set_viewport_size({"width": 390, "height": 844})
    studio.page.mouse.wheel(0, 4000)
    expect(run).to_be_in_viewport(ratio=1)


def test_only_what_the_engine_accepts_is_offered_sent_and_drawn_where_the_mask_is(
    studio: StudioPage, picture: Image, settings: Any, tmp_path: Path
) -> None:
    diffusers = {"BACKEND": "generation.engines.diffusers.DiffusersEngine", "OPTIONS": {"cache": str(tmp_path)}}
    settings.GENERATION_ENGINES = {**settings.GENERATION_ENGINES, "diffusers": diffusers}
    fields = {name: studio.page.locator(f"#studio-{name}") for name in ("sampler", "steps", "guidance", "negative")}
    inputs = [studio.page.locator(f'details[data-ability="{ability}"]') for ability in ("line_art", "reference")]
    engine, ignored = studio.page.locator("#studio-engine"), studio.page.locator("[data-ignored]")
    studio.open(picture.pk)
    for field in fields.values():
        expect(field).to_be_hidden()
    for field in inputs:
        expect(field).to_be_visible()
    engine.select_option("diffusers")
    for field in fields.values():
        expect(field).to_be_visible()
    for field in inputs:
        expect(field).to_be_hidden()
    fields["sampler"].select_option("ddim")
    studio.write("negative", "people")
    engine.select_option("")
    expect(fields["sampler"]).to_be_hidden()

    studio.size(80)
    studio.draw((0.5, 0.5), (0.55, 0.5))
    studio.write("prompt", "a fluffy dog in snow")
    with worker_at_work():
        studio.run()
        studio.on_the_bench("Version 1")
        version = Version.objects.get()
        assert (version.chosen["sampler"], version.chosen["negative"]) == ("", [])
        expect(ignored).to_have_text("Not drawn by painter: fluffy")
        expect(studio.page.locator('[data-layer="mask"]')).not_to_be_checked()
        middle = pixels_of(studio, version)[HEIGHT // 2, WIDTH // 2]
        assert studio.colour_at(0.5, 0.5) == pytest.approx(middle, abs=12)
        assert studio.masked() > 0, "the mask is only hidden"
        studio.draw((0.5, 0.5), (0.55, 0.5))
        expect(studio.page.locator('[data-layer="mask"]')).to_be_checked()
        assert studio.colour_at(0.5, 0.5) != pytest.approx(middle, abs=12)

        studio.page.locator('[data-stop="0.2"]').click()
        studio.run()
        studio.on_the_bench("Version 2")
        expect(ignored).to_have_text("Not drawn by painter: fluffy, dog, snow")
    studio.version("original").locator("> .version-row [data-open]").click()
    studio.on_the_bench("As it was opened")
    expect(ignored).to_be_hidden()


def test_every_step_of_mask_crop_and_words_can_be_undone_and_done_again(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    shown = original(picture)[HEIGHT // 2, WIDTH // 2]
    comes_to_be(studio.page, lambda: studio.colour_at(0.5, 0.5) == pytest.approx(shown, abs=12), "the picture is drawn")
    studio.draw((0.2, 0.5), (0.8, 0.5))
    assert studio.colour_at(0.5, 0.5) != pytest.approx(shown, abs=12)
    studio.page.keyboard.press("m")
    assert studio.colour_at(0.5, 0.5) == pytest.approx(shown, abs=12)
    drawn = studio.masked()
    assert drawn > 0
    studio.page.locator('[data-mask="expand"]').click()
    expect(studio.page.locator("[data-undo]")).to_have_attribute("title", "mask expanded")
    grown = studio.masked()
    assert grown > drawn
    studio.page.locator('[data-mask="invert"]').click()
    assert studio.masked() == pytest.approx(1 - grown, abs=0.01)
    studio.crop(0, 0, 100, 100)
    for _ in range(2):
        studio.undo()
    studio.crop_is(0, 0, WIDTH, HEIGHT)
    studio.undo()
    assert studio.masked() == pytest.approx(grown, abs=0.01)
    studio.undo()
    assert studio.masked() == pytest.approx(drawn, abs=0.001)
    studio.undo()
    assert studio.masked() == 0
    studio.redo()
    assert studio.masked() == pytest.approx(drawn, abs=0.001)

    studio.write("prompt", "sea, mist, sea")
    assert studio.tokens("prompt") == ["sea", "mist"]
    words = studio.page.locator("#studio-prompt-tokens li")
    words.first.locator("[data-part=more]").click()
    expect(words.first.locator("[data-part=weight]")).to_have_text("1.1")
    words.first.locator("[data-part=name]").press("Alt+ArrowRight")
    assert studio.tokens("prompt") == ["mist", "sea"]
    words.last.locator("[data-part=name]").click()
    expect(words.last).to_have_class("studio-token is-off")
    studio.undo()
    studio.undo()
    assert studio.tokens("prompt") == ["sea", "mist"]


def test_settings_are_kept_under_a_name_for_everybody(studio: StudioPage, picture: Image) -> None:
    presets, fill = studio.page.locator("[data-presets]"), studio.page.locator('[data-setting="fill"]')
    studio.open(picture.pk)
    studio.write("prompt", "calm sea")
    fill.select_option("blur")
    studio.page.fill("[data-preset-name]", "misty")
    studio.page.locator("[data-preset-save]").click()
    studio.shows_message("Saved: misty")
    expect(presets.locator(":checked")).to_have_text("misty")
    studio.open(picture.pk)
    presets.select_option("misty")
    expect(fill).to_have_value("blur")
    assert studio.tokens("prompt") == ["calm sea"]
    studio.page.locator("[data-preset-drop]").click()
    studio.shows_message("Deleted: misty")
    expect(presets.locator("option")).to_have_text("none")
    assert not RetouchPreset.objects.exists()


def test_it_is_used_without_a_mouse_and_is_for_everyone(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    press, zoom = studio.page.keyboard.press, studio.page.locator("[data-zoom]")
    for key in ("s", "ArrowRight", "Enter"):
        press(key)
    assert studio.masked() > 0
    for key in ("e", "]", "Enter"):
        press(key)
    assert studio.masked() == 0
    press("c")
    press("1")
    expect(zoom).to_have_value("100")
    press("+")
    expect(zoom).to_have_value("125")
    studio.page.evaluate("document.querySelectorAll('details').forEach((panel) => (panel.open = true))")
    assert faults_on(studio.page) == []


def test_a_version_is_cancelled_alone_by_keyboard_and_tried_again(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    studio.size(40)
    studio.draw((0.3, 0.3), (0.6, 0.6))
    studio.run()
    studio.shows_message("being repainted")
    studio.page.locator("[data-cancel]").click()
    studio.shows_message("It was cancelled")
    with worker_at_work():
        studio.version(Version.objects.get().pk).locator("[data-retry]").click()
        studio.on_the_bench("Version 1")
    assert (Version.objects.get().state, Slot.objects.get().state) == ("done", "done")
    studio.undo()
    studio.on_the_bench("As it was opened")

    canvas = open_image(image=picture, by=None)
    first, second, third = ask([edit(canvas, engine="painter") for _ in range(3)])
    studio.open(picture.pk)
    cancel = studio.version(second.pk).locator("[data-withdraw]")
    with studio.page.expect_response(f"**/versions/{second.pk}"):
        cancel.focus()
    expect(cancel).to_be_focused()
    studio.page.keyboard.press("Enter")
    studio.shows_message("It was cancelled")
    expect(studio.version(second.pk)).to_have_attribute("data-state", "cancelled")
    expect(studio.version(second.pk).locator("[data-open]")).to_be_focused()
    expect(cancel).to_be_hidden()
    with worker_at_work():
        for going_on in (first, third):
            expect(studio.version(going_on.pk)).to_have_attribute("data-state", "done", timeout=PATIENCE_MS)
    assert [version.state for version in Version.objects.in_order()] == ["done", "done", "cancelled", "done"]


def test_credits_are_held_given_back_spent_and_missed(desk: Desk, picture: Image, settings: Any) -> None:
    engines = settings.GENERATION_ENGINES
    settings.GENERATION_ENGINES = {**engines, "finer": engines["painter"]}
    settings.RETOUCH_PRICES = {"finer": 2}
    review = desk("cleo", "curator", SCREEN)
    give_plan(user=User.objects.get(username="cleo"), plan=plan(2))
    studio = StudioPage(review.page, review.address).open(picture.pk)
    engine = studio.page.locator("[data-setting=engine]")

    def left(amount: int, price: int) -> None:
        reported = f"{amount} of 2 credits left today; a picture costs {price}"
        expect(studio.page.locator("[data-credits]")).to_have_text(reported, timeout=PATIENCE_MS)

    left(2, price=1)
    engine.select_option("finer")
    left(2, price=2)
    studio.draw((0.2, 0.2), (0.6, 0.3))
    studio.run()
    left(0, price=2)
    studio.page.locator("[data-cancel]").click()
    studio.shows_message("It was cancelled")
    left(2, price=2)
    engine.select_option("")
    with worker_at_work():
        for number, amount in ((2, 1), (3, 0)):
            studio.run()
            studio.on_the_bench(f"Version {number}")
            left(amount, price=1)
    charged = CreditCharge.objects.values_list("version", flat=True)
    assert {*charged} == {*Version.objects.done().values_list("pk", flat=True)}
    assert len(charged) == 2
    studio.run()
    studio.shows_message("Credits left: 0; this costs 1. 2 more come at midnight.")
    assert Version.objects.count() == 3

    studio.page.goto(f"{studio.address}/admin/curation/retouch-batch/?images={picture.pk}")
    cost = studio.page.locator("[data-cost]")
    expect(cost).to_have_text("All of them cost 1 credits at most; 0 are left.", timeout=PATIENCE_MS)
    engine.select_option("finer")
    expect(cost).to_have_text("All of them cost 2 credits at most; 0 are left.")
    review.problems[:] = [problem for problem in review.problems if "402" not in problem]
