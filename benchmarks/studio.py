"""How quick the retouch studio's page is with a large picture, in a headless Chromium without a graphics card.

    python -m benchmarks.studio [--side 4096] [--runs 5] [--json FILE] [--peers node_modules]

Opening: from the request of the page until it can be drawn on; its peer in the same run is a bare page that holds
nothing but the same picture in an `<img>`, until it is decoded. Brush: sixty moves a second with the widest tip, zoomed
to fit and to 100 %; the main thread's processor time in every sixtieth of a second, from a trace. `--peers` names a
folder with Konva and Fabric (`npm install --prefix FOLDER konva fabric`): the same strokes over a picture of the same
size in their canvases.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.own_server import migrate, scratch_environment, serve
from benchmarks.studio_rows import FACTS_FILE
from tools.services.chromium import chromium_path

SCREEN = {"width": 1440, "height": 900}
STROKE_SECONDS = 5.0
MOVES_A_SECOND = 60
FRAME_MS = 1000 / MOVES_A_SECOND
Figure = dict[str, Any]
_BARE = """async (address) => {
  document.open(); document.write('<img>'); document.close();
  const image = document.querySelector('img');
  const started = performance.now();
  image.src = `${address}?${Math.random()}`;
  await image.decode();
  await new Promise(requestAnimationFrame);
  return performance.now() - started;
}"""


def main() -> None:
    arguments = _arguments()
    figures = []
    with _server(arguments.side) as (port, session, canvas), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        figures_of_peers = measure_peers(browser, arguments.peers, arguments.side) if arguments.peers else iter(())
        own = measure(browser, f"http://127.0.0.1:{port}", session, canvas, arguments.runs)
        for figure in chain(own, figures_of_peers):
            print(f"{figure['what']:64} {figure['value']:>9} {figure['unit']}")
            figures.append(figure)
        browser.close()
    if arguments.json:
        arguments.json.write_text(json.dumps({"side": arguments.side, "figures": figures}, indent=2) + "\n")


def measure(browser: Browser, address: str, session: str, canvas: str, runs: int) -> Iterator[Figure]:
    context = browser.new_context(viewport=SCREEN)  # type: ignore[arg-type]
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    studio = f"{address}/admin/curation/studio/?canvas={canvas}"
    took = [_open(context, studio) for _ in range(runs + 1)][1:]
    bare = [_open_bare(context, f"{address}/curation/retouch/canvases/{canvas}/picture") for _ in range(runs)]
    yield {
        "what": "studio opens, until it can be drawn on, median",
        "value": round(statistics.median(took)),
        "unit": "ms",
    }
    yield {"what": "studio opens, slowest", "value": round(max(took)), "unit": "ms"}
    yield {"what": "peer: a bare page with the picture, median", "value": round(statistics.median(bare)), "unit": "ms"}
    page = context.new_page()
    page.goto(studio)
    page.locator("body[data-ready]").wait_for()
    for name, key in (("fit", "0"), ("100 %", "1")):
        page.keyboard.press(key)
        page.evaluate("window.studio.editor.take('brush'); window.studio.editor.resizeTip(150)")
        yield from _stroke(browser, page, name)
    context.close()


PEERS = {"konva": "konva/konva.min.js", "fabric": "fabric/dist/index.min.js"}
_PEER = """async ([name, side, scale]) => {
  const picture = new OffscreenCanvas(side, side);
  const brush = picture.getContext("2d");
  for (let at = 0; at < 4000; at += 1) {
    brush.fillStyle = `hsl(${at * 7 % 360} 60% ${20 + at % 60}%)`;
    brush.fillRect(at * 97 % side, at * 57 % side, 300, 300);
  }
  const image = new Image();
  image.src = URL.createObjectURL(await picture.convertToBlob());
  await image.decode();
  const box = document.querySelector("[data-stage]");
  const size = { width: box.clientWidth, height: box.clientHeight };
  const middle = { x: (size.width - side * scale) / 2, y: (size.height - side * scale) / 2 };
  if (name === "konva") {
    const stage = new Konva.Stage({ container: box, ...size, ...middle, scaleX: scale, scaleY: scale });
    const [below, above] = [new Konva.Layer({ listening: false }), new Konva.Layer({ opacity: 0.5 })];
    stage.add(below, above);
    below.add(new Konva.Image({ image, width: side, height: side }));
    let line = null;
    const at = () => { const { x, y } = stage.getRelativePointerPosition(); return [x, y]; };
    stage.on("pointerdown", () => {
      const round = { lineCap: "round", lineJoin: "round" };
      line = new Konva.Line({ stroke: "#ff3d8b", strokeWidth: 150, points: at(), ...round });
      above.add(line);
    });
    stage.on("pointermove", () => line?.points([...line.points(), ...at()]));
  } else {
    const element = box.appendChild(document.createElement("canvas"));
    const canvas = new fabric.Canvas(element, { ...size, isDrawingMode: true });
    canvas.backgroundImage = new fabric.FabricImage(image, { left: 0, top: 0, originX: "left", originY: "top" });
    canvas.setViewportTransform([scale, 0, 0, scale, middle.x, middle.y]);
    canvas.freeDrawingBrush = new fabric.PencilBrush(canvas);
    Object.assign(canvas.freeDrawingBrush, { width: 150, color: "rgb(255 61 139 / 50%)" });
    canvas.renderAll();
  }
}"""


def measure_peers(browser: Browser, packages: Path, side: int) -> Iterator[Figure]:
    """The same strokes in the canvases of libraries."""
    for peer, script in PEERS.items():
        for name, scale in (("fit", 700 / side), ("100 %", 1.0)):
            page = browser.new_page(viewport=SCREEN)  # type: ignore[arg-type]
            page.set_content('<div data-stage style="width: 800px; height: 700px"></div>')
            page.add_script_tag(path=packages / script)
            page.evaluate(_PEER, [peer, side, scale])
            for figure in _stroke(browser, page, name):
                yield {**figure, "what": f"peer: {peer}, {figure['what']}"}
            page.close()


def _open(context: BrowserContext, studio: str) -> float:
    page = context.new_page()
    started = time.perf_counter()
    page.goto(studio, wait_until="commit")
    page.locator("body[data-ready]").wait_for()
    took = (time.perf_counter() - started) * 1000
    page.close()
    return took


def _open_bare(context: BrowserContext, picture: str) -> float:
    page = context.new_page()
    page.goto(picture.rpartition("/curation/")[0] + "/healthz")
    took: float = page.evaluate(_BARE, picture)
    page.close()
    return took


def _stroke(browser: Browser, page: Page, zoom: str) -> Iterator[Figure]:
    stage = page.locator("[data-stage]").bounding_box()
    assert stage is not None
    middle = (stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    page.mouse.move(*middle)
    browser.start_tracing(page=page, categories=["toplevel", "__metadata"])
    page.mouse.down()
    moves, started = 0, time.monotonic()
    while (passed := time.monotonic() - started) < STROKE_SECONDS:
        page.mouse.move(middle[0] + 200 * _wave(passed), middle[1] + 150 * _wave(passed * 0.7 + 0.2))
        moves += 1
        time.sleep(max(0.0, moves / MOVES_A_SECOND - (time.monotonic() - started)))
    page.mouse.up()
    work = _work_a_frame(browser.stop_tracing())
    above = sum(ms > FRAME_MS for ms in work)
    yield {"what": f"brush at {zoom}: moves a second", "value": round(moves / STROKE_SECONDS), "unit": ""}
    yield {"what": f"brush at {zoom}: work a frame, median", "value": round(statistics.median(work), 1), "unit": "ms"}
    yield {"what": f"brush at {zoom}: work a frame, most", "value": round(max(work), 1), "unit": "ms"}
    yield {"what": f"brush at {zoom}: frames above {FRAME_MS:.1f} ms", "value": above, "unit": f"of {len(work)}"}


def _wave(seconds: float) -> float:
    """To and fro between -1 and 1, once in two seconds."""
    phase = seconds % 2
    return 2 * phase - 1 if phase < 1 else 3 - 2 * phase


def _work_a_frame(trace: bytes) -> list[float]:
    """Milliseconds of processor time of the page's main thread in each sixtieth of a second."""
    events = json.loads(trace)["traceEvents"]
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [event for event in events if event["name"].endswith("RunTask") and (event["pid"], event["tid"]) in main]
    start = min(task["ts"] for task in tasks)
    frames: dict[int, float] = {}
    for task in tasks:
        frame = int((task["ts"] - start) / 1000 / FRAME_MS)
        frames[frame] = frames.get(frame, 0.0) + task.get("tdur", 0) / 1000
    return list(frames.values())


@contextmanager
def _server(side: int) -> Iterator[tuple[int, str, str]]:
    """The port of a server with one picture, a curator's session, and the canvas."""
    with tempfile.TemporaryDirectory(prefix="studio-benchmark-") as folder:
        environment = scratch_environment(folder, DJANGO_SETTINGS_MODULE="garden.settings.local")
        migrate(environment)
        subprocess.run([sys.executable, "-m", "benchmarks.studio_rows", str(side)], env=environment, check=True)
        with serve(environment) as port:
            session, canvas = (Path(folder) / FACTS_FILE).read_text(encoding="ascii").split()
            yield port, session, canvas


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=4096, help="of the square picture, in pixels (default 4096)")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--peers", type=Path, help="a folder with konva and fabric as npm installs them")
    return parser.parse_args()


if __name__ == "__main__":
    main()
