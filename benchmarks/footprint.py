"""Memory of a web process and time of `manage.py check`, beside a Django and REST framework site with nothing in it.

    python -m benchmarks.footprint [--runs 5] [--json FILE]

Memory is resident and private memory in MB of a new process with garden.wsgi that has answered /healthz, /kiosk/ and
/admin/login/ and has loaded the face networks; the peer has answered its admin's login page. Times are medians of
whole processes, in turns. Run `manage.py build_models` first.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.own_server import migrate, scratch_environment

MODELS = Path(__file__).parents[1] / "var" / "models"
PEER = [sys.executable, "-m", "benchmarks.footprint_peer"]
PAGES = ("/healthz", "/kiosk/", "/admin/login/")


def main() -> None:
    arguments = _arguments()
    figures: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "models").symlink_to(MODELS)
        environment = scratch_environment(folder, DJANGO_SETTINGS_MODULE="garden.settings.local")
        migrate(environment)
        for _ in range(arguments.runs):
            ours = _printed([sys.executable, "-m", "benchmarks.footprint", "--inside"], environment)
            theirs = _printed([*PEER, "serve"], environment)
            figures.setdefault("web process, MB", []).append(ours)
            figures.setdefault("peer: web process, MB", []).append(theirs)
            figures.setdefault("check, s", []).append(_seconds([sys.executable, "manage.py", "check"], environment))
            figures.setdefault("peer: check, s", []).append(_seconds([*PEER, "check"], environment))
    medians = {name: statistics.median(values) for name, values in figures.items()}
    for name, median in medians.items():
        print(f"{name:<24}{median:>8.2f}   ({min(figures[name]):.2f} to {max(figures[name]):.2f})")
    if arguments.json:
        arguments.json.write_text(json.dumps(medians, indent=2) + "\n")


def inside() -> None:
    """Prints the memory of this process."""
    import garden.wsgi  # noqa: F401 – builds the site as a server does
    from garden.ops.health import warm_up

    while warm_up.is_under_way():
        time.sleep(0.05)
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    for page in PAGES:
        assert client.get(page).status_code == 200, page
    print(memory())


def memory() -> float:
    """Proportional set size of this process in MB."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _printed(command: list[str], environment: dict[str, str]) -> float:
    shown = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return float(shown.splitlines()[-1])


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    if _arguments().inside:
        inside()
    else:
        main()
