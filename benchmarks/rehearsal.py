"""An opening day on one machine: `manage.py rehearse` against a server as `make run` starts it, 2,000 visitors.

    python -m benchmarks.rehearsal [--kiosks 20] [--walls 24] [--visitors 2000] [--minutes 7] [--portraits FOLDER]
                                   [--json FILE]

A scratch site with a garden of 144 pictures and a zone, where every kiosk has a key of its own: web server,
worker and clock, on the same processors as the client. Exit code as of `rehearse`: 0 when every target is met. About
nine minutes with the pictures. Run `manage.py build_models` first.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.own_server import free_port, migrate, scratch_environment, wait_for
from benchmarks.rehearsal_rows import ZONE, plant_site

ROOT = Path(__file__).parents[1]
SITE = {
    "DJANGO_SETTINGS_MODULE": "garden.settings.local",
    "KIOSK_ACCESS": "keys",
    "PUBLIC_URL": "https://garden.example",  # Souvenir links need an address that a phone could follow.
}


def main() -> None:
    options = _arguments()
    with tempfile.TemporaryDirectory(prefix="garden-benchmark-") as folder:
        environment = site(Path(folder), options.models)
        keys = plant_site(environment, options.kiosks)
        with serving(environment) as port:
            sys.exit(_rehearse(options, port, keys, environment))


def site(folder: Path, models: Path) -> dict[str, str]:
    (folder / "models").mkdir()
    (folder / "models" / "face").symlink_to(models.resolve())
    environment = scratch_environment(str(folder), **SITE)
    migrate(environment)
    return environment


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[int]:
    """As `make run` does it: web server, worker and clock."""
    port = free_port()
    command = [sys.executable, "manage.py", "run_garden", "--port", str(port), "--without-starter-garden"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def _rehearse(options: argparse.Namespace, port: int, keys: list[str], environment: dict[str, str]) -> int:
    day = ("kiosks", "walls", "visitors", "minutes")
    arguments = [f"--url=http://127.0.0.1:{port}", f"--zone={ZONE}", *(f"--key={key}" for key in keys)]
    arguments += [f"--{name}={getattr(options, name)}" for name in day]
    arguments += [f"--{name}={path}" for name in ("portraits", "json") if (path := getattr(options, name))]
    return subprocess.run([sys.executable, "manage.py", "rehearse", *arguments], env=environment).returncode


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiosks", type=int, default=20)
    parser.add_argument("--walls", type=int, default=24)
    parser.add_argument("--visitors", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=7.0)
    parser.add_argument("--portraits", type=Path, metavar="FOLDER", help="faces to show instead of drawn ones")
    parser.add_argument("--models", type=Path, default=ROOT / "var" / "models" / "face", metavar="FOLDER")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
