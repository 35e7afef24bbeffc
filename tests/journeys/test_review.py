"""A curator's work at the review page, in a real browser on the real admin."""

import PIL.Image
import pytest
from playwright.sync_api import Route, expect

from curation.models import BulkOperation, Decision
from curation.services import operations
from curation.tasks import carry_out
from garden.models import Image
from garden.services import register_image
from tests.journeys.patience import PATIENCE_MS, comes_to_be
from tests.journeys.review_page import PHONE, Desk, ReviewPage
from tests.support.pictures import encode

COUNTS = "**/curation/counts?**"
DECISIONS = "**/curation/decisions"
DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))"
"""What the page does with an answer, it has done by then."""


def saved_is(review: ReviewPage, state: str) -> None:
    expect(review.page.locator(".bar-saved")).to_have_attribute("data-state", state)


def hold(review: ReviewPage, address: str) -> list[Route]:
    """The next request to the address waits until it is let go; those after it do not."""
    held: list[Route] = []
    review.page.route(address, lambda route: route.continue_() if held else held.append(route))
    return held


def waits(review: ReviewPage, held: list[Route]) -> None:
    comes_to_be(review.page, lambda: bool(held), "the request is held")


def swipe(review: ReviewPage, start: int, end: int) -> None:
    touch = review.page.context.new_cdp_session(review.page)
    steps = [start + (end - start) * step // 5 for step in range(6)]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": steps[0], "y": 300}]})
    for x in steps[1:]:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": 300}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_curator_decides_removes_publishes_and_undoes_each_step(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.is_at(pool[0])
    review.press("l", "d", "4", "u", "u")
    review.is_at(pool[1])
    review.shows(pool[0], "like")
    review.shows(pool[1], "")
    review.press("u")
    review.shows(pool[0], "")
    review.is_saved()
    assert set(Image.objects.values_list("verdict", "rating")) == {("", None)}
    assert Decision.objects.count() == 6

    review.is_at(pool[0])
    review.press("l", "d", "l", "j", "d")
    review.is_at(pool[5])
    for image, verdict in zip(pool, ["like", "dislike", "like", "", "dislike"], strict=False):
        review.shows(image, verdict)
    review.counts("liked", "2")
    review.counts("disliked", "2")
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
    review.counts("all", str(len(pool) - 2))
    assert Image.objects.serving().count() == 2
    review.press("u")
    review.says("Withdrawn from the garden: 2")
    assert Image.objects.serving().count() == 0

    Image.objects.filter(pk__in=pool[:3]).withdraw()
    review.open("library", "?state=trash")
    review.press("j", "r")
    review.says("Restored: 1")
    expect(review.tile(pool[1])).to_have_count(0)
    review.is_at(pool[2])
    review.press("u")
    expect(review.tile(pool[1])).to_have_count(1)


def test_pictures_without_an_emotion_are_refused_until_they_get_one(desk: Desk, pool: list[int]) -> None:
    drawn = encode(PIL.Image.new("RGB", (160, 100), "green"))
    tried = register_image(key="imgPool/img_7h.jpeg", content=drawn, origin="painter", prompt="a pier")
    review = desk().open()
    review.is_at(tried.pk)
    review.press("l", "p")
    review.answers_yes()
    expect(review.page.locator("#notice")).to_contain_text(tried.key)
    review.press("Enter")
    expect(review.page.locator("#notice")).to_be_hidden()
    review.problems.clear()  # The browser notes the refusal.

    review.press("k", "e")
    dialog = review.page.locator("#label")
    dialog.locator("[name=emotion]").select_option("sad")
    dialog.locator("[name=favorite]").fill("cat")
    dialog.locator("[name=favorite]").press("Enter")
    review.says("Changed: 1")
    review.press("p")
    review.answers_yes()
    review.says("Published: 1")
    assert [image.emotion_path for image in Image.objects.serving()] == ["sad/cat"]

    review.is_at(pool[0])
    review.press("m", "j", "m", "e")
    expect(dialog.locator("[name=which]")).to_have_value("marked")
    dialog.locator("[name=emotion]").select_option("angry")
    dialog.locator("[value=yes]").click()
    review.says("Changed: 2")
    assert set(Image.objects.filter(emotion="angry").values_list("pk", flat=True)) == set(pool[:2])
    review.press("u")
    review.says("Changed back: 2")
    assert not Image.objects.filter(emotion="angry").exists()


def test_decisions_outlast_a_lost_network_a_reload_and_a_crashed_tab(desk: Desk, pool: list[int]) -> None:
    landscape = pool[1::2]
    review = desk().open(query="?orientation=landscape")
    review.page.context.set_offline(True)
    review.press("l", "l", "d")
    saved_is(review, "offline")
    assert Decision.objects.count() == 0
    review.page.context.set_offline(False)
    review.is_saved()
    assert list(Image.objects.liked().order_by("-pk").values_list("pk", flat=True)) == landscape[:2]
    review.problems[:] = [problem for problem in review.problems if "ERR_INTERNET_DISCONNECTED" not in problem]

    review.press("3", " ")
    review.page.wait_for_url("**view=one**")
    review.reload()
    expect(review.page.locator(".one")).to_be_visible()
    expect(review.page.locator(".one-title")).to_contain_text(str(landscape[3]))
    review.press("Escape")
    review.is_at(landscape[3])
    review.shows(landscape[2], "dislike")
    expect(review.tile(landscape[3]).locator(".tile-stars")).to_have_text("★★★")
    review.press("u", "u")
    review.shows(landscape[2], "")
    review.is_saved()

    review.page.route(DECISIONS, lambda route: route.abort())
    review.press("l", "l")
    saved_is(review, "offline")
    review.crash()
    assert Image.objects.liked().count() == 2
    again = ReviewPage(review.page.context.new_page(), review.address).open()
    again.is_saved()
    again.shows(landscape[3], "like")
    assert Image.objects.liked().count() == 4


def test_two_curators_see_each_other_and_stay_where_they_are(desk: Desk, pool: list[int]) -> None:
    kim, lee = desk("kim"), desk("lee")
    for curator in (kim, lee):
        curator.page.clock.install()
        curator.open()
    lee.press("j", "j", "j")
    kim.press("l", "d")
    kim.is_saved()
    lee.hears_of_others(rounds=1)
    lee.shows(pool[0], "like")
    lee.shows(pool[1], "dislike")
    expect(lee.tile(pool[0]).locator(".tile-by")).to_have_text("kim")
    lee.is_at(pool[3])
    lee.press("k", "k", "l")
    lee.is_saved()
    kim.hears_of_others(rounds=1)
    kim.shows(pool[1], "disputed")
    kim.press("x")
    kim.says("No picture of this filter is disliked.")
    kim.is_at(pool[2])

    Image.objects.filter(pk=pool[3]).withdraw()
    kim.hears_of_others(rounds=4)
    kim.shows(pool[3], "gone")
    kim.press("j", "l")
    kim.shows(pool[3], "gone")


def test_counts_wait_for_what_is_saved_and_never_go_back_in_time(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.counts("liked", "0")
    held = hold(review, DECISIONS)
    with review.page.expect_response(COUNTS, timeout=PATIENCE_MS):
        review.press("l")
    waits(review, held)
    review.counts("liked", "0")
    assert not Decision.objects.exists()
    held[0].continue_()
    review.is_saved()
    review.counts("liked", "1")
    review.counts("undecided", str(len(pool) - 1))

    held = hold(review, COUNTS)
    review.press("l")
    review.is_saved()
    waits(review, held)
    old = held[0].fetch()
    review.press("l")
    review.is_saved()
    review.counts("liked", "3")
    with review.page.expect_event("requestfinished", lambda request: request == held[0].request):
        held[0].fulfill(response=old)
    review.page.evaluate(DRAWN)
    assert review.page.locator('[data-count="liked"]').text_content() == "3"


def test_many_pictures_are_removed_with_progress_and_come_back(
    desk: Desk, pool: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "AT_ONCE", 20)
    many = pool[:2] + pool[3:]
    Image.objects.filter(pk__in=many).update(verdict="dislike")
    review = desk().open(query=f"?at={pool[2]}")
    progress = review.page.locator(".bar-state progress[value]")
    review.press("x")
    review.answers_yes()
    expect(progress).to_be_visible()
    carry_out(str(BulkOperation.objects.get().pk))
    review.says(f"Removed: {len(many)}")
    expect(progress).to_be_hidden()
    review.counts("all", "1")
    review.is_at(pool[2])
    review.press("u")
    expect(progress).to_be_visible()
    carry_out(str(BulkOperation.objects.get(kind="undo").pk))
    review.says(f"Back from the trash: {len(many)}")
    review.counts("all", str(len(pool)))
    review.is_at(pool[2])


def test_fingers_are_enough_to_decide_and_mark(desk: Desk, pool: list[int]) -> None:
    review = desk(screen=PHONE, has_touch=True, is_mobile=True).open()
    page = review.page
    title, one, marked = page.locator(".one-title"), page.locator(".one"), page.locator(".bar-marked")
    review.tile(pool[0]).locator(".tile-mark").tap()
    expect(review.tile(pool[0])).to_have_attribute("aria-checked", "true")
    expect(one).to_be_hidden()
    review.tile(pool[0]).tap()
    expect(one).to_be_visible()
    page.locator(".one-on").tap()
    page.locator('[data-action="mark"]').tap()
    expect(marked).to_have_text("2 marked")
    page.locator('[data-action="unmark"]').tap()
    expect(marked).to_have_text("")
    expect(title).to_contain_text(str(pool[1]))
    page.locator(".decide-like").tap()
    expect(title).to_contain_text(str(pool[2]))
    swipe(review, 300, 60)
    expect(title).to_contain_text(str(pool[3]))
    swipe(review, 60, 300)
    expect(title).to_contain_text(str(pool[2]))
    page.go_back()
    expect(one).to_be_hidden()
    review.is_at(pool[2])
    review.shows(pool[1], "like")
    review.is_saved()


def test_a_viewer_marks_to_download_and_decides_nothing(desk: Desk, pool: list[int]) -> None:
    review = desk("eve", "viewer").open()
    review.press("l", "x", "p", "m")
    review.is_at(pool[0])
    review.press("Shift+ArrowRight")
    review.is_at(pool[1])
    expect(review.page.locator(".bar-decide")).to_have_count(0)
    for action in ("like", "remove", "publish", "label", "collect", "wall", "retouch"):
        expect(review.page.locator(f'[data-action="{action}"]')).to_have_count(0)
    expect(review.page.locator("#question")).to_be_hidden()
    expect(review.tile(pool[0])).to_be_visible()
