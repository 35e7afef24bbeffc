"""Retake the screenshots of the page for many pictures from a running garden with pictures in its pool and a worker.

    python docs/take_batch_screenshots.py --url http://localhost:8000 --user kim --job UUID

The password is read from PASSWORD. The pictures of the job are retouched on the way.
"""

import argparse
import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.journeys.batch_page import BatchPage
from tests.journeys.patience import PATIENCE_MS
from tools.services.chromium import chromium_path

FOLDER = Path(__file__).parent / "screenshots"
DESK, PHONE = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}
QUALITY = 80
FADED_MS = 1000  # links fade into the colours of the other theme
DRAWN = """() => Promise.all(
  [...document.images].filter((one) => one.checkVisibility() && one.currentSrc).map((one) => one.decode())
).then(() => true, () => false)"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://localhost:8000", help="a garden that runs, with pictures in its pool")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--job", required=True, help="the job whose pictures are retouched")
    asked = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport=DESK, locale="en").new_page()  # type: ignore[arg-type]
        _sign_in(page, asked.url.rstrip("/"), asked.user)
        take(BatchPage(page, asked.url.rstrip("/")), f"?job={asked.job}")
        browser.close()


def take(batch: BatchPage, query: str = "") -> None:
    """Choose, preview, run; at each step a picture of the page."""
    FOLDER.mkdir(exist_ok=True)
    batch.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    batch.open(query)
    batch.choose_region("segment")
    batch.write("prompt", "lotus, mist")
    batch.page.fill("[data-setting=strength]", "60")
    batch.candidates.nth(3).locator("input").uncheck()
    batch.page.mouse.move(0, 0)
    batch.page.evaluate("() => { scrollTo(0, 0); document.querySelector('.batch-recipe').scrollTop = 0; }")
    _settled(batch.page)
    _store(batch.page.screenshot(), "batch-new")
    batch.preview()
    batch.previewed(3)
    batch.page.keyboard.press("r")
    expect(batch.items("done").nth(5)).to_be_visible(timeout=PATIENCE_MS)
    _settled(batch.page)
    _store(batch.page.screenshot(), "batch-watch")
    batch.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    batch.page.emulate_media(color_scheme="dark")
    batch.page.wait_for_timeout(FADED_MS)
    _store(batch.page.screenshot(), "batch-watch-phone")


def _settled(page: Page) -> None:
    """Every picture that is in the window is drawn."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(DRAWN)


def _sign_in(page: Page, url: str, user: str) -> None:
    page.goto(f"{url}/admin/login/")
    page.fill("#id_username", user)
    page.fill("#id_password", os.environ["PASSWORD"])
    page.click("[type=submit]")
    page.wait_for_url(f"{url}/admin/**")


def _store(png: bytes, name: str) -> None:
    with Image.open(io.BytesIO(png)) as shot:
        shot.save(FOLDER / f"{name}.webp", quality=QUALITY)


if __name__ == "__main__":
    main()
