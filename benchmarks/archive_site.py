"""A site to back up, where the settings say: `python -m benchmarks.archive_site PICTURES LEAST MOST` (in bytes)."""

import hashlib
import os
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from garden.models import Image

_BATCH = 2_000
_HEADER = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")


def main(pictures: int, least: int, most: int) -> None:
    django.setup()
    from django.conf import settings

    from garden.models import Image

    dice = random.Random(7)
    noise = os.urandom(most)
    folder = Path(settings.MEDIA_ROOT)
    for begin in range(0, pictures, _BATCH):
        numbers = range(begin, min(begin + _BATCH, pictures))
        Image.objects.bulk_create(_picture(folder, number, noise[: dice.randint(least, most)]) for number in numbers)


def _picture(folder: Path, number: int, noise: bytes) -> "Image":
    """The row of a picture whose bytes are like no other's; its file is written first."""
    from django.utils import timezone

    from garden.models import Image
    from garden.vocabulary import Emotion

    mood = list(Emotion)[number % 8].value
    key = f"emotions/{mood}/img_20230320-121242_{number}{'hv'[number % 2]}.jpeg"
    content = _HEADER + number.to_bytes(8, "big") + noise
    path = folder / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    image = Image(
        key=key,
        width=1280,
        height=800,
        origin="benchmark",
        prompt=f"{mood} garden of flowers, number {number}",
        parameters={"seed": number, "steps": 30, "guidance": 7.5},
        content_hash=hashlib.sha256(content).hexdigest(),
        published_at=timezone.now(),
    )
    return image.fill_from_key()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
