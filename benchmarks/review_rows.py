"""Fills the scratch database: `python -m benchmarks.review_rows IMAGES`.

A pool as years of work leave it: eight moods, both orientations, a fifth decided, some of the older half published, a
curator with a session. All pictures share sixteen small files.
"""

import io
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import django

_BATCH = 5_000
FILES = 16
SIZE = (320, 200)
FAVORITES = ("", "cat", "dog", "bird", "spring,cloudy,day")
VERDICTS = ("", "", "", "", "", "", "", "", "like", "dislike")
SESSION_FILE = "session.txt"


def main(images: int) -> None:
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from garden.models import Image
    from garden.vocabulary import Emotion

    moods, now = [emotion.value for emotion in Emotion], timezone.now()

    def make_images() -> Iterator[Image]:
        for number in range(images):
            mood, favorite = moods[number % 8], FAVORITES[number % 5]
            folder = f"imgPool/{mood}/{favorite}" if favorite else f"imgPool/{mood}"
            key = f"{folder}/img_{number:07d}{'hv'[number // 8 % 2]}.jpeg"
            is_older = 0 < number < images // 2
            is_original, is_copy = is_older and number % 500 == 1, is_older and number % 500 == 2
            if is_copy:
                key = key.replace("imgPool", "emotions", 1)
            image = Image(
                key=key,
                width=1280,
                height=800,
                origin="benchmark",
                model="garden-painter-2",
                prompt=f"a {mood} garden at dawn, {favorite}, painted on paper, number {number}",
                content_hash=f"{number:064x}",
                verdict=VERDICTS[number // 16 % 10],
                created_at=(made_at := now - timedelta(seconds=images - number)),
                published_at=made_at if is_copy else None,
                published_from_id=number if is_copy else None,
            ).fill_from_key()
            if is_original:
                image.state = Image.State.PUBLISHED
            yield image

    made = make_images()
    while batch := list(islice(made, _BATCH)):
        Image.objects.bulk_create(batch)
    _share_files()
    _sign_in()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _share_files() -> None:
    """Every key ends up at one of a few files: what is measured is the page, not a disk with a million pictures."""
    from django.conf import settings
    from PIL import Image as Pillow

    folder = settings.MEDIA_ROOT / "shared"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(FILES):
        stream = io.BytesIO()
        Pillow.effect_noise(SIZE, 40 + number).convert("RGB").save(stream, "JPEG", quality=80)
        (folder / f"{number}.jpeg").write_bytes(stream.getvalue())


def _sign_in() -> None:
    """A publisher, and the session that a browser needs to be them."""
    from django.conf import settings
    from django.contrib.auth.models import Group, User
    from django.test import Client

    user = User.objects.create_user("curator", is_staff=True)
    user.groups.add(Group.objects.get(name="publisher"))
    client = Client()
    client.force_login(user)
    (settings.DATA_DIR / SESSION_FILE).write_text(client.cookies[settings.SESSION_COOKIE_NAME].value)


if __name__ == "__main__":
    main(int(sys.argv[1]))
