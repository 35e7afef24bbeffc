"""Fills the scratch database: `python -m benchmarks.studio_rows SIDE`. One large picture on the bench, a curator."""

import io
import os
import sys
from pathlib import Path

import django

FACTS_FILE = "studio.txt"


def main(side: int) -> None:
    django.setup()
    from django.contrib.auth import get_user_model
    from django.test import Client

    from generation.retouch.versions import open_image

    curator = get_user_model().objects.create_superuser("curator")
    client = Client()
    client.force_login(curator)
    canvas = open_image(image=_picture(side), by=curator)
    session = client.cookies["sessionid"].value
    Path(os.environ["DATA_DIR"], FACTS_FILE).write_text(f"{session}\n{canvas.pk}\n", encoding="ascii")


def _picture(side: int):  # type: ignore[no-untyped-def]
    """Waves of colour with a grain: neither flat nor pure noise, as a painted picture is."""
    import numpy as np
    import PIL.Image

    from garden.services import register_image

    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    waves = [np.sin(9 * x + 5 * n * y + n) * 90 + 128 for n in range(3)]
    grain = rng.normal(0, 6, (side, side, 1)).astype(np.float32)
    pixels = np.clip(np.stack(waves, axis=2) + grain, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    PIL.Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return register_image(key="imgPool/calm/img_0_0h.jpeg", content=file.getvalue(), origin="benchmark", prompt="waves")


if __name__ == "__main__":
    main(int(sys.argv[1]))
