"""Retake the screenshots of walls and of their setup form from a running garden with a zone whose walls play.

python docs/take_wall_screenshots.py --url http://localhost:8000 --zone zone1
"""

import argparse
import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tools.services.chromium import chromium_path

FOLDER = Path(__file__).parent / "screenshots"
WALLS = {"wall-screen": (3840, 2160, "1/h"), "wall-screen-portrait": (1080, 1920, "1/v")}
FORMS = {"wall-setup": (1440, 900), "wall-setup-phone": (390, 844)}
STORED_HEIGHT = {3840: 1080, 1080: 960}
CHANGED_MS = 2500  # faded in, and the flower is still there
PATIENCE_MS = 60_000
QUALITY = 80


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://localhost:8000", help="a garden that runs")
    parser.add_argument("--zone", default="zone1", help="whose walls play")
    asked = parser.parse_args()
    walls = f"{asked.url.rstrip('/')}/wall/"
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        for name, (width, height, slot) in WALLS.items():
            page = _open(browser, width, height, f"{walls}{asked.zone}/{slot}")
            page.locator(".mood.is-shown").wait_for(timeout=PATIENCE_MS)
            _store(page, name, STORED_HEIGHT[width])
        for name, (width, height) in FORMS.items():
            page = _open(browser, width, height, walls)
            page.wait_for_load_state("networkidle")
            _store(page, name, height)
        browser.close()


def _open(browser: Browser, width: int, height: int, address: str) -> Page:
    page = browser.new_context(viewport={"width": width, "height": height}, locale="en").new_page()
    page.goto(address, timeout=PATIENCE_MS)
    return page


def _store(page: Page, name: str, height: int) -> None:
    page.wait_for_timeout(CHANGED_MS)
    picture = Image.open(io.BytesIO(page.screenshot(timeout=PATIENCE_MS))).convert("RGB")
    picture = picture.resize((round(picture.width * height / picture.height), height), Image.Resampling.LANCZOS)
    picture.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)
    page.context.close()


if __name__ == "__main__":
    main()
