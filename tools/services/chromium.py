"""Where the real Chromium of tests, benchmarks and screenshots is, and how it is started."""

import os
import shutil

BUILDS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The same browser; the first starts and opens pages with half the work."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


def chromium_path() -> str:
    """Where Chromium is; without it tests fail, since skipping them would hide what visitors meet."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BUILDS)), None)
    if not found:
        raise FileNotFoundError(f"Install Chromium (Debian: apt-get install {BUILDS[0]}), or set CHROMIUM.")
    return found
