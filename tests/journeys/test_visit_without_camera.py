"""The other ways in: the wheel, by hand and by keyboard, and a photo."""

from pathlib import Path

import pytest
from PIL import ImageEnhance
from playwright.sync_api import expect

from garden.vocabulary import Emotion
from recommend.models import Interaction
from tests import pictures
from tests.journeys.kiosk_page import KioskPage, says_like
from tests.journeys.patience import PATIENCE_MS


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


def test_next_goes_round(kiosk: KioskPage) -> None:
    first = kiosk.open().goes_to_garden()
    seen = [first]
    for _ in range(4):
        kiosk.touch("next")
        seen.append(kiosk.sees_pictures())
    assert seen[4] == first
    assert {key for keys in seen for key in keys} == {f"emotions/calm/img_{n}_{n}v.jpeg" for n in (1, 2, 3)} | {
        "emotions/calm/cat/img_0_0v.jpeg"
    }


def test_next_without_a_like_says_that_none_was_liked(kiosk: KioskPage) -> None:
    shown = kiosk.open().goes_to_garden()
    with kiosk.page.expect_response("**/like"):
        kiosk.touch("next")
    seen = Interaction.objects.get()
    assert (seen.kind, seen.impression) == (Interaction.Kind.SEEN, shown)


def test_a_favorite_narrows_the_garden(kiosk: KioskPage) -> None:
    kiosk.open().goes_to_garden()
    kiosk.page.get_by_role("button", name="cat", exact=True).click()
    expect(kiosk.page.locator(".picture-image.is-loaded")).to_have_count(1)
    expect(kiosk.page.locator(".picture-image")).to_have_attribute("alt", "Garden picture 1: calm, cat")


def test_a_photo_is_read_where_there_is_no_camera(kiosk: KioskPage, portrait_file: Path) -> None:
    kiosk.open()
    kiosk.page.evaluate("delete Navigator.prototype.mediaDevices")
    kiosk.touch("begin")
    kiosk.touch("camera")
    expect(kiosk.page.locator(".look-hint")).to_contain_text("There is no camera here.")
    _upload(kiosk, portrait_file)
    kiosk.sees("question")


def test_a_photo_without_a_face_is_answered_kindly(kiosk: KioskPage, coffee_file: Path) -> None:
    kiosk.open()
    kiosk.touch("begin")
    kiosk.touch("camera")
    _upload(kiosk, coffee_file)
    expect(kiosk.page.locator(".look-hint")).to_contain_text("I can't find a face in this photo.", timeout=PATIENCE_MS)
    kiosk.touch("wheel")
    kiosk.sees("wheel")
    kiosk.problems.clear()  # The browser itself reports the 404 of "No Face".


@pytest.mark.parametrize("ending", ["heic", "gif"])
def test_it_takes_the_photo_files_of_phones(kiosk: KioskPage, tmp_path: Path, ending: str) -> None:
    photo = tmp_path / f"me.{ending}"
    photo.write_bytes(pictures.portrait("HEIF" if ending == "heic" else "GIF"))
    kiosk.open()
    kiosk.touch("begin")
    kiosk.touch("camera")
    _upload(kiosk, photo)
    kiosk.sees("question")
    expect(kiosk.page.locator("#question-title")).to_have_text("You look happy.")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "This photo is too bright."), ("ko", "이 사진은 너무 밝아요."), ("ja", "この写真は明るすぎます。")],
)
def test_it_says_that_a_photo_is_too_bright(kiosk: KioskPage, tmp_path: Path, language: str, said: str) -> None:
    photo = tmp_path / "bright.jpeg"
    photo.write_bytes(pictures.encode(ImageEnhance.Brightness(pictures.astronaut()).enhance(1.5)))
    kiosk.open()
    kiosk.page.locator(f'[data-language="{language}"]').first.click()
    kiosk.touch("begin")
    kiosk.touch("camera")
    _upload(kiosk, photo)
    expect(kiosk.page.locator(".look-hint")).to_contain_text(said, timeout=PATIENCE_MS)
    kiosk.problems.clear()  # The browser itself reports the 422.


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
