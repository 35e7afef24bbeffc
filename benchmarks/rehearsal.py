"""An opening day on one machine: `manage.py rehearse` against a server as `make run` starts it, 2,000 visitors.

    python -m benchmarks.rehearsal [--kiosks 20] [--walls 24] [--visitors 2000] [--minutes 7] [--portraits FOLDER]
                                   [--json FILE]

A scratch site with a garden of 144 pictures and a zone, where every kiosk has a key of its own: web server,
worker and clock, on the same processors as the client. After the day, every kiosk grows a picture at the same moment.
Exit code as of `rehearse`: 0 when every target is met. About nine minutes with the pictures. Run `manage.py
build_models` first.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.growing import print_growth
from benchmarks.own_server import ROOT, run_garden, site
from benchmarks.rehearsal_rows import ZONE, plant_site


def main() -> None:
    options = _arguments()
    with tempfile.TemporaryDirectory(prefix="garden-benchmark-") as folder:
        environment = site(Path(folder), options.models)
        keys = plant_site(environment, options.kiosks)
        with run_garden(environment) as port:
            code = _rehearse(options, port, keys, environment)
            print_growth(port, keys, (options.kiosks,))
    sys.exit(code)


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
