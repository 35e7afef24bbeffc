"""A screen on the wall: what somebody in front of it sees."""

import io
import time
from dataclasses import dataclass, field

from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from tests.journeys.patience import comes_true

PATIENCE_S = 60
CAPTURE_MS = 5_000
"""A capture that begins as the page is loaded again may never end; the next one does."""
SAME = 24
"""By so much at most a colour differs from itself after JPEG."""
GROUND = (14, 18, 16)
KEPT = """async () => {
  let kept = 0;
  for (const name of await caches.keys()) {
    if (!name.startsWith("wall-kept-")) continue;
    const all = await (await caches.open(name)).keys();
    kept += all.filter(({ url }) => !url.endsWith("/manifest")).length;
  }
  return kept;
}"""
SHELLS = "async () => (await caches.keys()).filter((name) => name.startsWith('wall-shell-'))"
Colour = tuple[int, int, int]


@dataclass
class WallPage:
    """The wall page, and everything that went wrong on it."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)
    is_hurried: bool = False

    def hurried(self) -> "WallPage":
        """Its page's waits may be skipped; those of the network, the worker and the fades are real."""
        self.page.clock.install()
        self.is_hurried = True
        return self

    def open(self, slot: str = "1h", zone: str = "zone1", period: float = 0.3) -> "WallPage":
        self.page.goto(f"{self.address}/wall/{zone}/{slot[0]}/{slot[1]}?period={period:g}")
        return self

    @property
    def colour(self) -> Colour | None:
        """In the middle of the screen; None while the browser goes from page to page, where nothing can be captured."""
        try:
            taken = self.page.screenshot(timeout=CAPTURE_MS)
        except PlaywrightError:
            return None
        shot = Image.open(io.BytesIO(taken)).convert("RGB")
        red, green, blue = shot.getpixel((shot.width // 2, shot.height // 2))  # type: ignore[misc]
        return red, green, blue

    def shows(self, colour: Colour) -> "WallPage":
        ends = time.monotonic() + PATIENCE_S
        while not alike(self.colour, colour):
            assert time.monotonic() < ends, f"The wall shows {self.colour} instead of {colour}."
            if self.is_hurried:
                self.page.clock.fast_forward(1000)
        return self

    def stays(self, colour: Colour) -> None:
        """It still shows the same when it asked what hangs and, done with that, asked again."""
        self.passes("00:10")
        self.passes("00:10")
        expect(self.page.locator(".picture")).to_have_count(1)
        assert alike(self.colour, colour)

    def keeps(self, pictures: int) -> "WallPage":
        """Wait until so many pictures are kept for when the network is away. The page's clock must be installed."""
        ends = time.monotonic() + PATIENCE_S
        while (kept := self.page.evaluate(KEPT)) != pictures:
            assert time.monotonic() < ends, f"{kept} pictures are kept instead of {pictures}."
            self.page.clock.fast_forward(1000)  # A wall fetches its neighbours' pictures some seconds later.
            self.page.wait_for_timeout(100)
        return self

    def passes(self, time: str) -> None:
        """So much time goes by at once, and the page asks what hangs: its clock must be installed."""
        with self.page.expect_event("request", lambda request: request.url.endswith("/manifest")):
            self.page.clock.fast_forward(time)

    def loses(self, sha256: str) -> None:
        """The browser tidied this picture up."""
        lose = "async (end) => (await caches.open('wall-kept-zone1-h')).delete(`/wall/-/kept/zone1/h/${end}`)"
        assert self.page.evaluate(lose, sha256)

    def is_held_by_its_worker(self) -> "WallPage":
        comes_true(self.page, "navigator.serviceWorker.controller", PATIENCE_S * 1000)
        return self

    def holds_version(self, version: str) -> None:
        """Wait until the worker holds this version of the page, and no other."""
        ends = time.monotonic() + PATIENCE_S
        while (held := self.page.evaluate(SHELLS)) != [f"wall-shell-{version}"]:
            assert time.monotonic() < ends, held
            self.page.wait_for_timeout(100)

    @property
    def version(self) -> str:
        return str(self.page.evaluate("JSON.parse(document.getElementById('wall-config').textContent).version"))

    def watch_for_gaps(self) -> None:
        """From now on note each frame in which no picture covers the screen."""
        self.page.evaluate(
            """() => {
              window.gaps = 0;
              const look = () => {
                const whole = [...document.querySelectorAll(".picture")].some(
                  (image) => image.complete && image.naturalWidth > 0 && getComputedStyle(image).opacity === "1");
                if (!whole) window.gaps += 1;
                requestAnimationFrame(look);
              };
              look();
            }"""
        )

    @property
    def gaps(self) -> int:
        return int(self.page.evaluate("window.gaps"))

    def glyph_is(self, emotion: str) -> None:
        shown = self.page.locator(".mood.is-shown .glyph.is-shown")
        expect(shown).to_have_attribute("data-mood", emotion, timeout=PATIENCE_S * 1000)


def alike(one: Colour | None, other: Colour) -> bool:
    return one is not None and all(abs(a - b) <= SAME for a, b in zip(one, other, strict=True))
