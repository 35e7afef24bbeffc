"""What large photos cost in memory: `python -m benchmarks.photo_memory`.

Two web processes get eight PNGs of 25 megapixels at once; the peak of both processes' resident memory is printed.
"""

import argparse
import io
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import requests
from PIL import Image
from skimage import data

from benchmarks.own_server import migrate, scratch_environment, serving

SIDE = 5_000
PERIOD_SECONDS = 0.02


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--photos", type=int, default=8)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--models", type=Path, default=Path("var/models/face"))
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="garden-benchmark-") as folder:
        (Path(folder) / "models").mkdir()
        (Path(folder) / "models" / "face").symlink_to(asked.models.resolve())
        environment = scratch_environment(folder, DJANGO_SETTINGS_MODULE="garden.settings.local")
        migrate(environment)
        with serving(environment, "--workers", str(asked.processes), "--blocking-threads", "16") as server:
            measure(server.port, psutil.Process(server.pid), asked.photos)


def measure(port: int, server: psutil.Process, photos: int) -> None:
    photo = large_photo()
    for _ in range(8):  # Both processes have loaded what they read faces with.
        send(port, small_photo())
    before = resident(server)
    peak, ended = [before], threading.Event()

    def watch() -> None:
        while not ended.wait(PERIOD_SECONDS):
            peak.append(resident(server))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    started = time.perf_counter()
    with ThreadPoolExecutor(photos) as senders:
        answers = Counter(senders.map(lambda _: send(port, photo), range(photos)))
    took = time.perf_counter() - started
    ended.set()
    watcher.join()
    print("| photos | megapixels | answers | seconds | MB before | MB at the peak |")
    print("| --- | --- | --- | --- | --- | --- |")
    reported = ", ".join(f"{count} × {status}" for status, count in sorted(answers.items()))
    print(f"| {photos} | {SIDE * SIDE / 1e6:.0f} | {reported} | {took:.1f} | {before:.0f} | {max(peak):.0f} |")


def send(port: int, photo: bytes) -> int:
    headers = {"Content-Type": "image/png"}
    return requests.post(f"http://127.0.0.1:{port}/emotion", photo, headers=headers, timeout=120).status_code


def resident(server: psutil.Process) -> float:
    return sum(process.memory_info().rss for process in server.children(recursive=True)) / 1e6


def large_photo() -> bytes:
    photo = Image.new("RGBA", (SIDE, SIDE), "grey")
    photo.paste(portrait().resize((1_500, 1_500)), (1_500, 1_500))
    return encoded(photo)


def small_photo() -> bytes:
    return encoded(portrait())


def portrait() -> Image.Image:
    return Image.fromarray(data.astronaut())


def encoded(photo: Image.Image) -> bytes:
    stream = io.BytesIO()
    photo.save(stream, "PNG")
    return stream.getvalue()


if __name__ == "__main__":
    main()
