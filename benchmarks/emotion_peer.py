"""@vladmandic/human in Node with its WASM backend, for `benchmarks.emotion`."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.emotion_photos import Sample

SCRIPT = Path(__file__).with_name("human_in_node.mjs")


def ask_peer(samples: Sequence[Sample], *, warm_up: bool = True) -> dict[str, Any]:
    """Milliseconds, faces and strongest emotion of each photo, which is given decoded."""
    decoded = [sample.decoded for sample in samples]
    header = json.dumps([{"width": image.width, "height": image.height} for image in decoded]).encode() + b"\n"
    data = header + b"".join(image.tobytes() for image in decoded)
    command = ["node", str(SCRIPT), *([] if warm_up else ["--cold"])]
    ran = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True)
    answer: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return answer
