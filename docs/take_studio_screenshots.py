"""Retake the screenshots of the retouch studio from a running garden with pictures in its pool and a worker.

    python docs/take_studio_screenshots.py --url http://localhost:8000 --user kim --image 1

The password is read from PASSWORD. One version is made on the way.
"""

import argparse
import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.studio_page import StudioPage
from tools.services.chromium import chromium_path

FOLDER = Path(__file__).parent / "screenshots"
SCREENS = {"laptop": (1440, 1000, "light"), "phone": (390, 844, "dark")}
STROKE = ((0.35, 0.4), (0.6, 0.55), (0.45, 0.7))
QUALITY = 80


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://localhost:8000", help="a garden that runs, with pictures in its pool")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--image", type=int, required=True, help="the number of the picture")
    asked = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        for screen in SCREENS:
            _take_screen(browser, screen, asked)
        browser.close()


def _take_screen(browser: Browser, screen: str, asked: argparse.Namespace) -> None:
    width, height, theme = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,  # type: ignore[arg-type]
        locale="en",
    )
    page = context.new_page()
    _sign_in(page, asked.url.rstrip("/"), asked.user)
    studio = StudioPage(page, asked.url.rstrip("/")).open(asked.image)
    studio.crop(320, 180, 512, 448)
    studio.size(90)
    studio.write("prompt", "lotus, mist, morning light")
    if screen == "laptop":
        studio.draw(*STROKE)
        studio.run()
        studio.shows_message("open in the editor")
        page.locator('[data-mask="clear"]').click()
    studio.draw(*STROKE)
    page.mouse.move(0, 0)
    _store(page.screenshot(), f"studio-{screen}")
    context.close()


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
