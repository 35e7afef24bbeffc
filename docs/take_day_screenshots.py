"""Retake the screenshots of a curator's day from a running garden, signed in as a publisher.

`python docs/take_day_screenshots.py --url http://localhost:8000 --user admin --password …` makes 44 pictures there,
publishes those of one job and shows them in the first zone.
"""

import argparse
import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tools.services.chromium import ARGUMENTS, chromium_path

FOLDER = Path(__file__).parent / "screenshots"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
QUALITY = 80
PATIENCE_MS = 240_000
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
        _make(page)
        _review(page)
        _show(page)
        browser.close()


def _sign_in(browser: Browser, url: str, user: str, password: str) -> Page:
    page = browser.new_context(viewport=DESK, locale="en").new_page()  # type: ignore[arg-type]
    page.goto(f"{url}/admin/login/?next=/admin/")
    page.fill("#id_username", user)
    page.fill("#id_password", password)
    page.locator("[type=submit]").click()
    page.get_by_role("link", name="Make", exact=True).wait_for()
    _store(page, "day-1-home")
    return page


def _make(page: Page) -> None:
    page.get_by_role("link", name="Make", exact=True).click()
    for name, value in (("emotions", "sad"), ("animals", "cat"), ("weathers", "snowy")):
        page.locator(f"label:has([name={name}][value={value}])").click()
    page.fill("[name=repeats]", "20")
    page.get_by_role("button", name=re.compile("Preview 4")).click()
    expect(page.locator("#previews img")).to_have_count(4, timeout=PATIENCE_MS)
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    _store(page, "day-2-make", whole=True)
    page.locator("[data-queue]").click()
    expect(page.locator("[data-tiles] img").nth(15)).to_be_visible(timeout=PATIENCE_MS)
    _store(page, "day-3-job")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark")
    _store(page, "day-3-job-phone")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    expect(page.locator("[data-status]")).to_contain_text("All pictures are made", timeout=PATIENCE_MS)


def _review(page: Page) -> None:
    page.get_by_role("link", name="Review these pictures").click()
    page.locator("html[data-ready]").wait_for(state="attached", timeout=PATIENCE_MS)
    for key in "lldlllldllll":
        page.keyboard.press(key)
    _store(page, "day-4-review")
    page.keyboard.press("p")
    page.select_option("[name=wall]", index=1)
    _store(page, "day-5-publish")
    page.locator("#question .question-yes").click()
    page.get_by_role("link", name="Show on a wall").wait_for(timeout=PATIENCE_MS)


def _show(page: Page) -> None:
    page.get_by_role("link", name="Show on a wall").click()
    page.locator(".wall-slot img").first.wait_for(timeout=PATIENCE_MS)
    _store(page, "day-6-wall")


def _store(page: Page, name: str, *, whole: bool = False) -> None:
    page.wait_for_timeout(SETTLED_MS)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=whole))).convert("RGB")
    picture.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
