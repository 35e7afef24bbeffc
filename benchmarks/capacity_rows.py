"""`python -m benchmarks.capacity_rows KIND COUNT`: writes so many rows; prints bytes a row, indexes included."""

import sys
import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import django

BATCH = 500


def main(kind: str, count: int) -> None:
    django.setup()
    before = database_bytes()
    ROWS[kind](count)
    print((database_bytes() - before) / count)


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def database_bytes() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT (SELECT * FROM pragma_page_count()) * (SELECT * FROM pragma_page_size())")
        return int(cursor.fetchone()[0])


def _keys(count: int) -> list[str]:
    return [f"emotions/calm/img_20261121-{number:06d}_0{'hv'[number % 2]}.jpeg" for number in range(count)]


def _save(model: Any, rows: Iterator[Any]) -> None:
    for batch in batched(rows, BATCH):
        model.objects.bulk_create(batch)


def images(count: int) -> None:
    from django.utils import timezone

    from garden.models import Image

    described = {"width": 1280, "height": 800, "origin": "painter", "published_at": timezone.now()}
    described |= {"prompt": "calm garden, lotus, morning mist", "model": "garden-painter-2"}
    _save(
        Image, (Image(key=key, content_hash=uuid.uuid4().hex * 2, **described).fill_from_key() for key in _keys(count))
    )


def visitors(count: int) -> None:
    from garden.models import Visitor

    seen = {"generation": "adult", "gender": "Female", "emotion": "calm"}
    _save(Visitor, (Visitor(id=str(uuid.uuid4()), **seen) for _ in range(count)))


def slates(count: int) -> None:
    from garden.models import Visitor
    from recommend.models import Slate

    shown = [[key, 0.0123] for key in _keys(24)]
    people = Visitor.objects.values_list("pk", flat=True)[:count]
    made: dict[str, Any] = {
        "group": "adult/Female",
        "emotion": "calm",
        "recommender": "embedded",
        "version": "slate-3-5f0c2a11",
    }
    made |= {"personalized": True, "landscape": shown, "portrait": shown}
    _save(Slate, (Slate(visitor_id=visitor, **made) for visitor in people))


def likes(count: int) -> None:
    from garden.models import Image, Visitor
    from recommend.models import Interaction, Ledger

    shown = list(Image.objects.order_by("pk")[:3])
    people = Visitor.objects.values_list("pk", flat=True)[:count]
    keys, numbers = [image.key for image in shown], [image.pk for image in shown]
    impression = {"id": 1, "images": numbers, "positions": [0, 1, 2], "days": [3, 4, 5], "liked": numbers[:1]}
    message = {"kind": "like", "group": "adult/Female", "emotion": "calm", "hour": 12, "image": shown[0]}
    message |= {"item_key": keys[0], "impression": keys, "exposed": numbers, "impressions": [impression]}
    pairs = zip(people, Ledger.objects.take(count), strict=False)
    _save(
        Interaction,
        (
            Interaction(visitor_id=visitor, sequence=at, pseudonym=at, event_id=str(uuid.uuid4()), **message)
            for visitor, at in pairs
        ),
    )


def record(count: int) -> None:
    """A photo's three lines."""
    from django.utils import timezone

    from garden.privacy.processing_log import Receipt, append

    now = timezone.now()
    for batch in batched(range(count), BATCH):
        receipts = [Receipt(uuid.uuid4(), "Foyer", "eu", "5f0c2a11b2c3", uuid.uuid4()) for _ in batch]
        steps = ("received", "analysed", "dropped")
        append([receipt.entry(step, now, "read" * (step == "analysed")) for receipt in receipts for step in steps])


ROWS = {"images": images, "visitors": visitors, "slates": slates, "likes": likes, "record": record}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
