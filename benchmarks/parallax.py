"""Processor time of a wall whose painter picture moves its layers, beside one that shows it still, in the same run.

    python -m benchmarks.parallax [--width 1920] [--height 1080] [--seconds 15] [--rounds 3]

The page has the wall's own style and layers that the painter made, in headless Chromium without a graphics card: a
player with one draws them with less. All processes of the browser count; 100 % is one core.
"""

import argparse
import base64
import io
import os
import statistics
import time
from pathlib import Path

import django
import psutil
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tools.services.chromium import ARGUMENTS, chromium_path

ROOT = Path(__file__).parents[1]
STYLE = ROOT / "garden" / "static" / "garden" / "css" / "wall.css"
_SWAY = """const { style } = document.querySelector(".stage");
if (document.querySelector(".is-near"))
  setInterval(() => style.setProperty("--sway", Math.sin(performance.now() / 30000).toFixed(3)), 1500);"""
"""As the wall's page moves them."""


def main() -> None:
    options = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.test")
    django.setup()
    still, layers = _pictures()
    pages = {"still": _page([still]), "moving": _page([still, *layers])}
    shares: dict[str, list[float]] = {name: [] for name in pages}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        for _ in range(options.rounds):
            for name, content in pages.items():
                shares[name].append(_share(browser, content, options))
        browser.close()
    print(f"{options.width}x{options.height}, {options.rounds} rounds of {options.seconds} s")
    for name, measured in shares.items():
        print(f"{name:8} {statistics.median(measured):5.1f} % of a core ({min(measured):.1f} to {max(measured):.1f})")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name, default in (("width", 1920), ("height", 1080), ("seconds", 15), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


def _pictures() -> tuple[Image.Image, tuple[Image.Image, Image.Image]]:
    from generation.engines.base import PictureRequest
    from generation.engines.painter.engine import PainterEngine
    from generation.parallax import cut_out

    steps = {
        layer.name: layer.pixels.copy()
        for layer in PainterEngine().layers(PictureRequest("happy sunflowers", 1280, 800, 5))
    }
    layers = cut_out(steps["ground"], steps["blossoms"], steps["light"])
    if layers is None:
        raise SystemExit("The painter made a picture with nothing near.")
    return Image.fromarray(steps["light"]), layers


def _page(images: list[Image.Image]) -> str:
    names = ("", "is-far", "is-near")
    tags = "".join(
        f'<img class="picture is-shown {name}" alt="" src="{_address(image)}">'
        for name, image in zip(names, images, strict=False)
    )
    return f"<!doctype html><style>{STYLE.read_text()}</style><div class=stage>{tags}</div><script>{_SWAY}</script>"


def _address(image: Image.Image) -> str:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=85)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"


def _share(browser: Browser, content: str, options: argparse.Namespace) -> float:
    """Per cent of a core, once the page is drawn."""
    page = browser.new_page(viewport={"width": options.width, "height": options.height})
    page.set_content(content)
    page.wait_for_timeout(3000)
    before = _seconds()
    start = time.monotonic()
    time.sleep(options.seconds)
    used = _seconds() - before
    page.close()
    return 100 * used / (time.monotonic() - start)


def _seconds() -> float:
    """Processor time of all processes of the browser."""
    used = 0.0
    for process in psutil.process_iter(["name", "cpu_times"]):
        if "chrom" in process.info["name"] and process.info["cpu_times"]:
            used += process.info["cpu_times"].user + process.info["cpu_times"].system
    return used


if __name__ == "__main__":
    main()
