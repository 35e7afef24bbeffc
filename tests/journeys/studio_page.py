"""The retouch studio as a curator meets it."""

from playwright.sync_api import Locator, Page, expect

from tests.journeys.patience import PATIENCE_MS


class StudioPage:
    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def open(self, image: int) -> "StudioPage":
        self.page.goto(f"{self.address}/admin/curation/studio/?image={image}")
        return self.is_ready()

    def is_ready(self) -> "StudioPage":
        expect(self.page.locator("body[data-ready]")).to_be_visible(timeout=PATIENCE_MS)
        return self

    def crop(self, x: int, y: int, width: int, height: int) -> None:
        """The size first: a crop cannot lie where it would not fit."""
        for side, value in (("width", width), ("height", height), ("x", x), ("y", y)):
            field = self.page.locator(f'[data-crop="{side}"]')
            field.fill(str(value))
            field.press("Tab")

    def crop_is(self, x: int, y: int, width: int, height: int) -> None:
        for side, value in (("x", x), ("y", y), ("width", width), ("height", height)):
            expect(self.page.locator(f'[data-crop="{side}"]')).to_have_value(str(value))

    def take(self, tool: str) -> None:
        self.page.locator(f'[data-tool="{tool}"]').click()

    def size(self, pixels: int) -> None:
        self.page.locator("[data-size]").fill(str(pixels))

    def draw(self, *points: tuple[float, float]) -> None:
        """From point to point, in shares of the crop's frame."""
        frame = self.page.locator("[data-crop-frame]").bounding_box()
        assert frame is not None
        places = [(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]) for x, y in points]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()

    def colour_at(self, x: float, y: float) -> tuple[int, ...]:
        """What is seen there, in shares of the picture, after the next frame."""
        seen = self.page.evaluate(
            """async ([x, y]) => {
                await new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)));
                const { view, stage, copies } = window.studio.editor;
                const size = { width: 1, height: 1 };
                const at = view.toWindow({ x: x * copies.width, y: y * copies.height, ...size });
                const [left, top] = [at.x * stage.density, at.y * stage.density];
                return [...stage.brush.getImageData(left, top, 1, 1).data.slice(0, 3)];
            }""",
            [x, y],
        )
        return tuple(seen)

    def masked(self) -> float:
        """How much of the picture the mask covers."""
        return float(
            self.page.evaluate("""() => {
            const { mask } = window.studio.editor;
            const area = { x: 0, y: 0, width: mask.width, height: mask.height };
            return mask.alpha(area).filter((value) => value > 127).length / (mask.width * mask.height);
        }""")
        )

    def write(self, field: str, *texts: str) -> None:
        for text in texts:
            self.page.fill(f"#studio-{field}", text)
            self.page.press(f"#studio-{field}", "Enter")

    def tokens(self, field: str) -> list[str]:
        return self.page.locator(f"#studio-{field}-tokens [data-part=name]").all_inner_texts()

    def run(self) -> None:
        self.page.locator("[data-run]").click()

    def shows_message(self, text: str) -> None:
        expect(self.page.locator("[data-status]")).to_contain_text(text, timeout=PATIENCE_MS)

    def on_the_bench(self, name: str) -> None:
        expect(self.page.locator("[data-tree] [aria-current] [data-name]")).to_have_text(name, timeout=PATIENCE_MS)

    def version(self, version: object) -> Locator:
        """Its row in the tree, with those that were made from it."""
        return self.page.locator(f'[data-version="{version}"]')

    def compare(self, *versions: object) -> list[str]:
        """What is said of the two, line by line."""
        for version in versions:
            self.version(version).locator("> .version-row [data-compare]").check()
        self.page.locator("[data-compare-both]").click()
        rows = self.page.locator("[data-compare-facts] li")
        expect(rows.first).to_be_visible(timeout=PATIENCE_MS)
        message = rows.all_inner_texts()
        self.page.locator("[data-compare-dialog] form button").click()
        return message

    def undo(self) -> None:
        self.page.locator("[data-undo]").click()

    def redo(self) -> None:
        self.page.locator("[data-redo]").click()
