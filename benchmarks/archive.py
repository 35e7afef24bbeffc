"""Backup and restore of a site beside `tar` and `sha256sum` of the same files, in the same run.

    python -m benchmarks.archive [--pictures 20000] [--few 2000] [--size 224000 318000] [--folder DIR] [--json FILE]

Pictures weigh what the painter's of 1280 × 800 do (JPEG, quality 90: 224 to 317 KB). The peer: `tar` of the pictures'
folder, `sha256sum` of every file, both on disk (`sync -f`); back again `tar -x` and `sha256sum -c`. Ours, as whole
processes (`manage.py …`): every row and file, each hash checked, durable on disk; beside it the command alone, without
the time in which Python and Django start (`start`: `backup --help`). Memory is the peak of the process at few and at
all pictures.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.own_server import migrate, scratch_environment

TARGET_RATIO = 1.3
TARGET_FASTER = 20.0
SIZE = (224_000, 318_000)


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of the wall and of the processor, peak memory in MB; `inside` a command, without its start."""

    wall: float
    cpu: float
    memory: float
    inside: float = 0.0
    inside_cpu: float = 0.0


def main() -> None:
    arguments = _arguments()
    gigabytes = arguments.pictures * sum(arguments.size) / 2 / 1e9
    print(
        f"{arguments.pictures:,} pictures of {arguments.size[0]:,} to {arguments.size[1]:,} bytes: {gigabytes:.1f} GB"
    )
    print(f"{'what':<40}{'wall s':>10}{'cpu s':>10}{'MB':>10}{'alone s':>10}{'cpu s':>10}")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        few = _measure_ours(folder / "few", arguments.few, arguments.size)
        _print_runs(f"ours, {arguments.few:,} pictures", few)
        shutil.rmtree(folder / "few")
        many = _measure_ours(folder / "many", arguments.pictures, arguments.size)
        _print_runs(f"ours, {arguments.pictures:,} pictures", many)
        peer = _measure_peer(folder / "many", folder / "peer")
        _print_runs(f"peer, {arguments.pictures:,} pictures", peer)
    figures = _figures(few, many, peer)
    for what, figure in figures.items():
        print(f"{what:<40}{figure:>10.2f}")
    print(f"wanted: at most {TARGET_RATIO} × the peer, incremental at least {TARGET_FASTER:.0f} × faster")
    if arguments.json:
        runs = {"few": few, "many": many, "peer": peer}
        reported = {name: {run: asdict(of) for run, of in each.items()} for name, each in runs.items()}
        arguments.json.write_text(
            json.dumps({"pictures": arguments.pictures, **reported, "figures": figures}, indent=2)
        )


def _measure_ours(folder: Path, pictures: int, size: list[int]) -> dict[str, Run]:
    folder.mkdir()
    site, fresh = scratch_environment(str(folder / "site")), scratch_environment(str(folder / "fresh"))
    for environment in (site, fresh):
        Path(environment["DATA_DIR"]).mkdir()
        environment["DJANGO_SETTINGS_MODULE"] = "garden.settings.local"
        migrate(environment)
    planted = [sys.executable, "-m", "benchmarks.archive_site", str(pictures), *map(str, size)]
    subprocess.run(planted, env=site, check=True)
    backup = str(folder / "backup")
    subprocess.run(["sync"], check=True)
    runs = {
        "start": _run_command(["backup", "--help"], site, folder),
        "backup": _run_command(["backup", backup], site, folder),
        "incremental": _run_command(["backup", backup], site, folder),
        "verify": _run_command(["backup", "--verify", backup], site, folder),
        "restore": _run_command(["restore", backup], fresh, folder),
    }
    for done in (backup, fresh["DATA_DIR"]):
        shutil.rmtree(done)
    return runs


def _measure_peer(site: Path, folder: Path) -> dict[str, Run]:
    folder.mkdir()
    media = site / "site" / "media"
    pack = (
        f"tar -cf {folder}/site.tar -C {media} . && cd {media} && find . -type f -print0 | sort -z "
        f"| xargs -0 sha256sum > {folder}/SUMS && sync -f {folder}/SUMS"
    )
    unpack = (
        f"mkdir {folder}/back && tar -xf {folder}/site.tar -C {folder}/back && cd {folder}/back "
        f"&& sha256sum --quiet -c {folder}/SUMS && sync -f {folder}/SUMS"
    )
    subprocess.run(["sync"], check=True)
    return {
        "backup": _run(["sh", "-c", pack], dict(os.environ)),
        "restore": _run(["sh", "-c", unpack], dict(os.environ)),
    }


def _run_command(arguments: list[str], environment: dict[str, str], folder: Path) -> Run:
    reported = folder / "told"
    run = _run([sys.executable, "-m", "benchmarks.archive_timed", str(reported), *arguments], environment)
    inside, inside_cpu = json.loads(reported.read_text())
    return replace(run, inside=inside, inside_cpu=inside_cpu)


def _run(command: list[str], environment: dict[str, str]) -> Run:
    begun = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed.")
    return Run(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _figures(few: dict[str, Run], many: dict[str, Run], peer: dict[str, Run]) -> dict[str, float]:
    return {
        "backup / (tar + sha256sum)": many["backup"].wall / peer["backup"].wall,
        "restore / (tar -x + sha256sum -c)": many["restore"].wall / peer["restore"].wall,
        "incremental faster, whole process": many["backup"].wall / many["incremental"].wall,
        "incremental faster, command alone": many["backup"].inside / many["incremental"].inside,
        "… of the processor's time": many["backup"].inside_cpu / many["incremental"].inside_cpu,
        "memory of backup, all / few": many["backup"].memory / few["backup"].memory,
        "memory of restore, all / few": many["restore"].memory / few["restore"].memory,
    }


def _print_runs(title: str, runs: dict[str, Run]) -> None:
    print(title)
    for name, run in runs.items():
        alone = f"{run.inside:>10.2f}{run.inside_cpu:>10.2f}" if run.inside else ""
        print(f"  {name:<38}{run.wall:>10.2f}{run.cpu:>10.2f}{run.memory:>10.0f}{alone}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("--few", type=int, default=2_000)
    parser.add_argument("--size", type=int, nargs=2, default=SIZE, metavar=("LEAST", "MOST"), help="bytes of a picture")
    parser.add_argument("--folder", type=Path, help="where everything lies meanwhile: three times the pictures")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
