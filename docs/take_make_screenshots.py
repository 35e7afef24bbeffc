"""Retake the screenshots of the page that makes pictures from a running garden, signed in as one who may make pictures.

`python docs/take_make_screenshots.py --url http://localhost:8000 --user admin --password …` makes 24 pictures there.
"""

import argparse
import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tools.services.chromium import ARGUMENTS, chromium_path

FOLDER = Path(__file__).parent / "screenshots"
DESK, PHONE = {"width": 1280, "height": 1000}, {"width": 390, "height": 844}
MADE = 14
QUALITY = 80
PATIENCE_MS = 120_000
SETTLED_MS = 1500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--url", default="http://localhost:8000", help="a garden that runs, with its worker")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", required=True)
    asked = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        page = _sign_in(browser, asked.url.rstrip("/"), asked.user, asked.password)
        _choose(page)
        _store(page, "make-1-choose")
        page.locator("[data-queue]").click()
        page.locator(".job-pictures li").nth(MADE - 1).wait_for(timeout=PATIENCE_MS)
        _store(page, "make-2-job")
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="dark")
        _store(page, "make-2-job-phone")
        browser.close()


def _sign_in(browser: Browser, url: str, user: str, password: str) -> Page:
    page = browser.new_context(viewport=DESK, locale="en").new_page()  # type: ignore[arg-type]
    page.goto(f"{url}/admin/login/?next=/admin/curation/make/")
    page.fill("#id_username", user)
    page.fill("#id_password", password)
    page.locator("[type=submit]").click()
    return page


def _choose(page: Page) -> None:
    for emotion in ("happy", "calm"):
        page.locator(f"[name=emotions][value={emotion}]").check()
    page.fill("[name=words_calm]", "calm and quiet")
    page.locator("[name=animals][value=cat]").check()
    for name, word in (("seasons", "spring"), ("weathers", "cloudy"), ("times", "day")):
        page.locator(f"[name={name}][value={word}]").check()
    page.fill("[name=repeats]", "2")
    page.locator("h1").first.scroll_into_view_if_needed()
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")


def _store(page: Page, name: str) -> None:
    page.wait_for_timeout(SETTLED_MS)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
