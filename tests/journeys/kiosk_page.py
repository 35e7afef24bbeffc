"""A visitor at the kiosk: what they touch, in their words."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, Request, Response, expect

from garden.vocabulary import Emotion
from tests.journeys.patience import PATIENCE_MS

PAUSE_MS = 50
SCREEN = re.compile(r"^.*/picture/\d+/")

NOTE_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts.push(...entry.sources.map((source) => `${entry.value} ${
    source.node?.outerHTML?.slice(0, 120) ?? source.node?.parentElement?.outerHTML?.slice(0, 120)}`));
}).observe({ type: "layout-shift", buffered: true });
"""
"""Before a page opens: what moves by itself is noted in `window.shifts`."""


def says_like(response: Response) -> bool:
    """An answer to a like; "these were seen" goes the same way, with no item."""
    return response.url.endswith("/like") and (response.request.post_data_json or {}).get("itemId") is not None


@dataclass
class KioskPage:
    """The kiosk page, and everything that went wrong on it."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)
    unanswered: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.unanswered.add(request))
        self.page.on("requestfinished", lambda request: self.unanswered.discard(request))
        self.page.on("requestfailed", lambda request: self.unanswered.discard(request))

    def open(self) -> "KioskPage":
        self.page.goto(f"{self.address}/kiosk/")
        self.sees("attract")
        return self

    def has_no_detector(self) -> None:
        """Nothing finds the face in the live picture: the visitor takes the photo with the button."""
        module = "export {}"
        self.page.route("**/vendor/human/**", lambda route: route.fulfill(body=module, content_type="text/javascript"))

    def sees(self, moment: str) -> None:
        expect(self.page.locator("body")).to_have_attribute("data-moment", moment, timeout=PATIENCE_MS)

    def touch(self, action: str) -> None:
        """Touch what does this in the moment that is shown, or in the bar above it."""
        self.page.locator(f'[data-action="{action}"]:visible').click()

    def speaks(self, language: str) -> None:
        """The visitor chooses the language."""
        self.page.locator(f'.bar [data-language="{language}"]').click()
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def choose_on_wheel(self, mood: Emotion) -> None:
        self.page.locator(f'.wheel .mood[data-mood="{mood}"]').click()

    def sees_pictures(self) -> list[str]:
        """The keys that hang, once they are loaded."""
        images = self.page.locator(".picture-image.is-loaded")
        expect(images).to_have_count(3, timeout=PATIENCE_MS)
        return [SCREEN.sub("", str(image.get_attribute("src"))) for image in images.all()]

    def like(self, place: int) -> None:
        self.page.locator(".answer-like").nth(place).click()

    def leave(self) -> None:
        """Say goodbye, so that nothing of this visit arrives in the next one."""
        stop = self.page.locator('.bar [data-action="stop"]')
        if stop.is_visible():
            stop.click(force=True)
            self.rests()

    def is_left_alone(self, seconds: float) -> None:
        """So much time goes by at once: the page's clock must be installed."""
        self.page.clock.fast_forward(int(seconds * 1000))

    def rests(self) -> None:
        """Wait until every request has its answer."""
        for _ in range(PATIENCE_MS // PAUSE_MS):
            self.page.wait_for_timeout(PAUSE_MS)
            if not self.unanswered:
                return
        raise AssertionError([request.url for request in self.unanswered])

    def goes_to_garden(self, mood: Emotion = Emotion.CALM) -> list[str]:
        """The way without a camera, until pictures hang."""
        self.touch("begin")
        self.touch("wheel")
        self.choose_on_wheel(mood)
        self.sees("garden")
        return self.sees_pictures()
