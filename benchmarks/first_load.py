"""The first load of the kiosk and of the review page: requests, bytes and time, by how scripts are delivered.

    python -m benchmarks.first_load [--rounds 5] [--json FILE]

Each delivery has a granian server of its own with static files as in production: hashed and compressed. Headless
Chromium loads each page with an empty cache, and again with what it keeps, over a simulated network. esbuild, which
`npx` fetches, minifies and bundles the scripts.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.own_server import migrate, scratch_environment, serve
from benchmarks.review_rows import SESSION_FILE
from tools.services.chromium import ARGUMENTS, chromium_path

PAGES = {
    "kiosk": ("/kiosk/", "garden/js/kiosk.js"),
    "review": ("/admin/curation/review/", "curation/js/review/main.js"),
}
READY = {"kiosk": 'body[data-moment="attract"]', "review": "html[data-ready]"}
DELIVERIES = ("modules", "hashed modules", "minified modules", "one minified file")
NETWORKS = {"LAN": (1, 100_000), "4G": (60, 9_000)}
"""Milliseconds of latency, kilobits a second."""
IMAGES = 200
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
HASHED = "garden.pages.static_files.HashedModulesStorage"
WITHOUT_HASHES = "whitenoise.storage.CompressedManifestStaticFilesStorage"
"""Modules import each other by names without a hash."""
ESBUILD = ["npx", "--yes", "esbuild@0.25.9", "--format=esm", "--log-level=error", "--minify"]
Figure = dict[str, Any]


def main() -> None:
    asked = _arguments()
    figures: list[Figure] = []
    print(
        f"{'page':8}{'delivery':20}{'network':9}{'load':8}{'requests':>9}{'script KB':>11}{'all KB':>8}{'ready ms':>9}"
    )
    for delivery in DELIVERIES:
        for figure in measure(delivery, asked.rounds):
            figures.append(figure)
            print(
                f"{figure['page']:8}{delivery:20}{figure['network']:9}{figure['load']:8}{figure['requests']:>9}"
                f"{figure['script_bytes'] / 1000:>11.1f}{figure['bytes'] / 1000:>8.1f}{figure['ready_ms']:>9.0f}",
                flush=True,
            )
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n")


def measure(delivery: str, rounds: int) -> Iterator[Figure]:
    with _site(delivery) as (port, session), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        for page, (path, _script) in PAGES.items():
            for network in NETWORKS:
                loads = [_load_twice(browser, port, session, path, READY[page], network) for _ in range(rounds)]
                for load, runs in zip(("first", "second"), zip(*loads, strict=True), strict=True):
                    middle = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
                    yield {"page": page, "delivery": delivery, "network": network, "load": load, **middle}
        browser.close()


def _load_twice(browser: Browser, port: int, session: str, path: str, ready: str, network: str) -> list[Figure]:
    address = f"http://127.0.0.1:{port}"
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    figures = [_load(context, address + path, ready, network) for _ in range(2)]
    context.close()
    return figures


def _load(context: BrowserContext, address: str, ready: str, network: str) -> Figure:
    """What the network carried until the page works, pictures of the garden left out."""
    page = context.new_page()
    received = _receive(page, network)
    page.goto(address, wait_until="commit")
    page.locator(ready).wait_for(state="attached")
    milliseconds = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle")
    page.close()
    carried = [one for one in received.values() if one.get("bytes") and one["type"] not in ("Image", "Fetch")]
    return {
        "requests": len(carried),
        "script_bytes": sum(one["bytes"] for one in carried if one["type"] == "Script"),
        "bytes": sum(one["bytes"] for one in carried),
        "ready_ms": milliseconds,
    }


def _receive(page: Page, network: str) -> dict[str, Figure]:
    """By request: its type, and the bytes that its answer took on the network."""
    latency, kilobits = NETWORKS[network]
    received: dict[str, Figure] = {}

    def note(sent: Figure) -> None:
        received.setdefault(sent["requestId"], {"type": sent["type"]})

    def weigh(done: Figure) -> None:
        received[done["requestId"]]["bytes"] = done["encodedDataLength"]

    session = page.context.new_cdp_session(page)
    session.on("Network.requestWillBeSent", note)
    session.on("Network.loadingFinished", weigh)
    session.send("Network.enable")
    speed = kilobits * 1000 / 8
    conditions = {"offline": False, "latency": latency, "downloadThroughput": speed, "uploadThroughput": speed}
    session.send("Network.emulateNetworkConditions", conditions)
    return received


@contextmanager
def _site(delivery: str) -> Iterator[tuple[int, str]]:
    """The port of a server that delivers scripts so, and a curator's session."""
    with tempfile.TemporaryDirectory(prefix="first-load-") as folder:
        environment = scratch_environment(folder, DJANGO_SETTINGS_MODULE="benchmarks.first_load_settings")
        if delivery in DELIVERIES[2:]:
            _collect({**environment, "FIRST_LOAD_STORAGE": PLAIN})
            _prepare(Path(folder) / "static", Path(folder) / "scripts", bundle=delivery == "one minified file")
            shutil.rmtree(Path(folder) / "static")
            environment["FIRST_LOAD_SCRIPTS"] = f"{folder}/scripts"
        environment["FIRST_LOAD_STORAGE"] = WITHOUT_HASHES if delivery == "modules" else HASHED
        _collect(environment)
        migrate(environment)
        subprocess.run([sys.executable, "-m", "benchmarks.review_rows", str(IMAGES)], env=environment, check=True)
        with serve(environment) as port:
            yield port, (Path(folder) / SESSION_FILE).read_text()


def _collect(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0", "--skip-checks"]
    subprocess.run(command, env=environment, check=True)


def _prepare(static: Path, scripts: Path, *, bundle: bool) -> None:
    """Minified scripts: each page's in one file, or each as a module of its own."""
    ours = [path for app in ("garden", "curation") for path in sorted((static / app).rglob("*.js"))]
    chosen = [static / script for _path, script in PAGES.values()] if bundle else ours
    options = ["--bundle"] if bundle else []
    subprocess.run([*ESBUILD, *options, f"--outbase={static}", f"--outdir={scripts}", *map(str, chosen)], check=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
