"""A curator in the library: marking with the mouse, what is done to marked pictures, collections, uploads, likeness."""

import io
import zipfile

import PIL.Image
from playwright.sync_api import expect

from garden.models import Image
from tests.journeys.axe import faults_on
from tests.journeys.review_page import Desk, ReviewPage


def draw_frame(review: ReviewPage, first: int, last: int) -> None:
    """With the mouse, from the middle of one tile to that of another."""
    for image in (first, last):
        expect(review.tile(image)).to_be_visible()
    start, end = (review.tile(image).bounding_box() for image in (first, last))
    assert start
    assert end
    mouse = review.page.mouse
    mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    mouse.down()
    mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=5)
    expect(review.page.locator(".grid-frame")).to_be_visible()
    mouse.up()


def test_a_frame_marks_pictures_and_what_is_done_is_done_to_them(desk: Desk, pool: list[int]) -> None:
    review = desk().open("library", "?state=all")
    draw_frame(review, pool[0], pool[2])
    expect(review.page.locator(".bar-marked")).to_have_text("3 marked")
    expect(review.page.locator(".remove-what")).to_have_text("Remove the 3 marked")
    review.press("x")
    review.answers_yes()
    review.says("Removed: 3")
    expect(review.tile(pool[0]).locator(".tile-state")).to_have_text("Trash")
    expect(review.tile(pool[3]).locator(".tile-state")).to_have_text("Waiting")
    assert set(Image.objects.in_trash().values_list("pk", flat=True)) == set(pool[:3])
    review.press("x")
    review.says("Mark pictures first.")
    review.press("u")
    review.says("Back from the trash: 3")
    expect(review.tile(pool[0]).locator(".tile-state")).to_have_text("Waiting")
    draw_frame(review, pool[0], pool[1])
    expect(review.page.locator(".bar-marked")).to_have_text("2 marked")


def test_marked_pictures_become_a_collection_and_a_download(desk: Desk, pool: list[int]) -> None:
    review = desk().open("library", "?state=pool")
    review.press("m", "j", "m", "c")
    dialog = review.page.locator("#collect")
    dialog.locator("[name=name]").fill("Spring show")
    assert faults_on(review.page) == []
    dialog.get_by_role("button", name="Save").click()
    review.says("Added to Spring show: 2")
    with review.page.expect_download() as downloading:
        review.press("s")
    with zipfile.ZipFile(downloading.value.path()) as archive:
        assert len(archive.namelist()) == 2

    review.press("Escape")
    review.page.locator(".filter-more summary").click()
    review.page.locator("[name=collection]").select_option(label="Spring show")
    review.page.get_by_role("button", name="Show", exact=True).click()
    review.is_ready()
    expect(review.page.locator(".tile")).to_have_count(2)
    review.press("c")
    dialog.locator("[name=name]").fill("Spring show")
    dialog.locator("[name=remove]").check()
    dialog.get_by_role("button", name="Save").click()
    review.says("Removed from Spring show: 1")
    expect(review.page.locator(".tile")).to_have_count(1)


def test_the_menu_offers_what_is_done_seldom_and_keys_say_so(desk: Desk, pool: list[int]) -> None:
    review = desk().open("library", "?state=pool")
    review.press("j", "j")
    review.page.get_by_role("button", name="More").click()
    menu = review.page.locator("#more")
    expect(menu).to_be_visible()
    assert faults_on(review.page) == []
    menu.get_by_role("button", name="Similar").click()
    review.page.wait_for_url("**like=*")
    review.is_ready()
    expect(review.page.locator(".tile").first).to_have_attribute("data-id", str(pool[2]))
    review.is_at(pool[2])
    review.press("j", "+", "-")
    expect(review.page.locator('.tile[aria-selected="true"]')).not_to_have_attribute("data-id", str(pool[2]))


def test_dropped_files_wait_in_the_pool_under_the_emotion_of_the_filter(desk: Desk, pool: list[int]) -> None:
    review = desk().open("library", "?state=pool&emotion=sad")
    file = io.BytesIO()
    PIL.Image.new("RGB", (160, 100), (20, 90, 200)).save(file, "PNG")
    upload = review.page.locator("#upload")
    with review.page.expect_navigation():
        upload.set_input_files({"name": "blue gate.png", "mimeType": "image/png", "buffer": file.getvalue()})
    review.is_ready()
    image = Image.objects.get(emotion="sad")
    assert (image.state, image.prompt) == (Image.State.POOL, "blue gate")
    review.is_at(image.pk)
    upload.set_input_files({"name": "words.txt", "mimeType": "text/plain", "buffer": b"words"})
    expect(review.page.locator("#notice")).to_contain_text("words.txt")
