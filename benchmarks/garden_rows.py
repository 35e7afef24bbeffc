"""Fills the scratch database: `python -m benchmarks.garden_rows IMAGES EMOTIONS`, so many images in each emotion."""

import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import django
import numpy as np

_BATCH = 2_000
VISITORS = 500
LOOKS = 1_000
FAVORITES = ("", "cat", "dog", "bird", "spring,cloudy,day")


def main(images: int, emotions: int) -> None:
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from garden.models import Image, Visitor
    from garden.vocabulary import Emotion
    from recommend.backends.registry import get_recommender
    from recommend.features import DIMENSION, VERSION
    from recommend.models import Description, Interaction, Ledger
    from recommend.models.description import pack
    from recommend.services.history import append_interactions

    now = timezone.now() - timedelta(days=1)
    moods = [emotion.value for emotion in Emotion][:emotions]
    total = images * emotions

    def make_images() -> Iterator[Image]:
        for number in range(total):
            mood, favorite = moods[number % emotions], random.choice(FAVORITES)
            folder = f"emotions/{mood}/{favorite}" if favorite else f"emotions/{mood}"
            key = f"{folder}/img_20230320-121242_{number}{'hv'[number // emotions % 2]}.jpeg"
            image = Image(key=key, width=1280, height=800, origin="benchmark", content_hash=f"{number:064x}")
            image.published_at = now + timedelta(seconds=number / 10)
            yield image.fill_from_key()

    def make_descriptions() -> Iterator[Description]:
        rng = np.random.default_rng(1)
        for image, sequence in enumerate(Ledger.objects.take(total), start=1):
            vector = pack(rng.standard_normal(DIMENSION).astype(np.float32))
            yield Description(sequence=sequence, image_id=image, version=VERSION, vector=vector)

    def make_looks() -> Iterator[Interaction]:
        keys = dict(Image.objects.filter(pk__lte=3_000).values_list("pk", "key"))
        for number in range(LOOKS):
            seen = random.sample(sorted(keys), 3)
            yield Interaction(
                visitor_id=f"visitor-{number % VISITORS}",
                group="adult/Female",
                emotion=moods[0],
                kind="like",
                image_id=seen[0],
                item_key=keys[seen[0]],
                impression=[keys[image] for image in seen],
                exposed=sorted(seen),
                created_at=now,
            )

    _create(Image, make_images())
    # As if they had been there for days: nothing of this is news to the recommender.
    Image.objects.update(changed_at=now)
    _create(Description, make_descriptions())
    visitors = (
        Visitor(id=f"visitor-{n}", generation="adult", gender="Female", emotion=moods[0]) for n in range(VISITORS)
    )
    Visitor.objects.bulk_create(visitors)
    append_interactions(interactions=list(make_looks()))
    get_recommender().save_state()  # As a worker does every minute; who starts then learns only what came since.
    if connection.vendor == "postgresql":
        # What autovacuum does within minutes of such a flood; while it is measured would be the wrong moment.
        connection.cursor().execute("VACUUM ANALYZE")


def _create(model: type, rows: Iterator[object]) -> None:
    while batch := list(islice(rows, _BATCH)):
        model.objects.bulk_create(batch)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
