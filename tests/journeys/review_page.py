"""A curator at the review page: what they press, and what they then see."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect

from tests.journeys.patience import PATIENCE_MS, comes_to_be, is_drawn

PASSWORD = "correct horse battery"
LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SELECTED = '.tile[aria-selected="true"]'


@dataclass
class ReviewPage:
    """Review, viewer or trash, and everything that went wrong on it."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)

    def sign_in(self, name: str, password: str = PASSWORD) -> "ReviewPage":
        self.page.goto(f"{self.address}/admin/login/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", password)
        self.page.locator("[type=submit]").click()
        return self

    def open(self, listing: str = "review", query: str = "") -> "ReviewPage":
        self.page.goto(f"{self.address}/admin/curation/{listing}/{query}")
        return self.is_ready()

    def is_ready(self) -> "ReviewPage":
        self.page.locator("html[data-ready]").wait_for(state="attached", timeout=PATIENCE_MS)
        return self

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def crash(self) -> None:
        """The tab dies at once: unlike a closed one, it has no last word for the server."""
        with self.page.expect_event("crash"), suppress(PlaywrightError):
            self.page.goto("chrome://crash", timeout=PATIENCE_MS)
        self.page.close()
        self.problems.clear()

    def reload(self) -> "ReviewPage":
        """As a curator does it: after the page has shown what they pressed, and the address says the same.

        Browsers allow some hundred writes of the address a minute, so it follows after a moment.
        """
        is_drawn(self.page)
        if self.page.locator(SELECTED).count():
            comes_to_be(self.page, self._address_follows, "the address follows")
        self.page.reload()
        return self.is_ready()

    def _address_follows(self) -> bool:
        return f"at={self.at}" in re.split("[?&]", self.page.evaluate("location.search"))

    def tile(self, image: int) -> Locator:
        return self.page.locator(f"#tile-{image}")

    @property
    def at(self) -> int:
        """The selected image; a key selects it with the next frame."""
        return int(self.page.locator(SELECTED).get_attribute("data-id") or 0)

    def is_at(self, image: int) -> None:
        expect(self.tile(image)).to_have_attribute("aria-selected", "true", timeout=PATIENCE_MS)

    def shows(self, image: int, verdict: str) -> None:
        expect(self.tile(image)).to_have_attribute("data-verdict", verdict, timeout=PATIENCE_MS)

    def is_saved(self) -> None:
        expect(self.page.locator(".bar-saved")).to_have_attribute("data-state", "saved", timeout=PATIENCE_MS)

    def hears_of_others(self, rounds: int) -> None:
        """The page asks so many times what others did, at once: its clock must be installed."""
        heard: list[str] = []
        self.page.on("response", lambda answer: heard.append(answer.url))

        def has_heard() -> bool:
            self.page.clock.fast_forward("00:03")
            return sum("/curation/decisions?" in address for address in heard) >= rounds

        comes_to_be(self.page, has_heard, f"it asks {rounds} times")

    def says(self, text: str) -> None:
        expect(self.page.locator(".bar-message")).to_have_text(text, timeout=PATIENCE_MS)

    def counts(self, name: str, number: str) -> None:
        expect(self.page.locator(f'[data-count="{name}"]')).to_have_text(number, timeout=PATIENCE_MS)

    def answers_yes(self, note: str = "") -> None:
        dialog = self.page.locator("#question")
        expect(dialog).to_be_visible(timeout=PATIENCE_MS)
        dialog.locator("[name=note]").fill(note)
        dialog.locator(".question-yes").click()


Desk = Callable[..., ReviewPage]
"""Opens the browser of a member of staff: `desk(name, group, screen)`."""
