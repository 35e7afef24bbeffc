"""The other ways in: the wheel, by hand and by keyboard, and a photo; and what goes wrong on the way."""

import functools
import json
from pathlib import Path
from typing import Any

from PIL import ImageEnhance
from playwright.sync_api import Route, expect

from garden.vocabulary import Emotion
from recommend.models import Interaction
from tests.journeys.kiosk_page import KioskPage, says_like
from tests.journeys.patience import PATIENCE_MS
from tests.support import pictures

TOO_BRIGHT = {"en": "This photo is too bright.", "ko": "이 사진은 너무 밝아요.", "ja": "この写真は明るすぎます。"}


def test_it_needs_nothing_but_a_keyboard(kiosk: KioskPage) -> None:
    keyboard = kiosk.open().page.keyboard
    kiosk.page.locator(".attract-begin").focus()
    keyboard.press("Enter")
    kiosk.sees("consent")
    _tab_to(kiosk, '.consent [data-action="wheel"]')
    keyboard.press("Enter")
    kiosk.sees("wheel")
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    keyboard.press("Enter")
    kiosk.sees("garden")
    first = kiosk.sees_pictures()
    assert all(key.startswith(f"emotions/{Emotion.CALM}/") for key in first)

    keyboard.press("ArrowRight")
    assert kiosk.sees_pictures() != first
    _tab_to(kiosk, ".answer-like")
    with kiosk.page.expect_response(says_like):
        keyboard.press("Space")
    assert Interaction.objects.filter(kind=Interaction.Kind.LIKE).count() == 1


def test_by_touch_the_garden_goes_round_and_a_favorite_narrows_it(kiosk: KioskPage) -> None:
    first = kiosk.open().goes_to_garden()
    with kiosk.page.expect_response("**/like"):
        kiosk.touch("next")
    seen = Interaction.objects.get()
    assert (seen.kind, seen.impression) == (Interaction.Kind.SEEN, first)

    rounds = [kiosk.sees_pictures()]
    for _ in range(3):
        kiosk.touch("next")
        rounds.append(kiosk.sees_pictures())
    assert rounds[-1] == first
    assert {key for keys in rounds for key in keys} == {f"emotions/calm/img_{n}_{n}v.jpeg" for n in (1, 2, 3)} | {
        "emotions/calm/cat/img_0_0v.jpeg"
    }

    kiosk.page.get_by_role("button", name="cat", exact=True).click()
    expect(kiosk.page.locator(".picture-image.is-loaded")).to_have_count(1)
    expect(kiosk.page.locator(".picture-image")).to_have_attribute("alt", "Garden picture 1: calm, cat")
    kiosk.like(0)
    assert kiosk.page.evaluate("document.getAnimations().length") == 0  # This visitor wants no motion.


def test_a_photo_is_read_where_there_is_no_camera(kiosk: KioskPage, tmp_path: Path) -> None:
    bright = pictures.encode(ImageEnhance.Brightness(pictures.astronaut()).enhance(1.5))
    files = {"coffee.jpeg": pictures.coffee(), "bright.jpeg": bright, "me.heic": pictures.portrait("HEIF")}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    hint = kiosk.page.locator(".look-hint")
    kiosk.open()
    kiosk.page.evaluate("delete Navigator.prototype.mediaDevices")
    kiosk.touch("begin")
    kiosk.touch("camera")
    expect(hint).to_contain_text("There is no camera here.")

    _upload(kiosk, tmp_path / "coffee.jpeg")
    expect(hint).to_contain_text("I can't find a face in this photo.", timeout=PATIENCE_MS)
    _upload(kiosk, tmp_path / "bright.jpeg")
    for language, words in TOO_BRIGHT.items():
        kiosk.speaks(language)
        expect(hint).to_contain_text(words, timeout=PATIENCE_MS)
    kiosk.speaks("en")
    kiosk.problems.clear()  # The browser itself reports the 404 and the 422.

    with kiosk.page.expect_response("**/emotion") as answered:
        _upload(kiosk, tmp_path / "me.heic")
    kiosk.sees("question")
    expect(kiosk.page.locator("#question-title")).to_have_text("You look happy.")
    reading = answered.value.json()
    assert max(share for mood, share in reading["emotionScores"].items() if mood != "happy") < 0.1
    assert _offered_moods(kiosk) == ["happy"]

    for shares, offered in (
        ({"happy": 0.6, "calm": 0.3, "surprised": 0.09, "sad": 0.01}, ["happy", "calm"]),
        ({"happy": 0.4, "calm": 0.19, "surprised": 0.2, "sad": 0.18}, ["happy", "surprised", "calm"]),
    ):
        scores = dict.fromkeys(reading["emotionScores"], 0.0) | shares
        kiosk.page.route("**/emotion", functools.partial(_answer, {**reading, "emotionScores": scores}))
        kiosk.touch("back")
        _upload(kiosk, tmp_path / "coffee.jpeg")
        kiosk.sees("question")
        assert _offered_moods(kiosk) == offered


def test_a_network_that_fails_loses_no_like_and_can_be_tried_again(kiosk: KioskPage) -> None:
    kiosk.page.clock.install()
    kiosk.open()
    kiosk.page.route("**/garden", lambda route: route.abort("connectionrefused"))
    kiosk.touch("begin")
    kiosk.touch("wheel")
    kiosk.choose_on_wheel(Emotion.SAD)
    expect(kiosk.page.locator(".garden-hint")).to_contain_text("The garden can't be reached.")
    kiosk.page.unroute("**/garden")
    kiosk.page.locator('.garden [data-action="again"]').click()
    kiosk.sees_pictures()

    tries: list[Any] = []

    def fail_twice(route: Route) -> None:
        tries.append(json.loads(route.request.post_data or ""))
        if len(tries) <= 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    kiosk.page.route("**/like", fail_twice)
    with kiosk.page.expect_event("requestfailed", lambda request: request.url.endswith("/like")):
        kiosk.like(0)
    with kiosk.page.expect_event("requestfailed", lambda request: request.url.endswith("/like")):
        kiosk.is_left_alone(1)
    with kiosk.page.expect_response("**/like"):
        kiosk.is_left_alone(2)
    assert len({sent["eventId"] for sent in tries}) == 1
    assert Interaction.objects.filter(kind=Interaction.Kind.LIKE).count() == 1
    kiosk.problems.clear()  # The browser itself reports the requests that we broke.


def _tab_to(kiosk: KioskPage, target: str) -> None:
    for _ in range(30):
        kiosk.page.keyboard.press("Tab")
        if kiosk.page.evaluate("(target) => document.activeElement.matches(target)", target):
            return
    raise AssertionError(f"Tab never reaches {target}.")


def _upload(kiosk: KioskPage, photo: Path) -> None:
    with kiosk.page.expect_file_chooser() as chooser:
        kiosk.touch("upload")
    chooser.value.set_files(photo)


def _answer(content: dict[str, Any], route: Route) -> None:
    route.fulfill(json=content)


def _offered_moods(kiosk: KioskPage) -> list[str]:
    return [str(mood.get_attribute("data-mood")) for mood in kiosk.page.locator(".guesses .mood").all()]
