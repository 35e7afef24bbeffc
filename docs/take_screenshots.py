"""Retake the screenshots of the kiosk and the souvenir from a running garden: `python docs/take_screenshots.py --url http://localhost:8000`.

The face is scikit-image's portrait of an astronaut (NASA, public domain), shown to the page as its camera.
"""

import argparse
import io
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import requests
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.browser import record_face
from tests.journeys.kiosk_page import KioskPage
from tools.services.chromium import ARGUMENTS, chromium_path

FOLDER = Path(__file__).parent / "screenshots"
SCREENS = {"kiosk": (1080, 1920), "phone": (390, 844), "wall": (3840, 2160)}
STORED_HEIGHT = {"kiosk": 960, "phone": 844, "wall": 900}
LANGUAGES = ["en", "ko", "ja"]
QUALITY = 80
SETTLED_MS = 1500
FADED_MS = 4000  # a browser that draws without a GPU takes its time at 3840×2160


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--url", default="http://localhost:8000", help="a garden that runs, with pictures in it")
    parser.add_argument("--language", default="en", choices=LANGUAGES)
    asked = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        film = record_face(Path(scratch) / "face.y4m")
        arguments = [*ARGUMENTS, f"--use-file-for-fake-video-capture={film}"]
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        for screen in SCREENS:
            _take_screen(browser, screen, asked.url, asked.language)
        _take_souvenirs(browser, asked.url.rstrip("/"))
        _film_visit(browser, asked.url.rstrip("/"))
        browser.close()


def _take_screen(browser: Browser, screen: str, url: str, language: str) -> None:
    width, height = SCREENS[screen]
    viewport = {"width": width, "height": height}
    context = browser.new_context(viewport=viewport, locale=language, permissions=["camera"])  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(60_000)
    for moment in _visit(page, url):
        _store(page, f"{screen}-{moment}" if language == "en" else f"{screen}-{moment}-{language}", screen)
    context.close()


def _visit(page: Page, url: str) -> Iterator[str]:
    """Walk through the seven moments; pauses at each for its picture."""
    kiosk = KioskPage(page, url.rstrip("/")).open()
    page.locator(".drift-layer.is-shown").wait_for(state="attached")
    page.wait_for_timeout(FADED_MS)
    yield "1-attract"
    kiosk.touch("begin")
    yield "2-consent"
    kiosk.touch("camera")
    expect(page.locator(".mirror-count")).not_to_be_empty(timeout=60_000)
    yield "3-look"
    kiosk.sees("question")
    yield "4-question"
    kiosk.touch("other")
    yield "4-wheel"
    page.keyboard.press("Escape")
    page.locator('.consent [data-action="wheel"]').click()
    page.locator('.wheel .mood[data-mood="happy"]').click()
    kiosk.sees_pictures()
    yield "5-garden"
    for place in (0, 2):
        kiosk.like(place)
    kiosk.touch("grow")
    expect(page.locator(".growing .picture-image.is-loaded")).to_be_visible()
    yield "5-grow"
    kiosk.touch("garden")
    kiosk.sees_pictures()
    kiosk.touch("gift")
    yield "6-gift"
    kiosk.touch("done")
    yield "7-goodbye"


FILM_SCREEN, FILM_SIZE = (1280, 800), (800, 500)
FILM_QUALITY = 70


def _film_visit(browser: Browser, url: str) -> None:
    """A whole visit in its own time, as one animated picture."""
    width, height = FILM_SCREEN
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en", permissions=["camera"])
    page = context.new_page()
    page.set_default_timeout(60_000)
    kiosk = KioskPage(page, url)
    frames: list[tuple[float, Image.Image]] = []

    def record(seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            frame = Image.open(io.BytesIO(page.screenshot(type="jpeg", quality=95))).convert("RGB")
            frames.append((time.monotonic(), frame.resize(FILM_SIZE, Image.Resampling.LANCZOS)))

    kiosk.open()
    page.locator(".drift-layer.is-shown").wait_for(state="attached")
    page.wait_for_timeout(FADED_MS)
    record(1.5)
    kiosk.touch("begin")
    record(2)
    kiosk.touch("camera")
    record(4)
    kiosk.sees("question")
    record(2)
    page.locator(".guesses button").first.click()
    kiosk.sees_pictures()
    record(2.5)
    kiosk.like(1)
    record(2)
    kiosk.touch("gift")
    record(3)
    context.close()
    times = [taken for taken, _ in frames]
    durations = [round((after - taken) * 1000) for taken, after in pairwise([*times, times[-1] + 2])]
    first, *others = [frame for _, frame in frames]
    first.save(
        FOLDER / "visit.webp",
        save_all=True,
        append_images=others,
        duration=[min(shown, 1000) for shown in durations],
        loop=0,
        quality=FILM_QUALITY,
        method=4,
    )


def _take_souvenirs(browser: Browser, url: str) -> None:
    """The page of the newest picture, in each language, on a phone."""
    answer = requests.post(f"{url}/gardenfromDB", json={"emotion": "happy", "limit": 1}, timeout=30).json()
    for language in LANGUAGES:
        width, height = SCREENS["phone"]
        context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
        page = context.new_page()
        page.goto(f"{url}/image?{urlencode({'content': answer['landscape'][0]['key']})}")
        _store(page, "souvenir" if language == "en" else f"souvenir-{language}", "phone", whole=True)
        context.close()


def _store(page: Page, name: str, screen: str, whole: bool = False) -> None:
    if "look" not in name:
        page.wait_for_timeout(SETTLED_MS)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=whole))).convert("RGB")
    height = picture.height if whole else STORED_HEIGHT[screen]
    picture = picture.resize((round(picture.width * height / picture.height), height), Image.Resampling.LANCZOS)
    picture.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
