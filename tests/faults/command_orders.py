"""`manage.py retouch_batch` over a folder, killed again and again.

`python -m tests.faults.command_orders HOME` lets a child run the command and die some steps later, then the next one,
until one comes to its end. Prints a JSON line for each: whether it was killed, and what was there afterwards.
"""

import gc
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import django
import numpy as np
import PIL.Image

from tests.faults.killing import in_a_child

PICTURES = 8
SIZE = (96, 72)
STRIDE = 13
"""Each child lives so many steps longer than the one before."""
RECIPE = {"region": "all", "settings": {"prompt": ["calm sea"], "strength": 0.3, "feather": 0, "seed": 3}}


def lay_out(home: Path) -> None:
    """The recipe, and a folder of different pictures."""
    (home / "given").mkdir()
    for number in range(PICTURES):
        pixels = np.random.default_rng(number).integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8)
        PIL.Image.fromarray(pixels).save(home / "given" / f"garden-{number}.png")
    (home / "recipe.json").write_text(json.dumps(RECIPE))


def run(home: Path) -> None:
    """The command as a shell would begin it, without a worker or a clock beside it."""
    from django.core.management import execute_from_command_line

    files = ("--folder", str(home / "given"), "--into", str(home / "made"), "--report", str(home / "report.json"))
    execute_from_command_line(["manage.py", "retouch_batch", str(home / "recipe.json"), *files, "--work"])


def run_until(home: Path, fatal: int) -> None:
    """The n-th statement that writes, or the moment before or after a file is written, is the last."""
    from tests.faults.retouch_deaths import deadly

    with (
        deadly(fatal) as steps,
        mock.patch("curation.services.retouch_batch.os.replace", steps.around(os.replace)),
        open(os.devnull, "w") as nothing,
        mock.patch("sys.stdout", nothing),
    ):
        run(home)


def look(home: Path) -> dict[str, Any]:
    from generation.models import Canvas, RetouchBatch, Slot, Version

    return {
        "canvases": Canvas.objects.count(),
        "batches": RetouchBatch.objects.count(),
        "slots": Slot.objects.count(),
        "leased": Slot.objects.leased().count(),
        "versions": Version.objects.count(),
        "done": Version.objects.done().count(),
        "given": len(list((home / "made").glob("garden-*.png"))),
    }


def main(home: Path) -> None:
    django.setup()
    import cv2

    cv2.setNumThreads(0)  # Its threads would not live on in a child.
    gc.freeze()
    for _round in ("made", "given out anew"):
        shutil.rmtree(home / "made", ignore_errors=True)
        fatal, alive = 1, False
        while not alive:
            alive = in_a_child(lambda fatal=fatal: run_until(home, fatal))  # type: ignore[misc]
            fatal += STRIDE
            print(json.dumps({"killed": not alive, **look(home)}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
