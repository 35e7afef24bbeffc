"""Fills the scratch database: `python -m benchmarks.garden_rows IMAGES EMOTIONS`. A third of the images was seen."""

import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import django

_BATCH = 5_000
FAVORITES = ("", "cat", "dog", "bird", "spring,cloudy,day")


def main(images: int, emotions: int) -> None:
    django.setup()
    from django.utils import timezone

    from garden.models import Image, Visitor
    from garden.vocabulary import Emotion
    from recommend.models import ImageRate

    now = timezone.now() - timedelta(days=1)
    moods = [emotion.value for emotion in Emotion][:emotions]

    def make_images() -> Iterator[Image]:
        for number in range(images):
            mood, favorite = moods[number % emotions], random.choice(FAVORITES)
            folder = f"emotions/{mood}/{favorite}" if favorite else f"emotions/{mood}"
            key = f"{folder}/img_20230320-121242_{number}{'hv'[number // emotions % 2]}.jpeg"
            image = Image(key=key, width=1280, height=800, origin="benchmark", content_hash=f"{number:064x}")
            image.published_at = now + timedelta(seconds=number / 10)
            yield image.fill_from_key()

    def make_rates() -> Iterator[ImageRate]:
        for image in random.sample(range(1, images + 1), images // 3):
            for group in ("adult/Female", "adult/Male"):
                shown = random.randint(1, 40)
                yield ImageRate(
                    image_id=image, group=group, shown=shown, liked=random.randint(0, shown), updated_at=now
                )

    _create(Image, make_images())
    # As if they had been there for days: nothing of this is news to the recommender.
    Image.objects.update(changed_at=now)
    _create(ImageRate, make_rates())
    Visitor.objects.bulk_create(
        Visitor(id=f"visitor-{number}", generation="adult", gender="Female", emotion=moods[0]) for number in range(500)
    )


def _create(model: type, rows: Iterator[object]) -> None:
    while batch := list(islice(rows, _BATCH)):
        model.objects.bulk_create(batch)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
