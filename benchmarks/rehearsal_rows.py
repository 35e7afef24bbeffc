"""The rows of a scratch site: a garden, a zone, and kiosks with a key each.

Of every emotion the painter paints one landscape and one portrait; the others are these in other light, mirrored or
not, so that the garden is there in half a minute.
"""

import io
import subprocess
import sys
from collections.abc import Iterator

import django
from PIL import Image, ImageEnhance, ImageOps
from tqdm import tqdm

from garden.vocabulary import Emotion

ZONE = "zone1"
VARIANTS = 9
FAVORITES = ("", "", "/cat", "/bird")
LETTERS = {(1280, 800): "h", (800, 1280): "v"}


def plant_site(environment: dict[str, str], kiosks: int) -> list[str]:
    """Pictures, their copies for screens, the zone; returns a key for each kiosk."""
    rows = [sys.executable, "-m", "benchmarks.rehearsal_rows", str(kiosks)]
    keys = subprocess.run(rows, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    copies = [sys.executable, "manage.py", "make_thumbnails", "--skip-checks"]
    subprocess.run(copies, env=environment, check=True)
    return keys


def main(kiosks: int) -> None:
    """Makes the rows of the site in the environment, and prints the keys."""
    django.setup()
    from garden.models import Kiosk, KioskKey, Zone
    from garden.services import register_image

    for key, content in tqdm(_pictures(), total=len(Emotion) * 2 * VARIANTS, unit=" picture", desc="Planting"):
        register_image(key=key, content=content, origin="painter")
    zone, _ = Zone.objects.get_or_create(name=ZONE)
    for number in range(kiosks):
        kiosk = Kiosk.objects.create(name=f"Kiosk {number + 1}", zone=zone)
        _row, key = KioskKey.objects.create_key(name=kiosk.name, kiosk=kiosk)
        print(key)


def _pictures() -> Iterator[tuple[str, bytes]]:
    from generation.engines.base import PictureRequest
    from generation.engines.painter import PainterEngine

    for emotion in Emotion:
        for (width, height), letter in LETTERS.items():
            [painted] = PainterEngine().make([PictureRequest(f"{emotion}, flowers, garden", width, height, seed=1)])
            for number in range(VARIANTS):
                favorite = FAVORITES[number % len(FAVORITES)]
                key = f"emotions/{emotion}{favorite}/img_20261101-100000_{number}{letter}.jpeg"
                yield key, _variant(painted.image, number)


def _variant(picture: Image.Image, number: int) -> bytes:
    lit = ImageEnhance.Color(ImageEnhance.Brightness(picture).enhance(0.85 + 0.03 * number)).enhance(
        1.3 - 0.05 * number
    )
    stream = io.BytesIO()
    (ImageOps.mirror(lit) if number % 2 else lit).save(stream, "JPEG", quality=90)
    return stream.getvalue()


if __name__ == "__main__":
    main(int(sys.argv[1]))
