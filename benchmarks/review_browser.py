"""A curator at the keyboard, in headless Chromium: is any task long, and does a picture a second keep up?

Long tasks are measured twice: by the clock, from the browser's PerformanceObserver, and by the processor's time, from a
trace, since on a busy machine without a graphics card a task spends most of its time waiting for its turn.
"""

import json
import statistics
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tools.services.chromium import chromium_path

SCREENS = {"1440×900": (1440, 900), "3840×2160": (3840, 2160)}
HOLD_SECONDS = 10.0
REPEATS_A_SECOND = 30
_WATCH = """
window.longTasks = []; window.slowEvents = [];
new PerformanceObserver(list => window.longTasks.push(...list.getEntries().map(task => task.duration)))
  .observe({ type: "longtask" });
new PerformanceObserver(list => window.slowEvents.push(...list.getEntries().map(event => event.duration)))
  .observe({ type: "event", durationThreshold: 16 });
"""
_FORGET = "window.longTasks.length = window.slowEvents.length = 0"
_DECIDE = """async (verdict) => {
  const before = document.querySelector(".one-stage img");
  const started = performance.now();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: verdict, bubbles: true }));
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  let image = document.querySelector(".one-stage img");
  while (image === before || !image.complete) { await frame(); image = document.querySelector(".one-stage img"); }
  await image.decode();
  await frame();
  return performance.now() - started;
}"""
Figure = dict[str, Any]


def watch_curator(port: int, session: str, minutes: float) -> Iterator[Figure]:
    address = f"http://127.0.0.1:{port}/admin/curation/review/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        for name, (width, height) in SCREENS.items():
            context = browser.new_context(viewport={"width": width, "height": height})
            context.add_cookies([{"name": "sessionid", "value": session, "url": f"http://127.0.0.1:{port}"}])
            context.add_init_script(_WATCH)
            page = context.new_page()
            page.goto(address)
            page.locator("html[data-ready]").wait_for(state="attached")
            page.wait_for_load_state("networkidle")
            for key in ("ArrowRight", "ArrowDown"):
                yield from _hold(browser, page, key, name)
            page.keyboard.press("Home")
            page.keyboard.down("Shift")
            yield from _hold(browser, page, "ArrowDown", f"{name}, marking")
            page.keyboard.up("Shift")
            page.keyboard.press("Escape")
            if name == "1440×900":
                page.keyboard.press(" ")
                yield from _hold(browser, page, "ArrowRight", f"{name}, full screen")
                yield from _decide(page, minutes)
            context.close()
        browser.close()


def _hold(browser: Browser, page: Page, key: str, where: str) -> Iterator[Figure]:
    """As a keyboard repeats: thirty times a second."""
    page.evaluate(_FORGET)
    browser.start_tracing(page=page, categories=["toplevel", "__metadata"])
    pressed, end = 0, time.monotonic() + HOLD_SECONDS
    while time.monotonic() < end:
        page.keyboard.down(key)
        pressed += 1
        time.sleep(max(0.0, pressed / REPEATS_A_SECOND - (HOLD_SECONDS - (end - time.monotonic()))))
    page.keyboard.up(key)
    busiest = _busiest_task(browser.stop_tracing())
    tasks, events = page.evaluate("[window.longTasks, window.slowEvents]")
    what = f"{key} held, {where}"
    yield {"what": f"{what}: presses", "value": pressed, "unit": ""}
    yield {
        "what": f"{what}: tasks above 50 ms",
        "value": len(tasks),
        "unit": f"(longest {max(tasks, default=0):.0f} ms)",
    }
    yield {"what": f"{what}: longest task, processor time", "value": round(busiest, 1), "unit": "ms"}
    yield {"what": f"{what}: slowest key to paint", "value": round(max(events, default=0)), "unit": "ms"}


def _busiest_task(trace: bytes) -> float:
    """Milliseconds of processor time of the longest task of any page's main thread."""
    events = json.loads(trace)["traceEvents"]
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = (event for event in events if event["name"].endswith("RunTask") and (event["pid"], event["tid"]) in main)
    return max((event.get("tdur", 0) / 1000 for event in tasks), default=0.0)


def _decide(page: Page, minutes: float) -> Iterator[Figure]:
    """Once a second, like and dislike in turn, each time until the next picture is on the screen."""
    page.evaluate(_FORGET)
    took: list[float] = []
    started = time.monotonic()
    while len(took) < round(60 * minutes):
        took.append(page.evaluate(_DECIDE, "ld"[len(took) % 2]))
        time.sleep(max(0.0, len(took) - (time.monotonic() - started)))
    seconds = time.monotonic() - started
    page.locator('.bar-saved[data-state="saved"]').wait_for(timeout=10_000)
    tasks = page.evaluate("window.longTasks")
    yield {"what": "decisions a minute, full screen", "value": round(len(took) / seconds * 60), "unit": "all saved"}
    yield {"what": "key to next picture, p50", "value": round(statistics.median(took)), "unit": "ms"}
    yield {"what": "key to next picture, slowest", "value": round(max(took)), "unit": "ms"}
    yield {
        "what": "tasks above 50 ms meanwhile",
        "value": len(tasks),
        "unit": f"(longest {max(tasks, default=0):.0f} ms)",
    }
