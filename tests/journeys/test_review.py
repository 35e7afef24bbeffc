"""A curator's work at the review page, in a real browser on the real admin."""

from collections.abc import Callable, Iterator

import PIL.Image
import pytest
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from curation.models import BulkOperation, Decision
from curation.tasks import carry_out
from garden.models import Image
from garden.services import register_image
from garden.storage.thumbnails import thumbnail_key
from tests.factories import ImageFactory
from tests.journeys.browser import open_context
from tests.journeys.conftest import watch
from tests.journeys.review_page import PASSWORD, ReviewPage
from tests.pictures import encode

PICTURES = 24
MANY = 230  # more than are done while the curator waits
LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
Desk = Callable[..., ReviewPage]


@pytest.fixture
def pool(transactional_db: None) -> list[int]:
    """Ids of the pool, newest first."""
    shapes = [("h", (160, 100)), ("v", (100, 160))]
    made = [
        register_image(
            key=f"imgPool/calm/img_{n}{side}.jpeg", content=_drawn(n, size), origin="painter", prompt=f"sea {n}"
        )
        for n in range(PICTURES // 2)
        for side, size in shapes
    ]
    return [image.pk for image in reversed(made)]


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Desk]:
    """Opens the review page for a member of a group, in a browser of their own; nothing may go wrong on it."""
    opened: list[tuple[BrowserContext, ReviewPage]] = []

    def open_desk(
        name: str = "kim", group: str = "publisher", screen: dict[str, int] = LAPTOP, **how: object
    ) -> ReviewPage:
        user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        context = open_context(browser, viewport=screen, **how)
        page = ReviewPage(context.new_page(), live_server.url)
        watch(page.page, page)
        opened.append((context, page))
        return page.sign_in(name)

    yield open_desk
    for context, page in opened:
        context.close()
        assert page.problems == []


def test_a_curator_decides_removes_publishes_and_takes_it_back(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.is_at(pool[0])
    review.press("l", "d", "l", "j", "d")
    review.is_at(pool[5])
    for image, verdict in zip(pool, ["like", "dislike", "like", "", "dislike"], strict=False):
        review.shows(image, verdict)
    review.counts("liked", "2")
    review.counts("disliked", "2")
    review.is_saved()

    review.press("x")
    review.answers_yes("out of focus")
    review.says("Removed: 2")
    expect(review.tile(pool[1])).to_have_count(0)
    review.is_at(pool[5])
    assert BulkOperation.objects.get().note == "out of focus"
    assert set(Image.objects.in_trash().values_list("pk", flat=True)) == {pool[1], pool[4]}

    review.press("u")
    review.says("Back from the trash: 2")
    review.shows(pool[1], "dislike")
    review.is_at(pool[5])

    review.press("p")
    review.answers_yes()
    review.says("Published: 2")
    review.counts("all", str(PICTURES - 2))
    assert Image.objects.serving().count() == 2
    review.press("u")
    review.says("Taken back from the garden: 2")
    assert Image.objects.serving().count() == 0


def test_undo_goes_back_picture_by_picture(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.press("l", "d", "4", "u", "u")
    review.is_at(pool[1])
    review.shows(pool[0], "like")
    review.shows(pool[1], "")
    review.press("u")
    review.shows(pool[0], "")
    review.is_saved()
    assert set(Image.objects.values_list("verdict", "rating")) == {("", None)}
    assert Decision.objects.count() == 6


def test_a_reload_loses_neither_the_place_nor_a_decision(desk: Desk, pool: list[int]) -> None:
    review = desk().open(query="?orientation=landscape")
    landscape = pool[1::2]
    review.press("j", "j", "l", "3", " ")
    review.page.wait_for_url("**view=one**")
    review.reload()
    expect(review.page.locator(".one")).to_be_visible()
    expect(review.page.locator(".one-title")).to_contain_text(str(landscape[3]))
    review.press("Escape")
    review.is_at(landscape[3])
    review.shows(landscape[2], "like")
    expect(review.tile(landscape[3]).locator(".tile-stars")).to_have_text("★★★")
    review.press("u", "u")
    review.shows(landscape[2], "")


def test_without_a_network_nothing_is_lost(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.page.context.set_offline(True)
    review.press("l", "l", "d")
    expect(review.page.locator(".bar-saved")).to_have_attribute("data-state", "offline")
    assert Decision.objects.count() == 0
    review.page.context.set_offline(False)
    review.is_saved()
    assert list(Image.objects.liked().order_by("-pk").values_list("pk", flat=True)) == pool[:2]
    review.problems[:] = [problem for problem in review.problems if "ERR_INTERNET_DISCONNECTED" not in problem]


def test_a_lost_tab_leaves_its_decisions_to_the_next_one(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.page.route("**/curation/decisions", lambda route: route.abort())
    review.press("l", "l")
    expect(review.page.locator(".bar-saved")).to_have_attribute("data-state", "offline")
    review.crash()
    assert Image.objects.liked().count() == 0
    again = ReviewPage(review.page.context.new_page(), review.address).open()
    again.is_saved()
    expect(again.tile(pool[1])).to_have_attribute("data-verdict", "like")
    assert Image.objects.liked().count() == 2


def test_two_curators_see_each_other_and_stay_where_they_are(desk: Desk, pool: list[int]) -> None:
    kim, lee = desk("kim").open(), desk("lee").open()
    lee.press("j", "j", "j")
    kim.press("l", "d")
    lee.shows(pool[0], "like")
    lee.shows(pool[1], "dislike")
    expect(lee.tile(pool[0]).locator(".tile-by")).to_have_text("kim")
    lee.is_at(pool[3])
    lee.press("k", "k", "l")
    kim.shows(pool[1], "disputed")
    kim.press("x")
    kim.says("No picture of this filter is disliked.")
    kim.is_at(pool[2])


def test_a_picture_that_another_removed_is_marked_and_stays_in_its_place(desk: Desk, pool: list[int]) -> None:
    review = desk()
    review.page.clock.install()
    review.open()
    Image.objects.filter(pk=pool[2]).withdraw()
    review.hears_of_others(rounds=4)
    review.shows(pool[2], "gone")
    review.press("j", "j", "l")
    review.shows(pool[2], "gone")


def test_many_pictures_are_removed_with_progress_and_come_back(desk: Desk, pool: list[int]) -> None:
    small = encode(PIL.Image.new("RGB", (32, 20)))
    for number in range(MANY):
        image = ImageFactory.create(key=f"imgPool/sad/img_{number}h.jpeg", published_at=None, verdict="dislike")
        for name in (image.key, thumbnail_key(image.key)):
            default_storage.save(name, ContentFile(small))
    review = desk().open(query=f"?at={pool[3]}")
    review.press("x")
    review.answers_yes()
    expect(review.page.locator(".bar-state progress[value]")).to_be_visible()
    carry_out(str(BulkOperation.objects.get().pk))
    review.says(f"Removed: {MANY}")
    expect(review.page.locator(".bar-state progress")).to_be_hidden()
    review.counts("all", str(PICTURES))
    review.is_at(pool[3])
    review.press("u")
    expect(review.page.locator(".bar-state progress[value]")).to_be_visible()
    carry_out(str(BulkOperation.objects.get(kind="undo").pk))
    review.says(f"Back from the trash: {MANY}")
    review.counts("all", str(PICTURES + MANY))
    review.is_at(pool[3])


def test_the_garden_says_why_it_publishes_nothing(desk: Desk, pool: list[int]) -> None:
    ImageFactory(key="imgPool/img_7h.jpeg", published_at=None, verdict="like")
    review = desk().open()
    review.press("p")
    review.answers_yes()
    expect(review.page.locator("#notice")).to_contain_text("imgPool/img_7h.jpeg")
    review.press("Enter")
    expect(review.page.locator("#notice")).to_be_hidden()
    review.problems.clear()  # The browser notes the refusal.


def test_fingers_are_enough(desk: Desk, pool: list[int]) -> None:
    review = desk(screen=PHONE, has_touch=True, is_mobile=True).open()
    page = review.page
    review.tile(pool[1]).tap()
    title = page.locator(".one-title")
    expect(title).to_contain_text(str(pool[1]))
    page.locator(".decide-like").tap()
    expect(title).to_contain_text(str(pool[2]))
    _swipe(review, 300, 60)
    expect(title).to_contain_text(str(pool[3]))
    _swipe(review, 60, 300)
    expect(title).to_contain_text(str(pool[2]))
    page.go_back()
    expect(page.locator(".one")).to_be_hidden()
    review.is_at(pool[2])
    review.shows(pool[1], "like")
    review.is_saved()


def test_a_viewer_looks_and_decides_nothing(desk: Desk, pool: list[int]) -> None:
    review = desk("eve", "viewer").open()
    review.press("l", "x", "p")
    review.is_at(pool[0])
    expect(review.page.locator(".bar-decide")).to_have_count(0)
    expect(review.page.locator("#question")).to_be_hidden()


def test_what_was_removed_is_restored_from_the_trash(desk: Desk, pool: list[int]) -> None:
    Image.objects.filter(pk__in=pool[:3]).withdraw()
    trash = desk().open("trash")
    trash.press("j", "r")
    trash.says("Restored: 1")
    expect(trash.tile(pool[1])).to_have_count(0)
    trash.is_at(pool[2])
    trash.press("u")
    trash.shows(pool[1], "")


def test_how_many_is_kept_in_the_address(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.page.get_by_text("More filters").click()
    review.page.get_by_label("How many").fill("5")
    review.page.get_by_role("button", name="Show").click()
    review.page.wait_for_url("**end=**")
    review.is_ready()
    review.counts("all", "5")
    review.press("End")
    review.is_at(pool[4])


def _drawn(number: int, size: tuple[int, int]) -> bytes:
    return encode(PIL.Image.new("RGB", size, (number * 37 % 256, 90, 160)))


def _swipe(review: ReviewPage, start: int, end: int) -> None:
    touch = review.page.context.new_cdp_session(review.page)
    steps = [start + (end - start) * step // 5 for step in range(6)]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": steps[0], "y": 300}]})
    for x in steps[1:]:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": 300}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_picture_without_an_emotion_gets_one_and_is_published(desk: Desk, pool: list[int]) -> None:
    tried = register_image(key="imgPool/img_7h.jpeg", content=_drawn(7, (160, 100)), origin="painter", prompt="a pier")
    review = desk().open()
    review.is_at(tried.pk)
    review.press("l", "k", "e")
    dialog = review.page.locator("#label")
    dialog.locator("[name=emotion]").select_option("sad")
    dialog.locator("[name=favorite]").fill("cat")
    dialog.locator("[name=favorite]").press("Enter")
    review.says("Changed: 1")
    review.press("p")
    review.answers_yes()
    review.says("Published: 1")
    assert [image.emotion_path for image in Image.objects.serving()] == ["sad/cat"]


def test_marked_pictures_change_their_emotion_together_and_back(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.press("m", "j", "m", "e")
    dialog = review.page.locator("#label")
    expect(dialog.locator("[name=which]")).to_have_value("marked")
    dialog.locator("[name=emotion]").select_option("angry")
    dialog.locator("[value=yes]").click()
    review.says("Changed: 2")
    assert set(Image.objects.filter(emotion="angry").values_list("pk", flat=True)) == set(pool[:2])
    review.press("u")
    review.says("Changed back: 2")
    assert not Image.objects.filter(emotion="angry").exists()
