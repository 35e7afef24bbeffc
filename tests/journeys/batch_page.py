"""The page for many pictures as a curator meets it."""

from playwright.sync_api import Locator, Page, expect

from tests.journeys.patience import PATIENCE_MS


class BatchPage:
    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.problems: list[str] = []

    def review(self, query: str = "") -> "BatchPage":
        self.page.goto(f"{self.address}/admin/curation/review/{query}")
        expect(self.page.locator("html[data-ready]")).to_be_attached(timeout=PATIENCE_MS)
        return self

    def open(self, query: str = "") -> "BatchPage":
        self.page.goto(f"{self.address}/admin/curation/retouch-batch/{query}")
        return self.is_ready()

    def is_ready(self) -> "BatchPage":
        expect(self.page.locator("body.batch[data-ready]")).to_be_visible(timeout=PATIENCE_MS)
        return self

    @property
    def candidates(self) -> Locator:
        return self.page.locator(".batch-candidate")

    def items(self, state: str = "") -> Locator:
        return self.page.locator(f'.batch-item[data-state="{state}"]' if state else ".batch-item")

    def choose_region(self, region: str) -> None:
        self.page.locator(f'[name=region][value="{region}"]').check()

    def write(self, field: str, text: str) -> None:
        self.page.fill(f"#studio-{field}", text)
        self.page.press(f"#studio-{field}", "Enter")

    def preview(self) -> None:
        self.page.locator("[data-preview]").click()
        expect(self.page.locator("#batch")).to_be_visible(timeout=PATIENCE_MS)

    def previewed(self, count: int) -> None:
        expect(self.page.locator("[data-pairs] [data-after]")).to_have_count(count, timeout=PATIENCE_MS)

    def shows_progress(self, text: str) -> None:
        expect(self.page.locator("[data-progress-text]")).to_have_text(text, timeout=PATIENCE_MS)

    def shows_message(self, text: str) -> None:
        expect(self.page.locator("[data-status]")).to_contain_text(text, timeout=PATIENCE_MS)
