"""A curator repairs an almost-good picture, in a real browser on the real admin, with the painter at work."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from garden.models import Image
from garden.services import register_image
from generation.models import Version
from tests.journeys.conftest import watch
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.studio_page import StudioPage
from tests.journeys.test_accessibility import AXE, TAGS
from tests.journeys.workshop import sign_in, worker_at_work
from tests.pictures import coffee, encode

DESK = {"width": 1440, "height": 1000}
WIDTH, HEIGHT = 320, 200


@pytest.fixture
def picture(transactional_db: None) -> Image:
    photo = PIL.Image.open(io.BytesIO(coffee())).resize((WIDTH, HEIGHT))
    return register_image(
        key="imgPool/calm/img_0_0h.jpeg", content=encode(photo), origin="painter", prompt="calm, a cup"
    )


@pytest.fixture
def studio(context: BrowserContext, live_server: LiveServer, transactional_db: None) -> Iterator[StudioPage]:
    """The studio of a signed-in curator; afterwards nothing must have gone wrong on it."""
    sign_in(context, live_server.url, get_user_model().objects.create_superuser("ann"))
    page = context.new_page()
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    noted = KioskPage(page, live_server.url)
    watch(page, noted)
    yield StudioPage(page, live_server.url)
    page.close()
    assert noted.problems == []


def test_a_curator_repairs_fades_compares_and_publishes(studio: StudioPage, picture: Image) -> None:
    studio.page.goto(f"{studio.address}/admin/curation/review/")
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
    made = Version.objects.get()
    assert (made.x, made.y, made.width, made.height) == (40, 30, 160, 128)

    studio.page.locator("[data-opacity]").fill("50")
    studio.on_the_bench("Version 2")
    studio.undo()
    studio.on_the_bench("Version 1")
    studio.redo()
    studio.on_the_bench("Version 2")

    for version in ("original", str(made.pk)):
        studio.page.locator(f'[data-version="{version}"] > .version-row [data-compare]').check()
    studio.page.locator("[data-compare-both]").click()
    expect(studio.page.locator("[data-compare-told]")).to_contain_text("of the pixels differ")
    studio.page.locator("[data-compare-dialog] form button").click()

    studio.page.locator("[data-publish]").click()
    studio.page.locator("[data-publish-dialog] [name=serve]").check()
    studio.page.locator("[data-publish-dialog] [type=submit]").click()
    studio.said("Kept as imgPool/calm/img_0_0-r1h.jpeg")
    published = Image.objects.serving().get()
    assert published.key.startswith("emotions/calm/")
    assert default_storage.exists(published.key)


def test_a_comparison_says_what_differs_in_words(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    studio.draw((0.3, 0.3), (0.6, 0.6))
    studio.write("prompt", "calm sea", "mist")
    with worker_at_work():
        studio.run()
        studio.on_the_bench("Version 1")
        studio.crop(40, 30, 160, 128)
        studio.write("prompt", "morning")
        studio.page.locator("#studio-prompt-tokens [data-part=more]").first.click()
        studio.page.locator('[data-setting="fill"]').select_option("blur")
        studio.run()
        studio.on_the_bench("Version 2")
    seeds = list(Version.objects.order_by("number").values_list("seed", flat=True))

    rows = studio.compare("original", Version.objects.get(number=1).pk)
    assert "of the pixels differ" in rows[0]
    assert rows[1:] == [
        f"Crop: 0, 0 · {WIDTH} × {HEIGHT} px",
        "Prompt: calm sea, mist",
        f"Seed: {seeds[0]}",
    ]
    rows = studio.compare(*Version.objects.values_list("pk", flat=True))
    assert sorted(rows[1:]) == [
        f"Crop: 0, 0 · {WIDTH} × {HEIGHT} px → 40, 30 · 160 × 128 px",
        "Fill the mask with: what was there → a blur of what was there",
        "Prompt: calm sea, mist → calm sea × 1.1, mist, morning",
        f"Seed: {seeds[0]} → {seeds[1]}",
    ]


def test_the_mask_is_out_of_the_way_of_its_result_until_it_is_painted_on(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    studio.size(80)
    studio.draw((0.5, 0.5))
    with worker_at_work():
        studio.run()
        studio.on_the_bench("Version 1")
    expect(studio.page.locator('[data-layer="mask"]')).not_to_be_checked()
    answer = studio.page.request.get(f"{studio.address}/curation/retouch/versions/{Version.objects.get().pk}/picture")
    made = PIL.Image.open(io.BytesIO(answer.body())).convert("RGB").getpixel((WIDTH // 2, HEIGHT // 2))
    assert studio.colour_at(0.5, 0.5) == pytest.approx(made, abs=12)
    assert studio.masked() > 0, "it is only hidden"
    studio.draw((0.5, 0.5), (0.55, 0.5))
    expect(studio.page.locator('[data-layer="mask"]')).to_be_checked()
    assert studio.colour_at(0.5, 0.5) != pytest.approx(made, abs=12)


def test_the_painter_puts_what_is_asked_for_where_the_mask_is(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    studio.size(60)
    studio.draw((0.5, 0.5), (0.55, 0.5))
    studio.write("prompt", "a fluffy dog in snow")
    with worker_at_work():
        studio.run()
        studio.on_the_bench("Version 1")
        expect(studio.page.locator("[data-ignored]")).to_have_text("Not drawn by painter: fluffy")
        studio.page.locator('[data-stop="0.2"]').click()
        studio.run()
        studio.on_the_bench("Version 2")
        expect(studio.page.locator("[data-ignored]")).to_have_text("Not drawn by painter: fluffy, dog, snow")
    studio.page.locator('[data-version="original"] > .version-row [data-open]').click()
    studio.on_the_bench("As it was opened")
    expect(studio.page.locator("[data-ignored]")).to_be_hidden()


def test_only_what_the_engine_accepts_is_offered_and_sent(
    studio: StudioPage, picture: Image, settings: Any, tmp_path: Path
) -> None:
    diffusers = {"BACKEND": "generation.engines.diffusers.DiffusersEngine", "OPTIONS": {"cache": str(tmp_path)}}
    settings.GENERATION_ENGINES = {**settings.GENERATION_ENGINES, "diffusers": diffusers}
    fields = {name: studio.page.locator(f"#studio-{name}") for name in ("sampler", "steps", "guidance", "negative")}
    lines, reference = (
        studio.page.locator(f'details[data-ability="{ability}"]') for ability in ("line_art", "reference")
    )
    engine = studio.page.locator("#studio-engine")
    studio.open(picture.pk)
    for field in fields.values():
        expect(field).to_be_hidden()
    expect(lines).to_be_visible()
    expect(reference).to_be_visible()
    engine.select_option("diffusers")
    for field in fields.values():
        expect(field).to_be_visible()
    expect(lines).to_be_hidden()
    expect(reference).to_be_hidden()
    fields["sampler"].select_option("ddim")
    studio.write("negative", "people")
    engine.select_option("")
    expect(fields["sampler"]).to_be_hidden()
    studio.draw((0.5, 0.5))
    with worker_at_work():
        studio.run()
        studio.on_the_bench("Version 1")
    chosen = Version.objects.get().chosen
    assert (chosen["sampler"], chosen["negative"]) == ("", [])


def test_what_is_not_masked_stays_as_it_was(studio: StudioPage, picture: Image, live_server: LiveServer) -> None:
    studio.open(picture.pk)
    studio.crop(0, 0, 128, 128)
    studio.size(30)
    studio.draw((0.4, 0.4), (0.5, 0.5))
    with worker_at_work():
        studio.run()
        studio.on_the_bench("Version 1")
    with default_storage.open(picture.key) as file:
        before = np.asarray(PIL.Image.open(file).convert("RGB"))
    answer = studio.page.request.get(f"{live_server.url}/curation/retouch/versions/{Version.objects.get().pk}/picture")
    after = np.asarray(PIL.Image.open(io.BytesIO(answer.body())).convert("RGB"))
    assert (before[128:] == after[128:]).all()
    assert (before[:, 128:] == after[:, 128:]).all()
    assert (before != after).any()


def test_the_picture_lies_on_the_bench_and_the_mask_over_it(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    with default_storage.open(picture.key) as file:
        drawn = PIL.Image.open(file).convert("RGB").getpixel((WIDTH // 2, HEIGHT // 2))
    assert studio.colour_at(0.5, 0.5) == pytest.approx(drawn, abs=12)
    studio.draw((0.5, 0.5))
    assert studio.colour_at(0.5, 0.5) != pytest.approx(drawn, abs=12)
    studio.page.keyboard.press("m")
    assert studio.colour_at(0.5, 0.5) == pytest.approx(drawn, abs=12)


def test_every_step_can_be_undone_and_done_again(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    studio.draw((0.2, 0.2), (0.8, 0.2))
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


def test_words_have_weights_an_order_and_a_switch(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    studio.write("prompt", "sea, mist, sea")
    assert studio.tokens("prompt") == ["sea", "mist"]
    first = studio.page.locator("#studio-prompt-tokens li").first
    first.locator("[data-part=more]").click()
    expect(first.locator("[data-part=weight]")).to_have_text("1.1")
    first.locator("[data-part=name]").press("Alt+ArrowRight")
    assert studio.tokens("prompt") == ["mist", "sea"]
    studio.page.locator("#studio-prompt-tokens [data-part=name]").last.click()
    expect(studio.page.locator("#studio-prompt-tokens li").last).to_have_class("studio-token is-off")
    studio.undo()
    studio.undo()
    assert studio.tokens("prompt") == ["sea", "mist"]


def test_it_is_used_without_a_mouse(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    studio.page.keyboard.press("s")
    studio.page.keyboard.press("ArrowRight")
    studio.page.keyboard.press("Enter")
    assert studio.masked() > 0
    studio.page.keyboard.press("e")
    studio.page.keyboard.press("]")
    studio.page.keyboard.press("Enter")
    assert studio.masked() == 0
    studio.page.keyboard.press("c")
    studio.page.keyboard.press("1")
    expect(studio.page.locator("[data-zoom]")).to_have_value("100")
    studio.page.keyboard.press("+")
    expect(studio.page.locator("[data-zoom]")).to_have_value("125")


def test_axe_finds_nothing(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    studio.page.evaluate("document.querySelectorAll('details').forEach((panel) => (panel.open = true))")
    studio.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = studio.page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)
    assert [(one["id"], one["impact"]) for one in found["violations"]] == []


def test_a_mask_grows_and_shrinks_by_exact_distances(studio: StudioPage, picture: Image) -> None:
    studio.open(picture.pk)
    differences = studio.page.evaluate("""async () => {
        const { grow } = await import("/static/curation/js/studio/mask_arithmetic.js");
        const [width, height, differences] = [40, 30, []];
        const near = (mask, painted, x, y, reach) => mask.some((value, at) => value >= 128 === painted
            && (at % width - x) ** 2 + (Math.floor(at / width) - y) ** 2 <= reach * reach);
        const mask = new Uint8ClampedArray(width * height);
        for (const at of [3, 15 * width + 20, 16 * width + 24]) mask[at] = 255;
        const grown = grow(mask, width, height, 7);
        const shrunk = grow(grown, width, height, -3);
        for (let at = 0; at < mask.length; at++) {
            const [x, y] = [at % width, Math.floor(at / width)];
            if (grown[at] > 0 !== near(mask, true, x, y, 7)) differences.push(`grown ${x} ${y}`);
            if (shrunk[at] > 0 === near(grown, false, x, y, 3)) differences.push(`shrunk ${x} ${y}`);
        }
        return differences;
    }""")
    assert differences == []
