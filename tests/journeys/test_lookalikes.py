"""Look-alikes and the dashboard, in a real browser on the real admin: settled by keyboard, and for everyone."""

import io

import PIL.Image
import pytest
from playwright.sync_api import expect

from curation.models import BulkOperation, Fingerprint
from garden.models import Image
from garden.services import register_image
from garden.storage.thumbnails import make_thumbnail
from generation.models import Worker
from recommend.models import ImageRate
from tests.curation.alike import placed
from tests.journeys.axe import faults_on
from tests.journeys.review_page import LAPTOP, PHONE, Desk, ReviewPage
from tests.support.factories import ImageFactory
from tests.support.pictures import astronaut, coffee, encode


@pytest.fixture
def alike(transactional_db: None) -> list[list[int]]:
    """Two groups, newest first: three astronauts, the second the sharpest, and two cups of coffee."""
    cup = PIL.Image.open(io.BytesIO(coffee())).convert("RGB")
    face = astronaut()
    return [
        _register("calm", [face.resize((200, 200)).resize((512, 512)), face, face.resize((320, 320))]),
        _register("happy", [cup, cup.resize((300, 200))]),
    ][::-1]


def test_a_curator_settles_groups_by_keyboard_and_undoes_it(desk: Desk, alike: list[list[int]]) -> None:
    cups, faces = alike
    review = desk().open("lookalikes")
    groups = review.page.locator(".alike-group")
    empty = review.page.locator(".alike-empty")
    expect(groups).to_have_count(2)
    expect(groups.first).to_have_attribute("aria-current", "true")
    expect(groups.last.locator("[name=image]").first).to_have_attribute("value", str(faces[1]))

    review.press("j", "ArrowRight", "ArrowLeft", "b")
    _says(review, "The best is kept, 2 disliked.")
    assert dict(Image.objects.filter(pk__in=faces).values_list("pk", "verdict")) == {
        faces[0]: "dislike",
        faces[1]: "",
        faces[2]: "dislike",
    }
    review.press("x")
    _says(review, "The best is kept, 1 went to the trash.")
    assert Image.objects.in_trash().count() == 1
    expect(empty).to_be_visible()
    review.press("u")
    _says(review, "Undone.")
    expect(groups).to_have_count(1)
    review.press("u")
    expect(groups).to_have_count(2)
    assert not Image.objects.in_trash().exists()
    assert not Image.objects.disliked().exists()
    assert {*cups} == set(Fingerprint.objects.filter(group=cups[0]).values_list("pk", flat=True))

    review.reload()
    settled = BulkOperation.objects.filter(selection__has_key="how")
    before = settled.count()
    review.press("n")
    _says(review, "Saved: not near duplicates.")
    expect(groups).to_have_count(1)
    groups.locator(".pick").last.click()
    review.page.get_by_role("button", name="This one is no duplicate").click()
    expect(groups.locator("li")).to_have_count(2)
    review.press("a")
    _says(review, "All 2 are kept.")
    review.reload()
    expect(empty).to_be_visible()
    assert settled.count() == before + 3


def test_a_viewer_settles_nothing(desk: Desk, alike: list[list[int]]) -> None:
    review = desk("vic", "viewer").open("lookalikes")
    expect(review.page.locator(".alike-group")).to_have_count(2)
    expect(review.page.get_by_role("button", name="Keep all")).to_have_count(0)
    review.press("b")
    assert not BulkOperation.objects.exists()


def test_more_groups_are_loaded_when_the_last_is_near(desk: Desk) -> None:
    for n in range(20):
        placed(n * 0x0301_0705_0B0D_1113), placed(n * 0x0301_0705_0B0D_1113)
    review = desk()
    review.page.route("**/media/**", lambda route: route.fulfill(body=coffee(), content_type="image/jpeg"))
    review.open("lookalikes")
    groups = review.page.locator(".alike-group")
    for known in (8, 16):
        expect(groups).not_to_have_count(known - 8)
        groups.last.scroll_into_view_if_needed()
    expect(groups).to_have_count(20)
    expect(review.page.locator(".alike-group[aria-current]")).to_have_count(1)


def test_lookalikes_and_dashboard_are_for_everyone(desk: Desk, alike: list[list[int]]) -> None:
    _work()
    review = desk(screen=LAPTOP, color_scheme="light")
    faults = {}
    for listing in ("lookalikes", "dashboard"):
        review.page.goto(f"{review.address}/admin/curation/{listing}/")
        if listing == "dashboard":
            assert review.page.locator(".dash :is(.chart-bars, .chart-lines)").count() > 3
            review.page.locator("#panel-stock summary").click()
        for screen, theme in ((LAPTOP, "light"), (PHONE, "dark")):
            review.page.set_viewport_size(screen)  # type: ignore[arg-type]
            review.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            faults[listing, theme] = faults_on(review.page)
    assert not any(faults.values()), faults


def _register(mood: str, versions: list[PIL.Image.Image]) -> list[int]:
    images = [
        register_image(
            key=f"imgPool/{mood}/img_{n}h.jpeg",
            content=encode(version),
            origin="painter",
            model="garden-painter-2",
            prompt=f"{mood}, a portrait by the lake",
            parameters={"seed": 7 + n},
        )
        for n, version in enumerate(versions)
    ]
    for image in images:
        assert make_thumbnail(image=image)
    return [image.pk for image in images]


def _work() -> None:
    """Something to plot."""
    Worker.objects.create(name="gpu-1:1", engines=["painter"], device="CPU", seconds_per_picture=1.5)
    for n, mood in enumerate(["happy", "calm", "sad", "fear"]):
        for m in range(10 * n + 5):
            image = ImageFactory.create(key=f"emotions/{mood}/img_{m}v.jpeg")
        ImageRate.objects.create(image=image, group="adult/Male", shown=40, liked=9 * n + 3)
        for m in range(8):
            key, verdict = f"imgPool/{mood}/made_{m}h.jpeg", "like" if m > n else "dislike"
            described = {"prompt": f"{mood} flowers, lake", "verdict": verdict, "parameters": {"seed": m * 2**28}}
            ImageFactory.create(key=key, published_at=None, **described)


def _says(review: ReviewPage, text: str) -> None:
    expect(review.page.locator(".alike-status")).to_have_text(text)
