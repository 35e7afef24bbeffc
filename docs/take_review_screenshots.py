"""Retake the screenshots of the review page from a running garden with pictures in its pool.

    python docs/take_review_screenshots.py --url http://localhost:8000 --user kim

The password is read from PASSWORD. Some pictures are decided on the way, and the decisions taken back at the end.
"""

import argparse
import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.review_page import ReviewPage
from tools.services.chromium import chromium_path

FOLDER = Path(__file__).parent / "screenshots"
SCREENS = {"laptop": (1440, 900, "light"), "phone": (390, 844, "dark")}
KEYS = ("l", "l", "d", "j", "l", "4", "l", "d", "l", "j")
DECIDED = 8
LIKED = "5"
"""What the bar counts then, in a pool that nobody decided about before."""
SETTLED_MS = 1500
QUALITY = 80


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://localhost:8000", help="a garden that runs, with pictures in its pool")
    parser.add_argument("--user", default="admin")
    asked = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        for screen in SCREENS:
            _take_screen(browser, screen, asked.url.rstrip("/"), asked.user)
        browser.close()


def _take_screen(browser: Browser, screen: str, url: str, user: str) -> None:
    width, height, theme = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,  # type: ignore[arg-type]
        locale="en",
    )
    review = ReviewPage(context.new_page(), url)
    review.sign_in(user, os.environ["PASSWORD"]).open()
    review.press(*KEYS)
    review.is_saved()
    review.counts("liked", LIKED)
    if screen == "laptop":
        _store(review, "review-laptop-grid")
    review.press("k", " ")
    _store(review, f"review-{screen}-one")
    if screen == "laptop":
        review.press("x")
        _store(review, "review-laptop-remove")
        review.press("Escape")
    review.press(*["u"] * DECIDED)
    review.is_saved()
    context.close()


def _store(review: ReviewPage, name: str) -> None:
    review.page.wait_for_timeout(SETTLED_MS)
    picture = Image.open(io.BytesIO(review.page.screenshot())).convert("RGB")
    picture.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
