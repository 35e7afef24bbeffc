import io
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from PIL import Image as Pillow
from PIL import ImageCms

from garden.models import Image, ImageFile
from garden.models.image_files import MOST_ATTEMPTS
from garden.services import register_image
from garden.signals import picture_decoded
from garden.storage.thumbnails import (
    UnreadablePictureError,
    delete_derived,
    make_thumbnail,
    shrink_picture,
    thumbnail_key,
)
from garden.tasks import make_missing_thumbnails, make_thumbnail_of
from tests.support import pictures
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
KEY = "imgPool/calm/img_1_0h.jpeg"


def registered(key: str = KEY, content: bytes | None = None) -> Image:
    return register_image(key=key, content=content or pictures.coffee(), origin="painter")


def stored(key: str = KEY) -> Pillow.Image:
    with default_storage.open(thumbnail_key(key)) as file:
        return Pillow.open(io.BytesIO(file.read()))


def test_it_is_a_small_webp_beside_the_pictures() -> None:
    make_thumbnail_of(registered().pk)
    assert thumbnail_key(KEY) == "derived/320/imgPool/calm/img_1_0h.jpeg.webp"
    assert (stored().format, stored().size) == ("WEBP", (320, 213))
    assert ImageFile.objects.with_thumbnail(Image.objects.values_list("pk", flat=True)) == {Image.objects.get().pk}


def test_its_task_is_sent_when_the_image_is_committed(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(make_thumbnail_of, "apply_async", lambda arguments, **options: sent.extend(arguments))
    with django_capture_on_commit_callbacks(execute=True):
        image = registered()
        assert sent == []
    assert sent == [image.pk]


def test_it_stands_upright_and_carries_no_exif() -> None:
    make_thumbnail_of(registered(content=pictures.turned_portrait()).pk)
    straight = shrink_picture(pictures.portrait())
    assert np.abs(np.asarray(stored(), int) - np.asarray(straight, int)).mean() < 3
    assert not stored().getexif()


def test_it_reads_colours_by_their_profile_and_ignores_a_broken_one() -> None:
    plain = Pillow.new("RGB", (64, 64), (180, 60, 60))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert shrink_picture(pictures.encode(plain, icc_profile=profile)).getpixel((9, 9)) == pytest.approx(
        (180, 60, 60), abs=4
    )
    assert shrink_picture(pictures.encode(plain, icc_profile=b"junk")).mode == "RGB"


@pytest.mark.parametrize("mode", ["LA", "P", "CMYK", "1", "I;16"])
def test_it_reads_every_kind_of_picture(mode: str) -> None:
    picture = (
        Pillow.new("I;16", (50, 90), 40_000) if mode == "I;16" else Pillow.new("RGB", (50, 90), "white").convert(mode)
    )
    file_format = "TIFF" if mode in ("CMYK", "I;16") else "PNG"
    assert shrink_picture(pictures.encode(picture, file_format)).mode == "RGB"


def test_it_lays_what_is_transparent_on_white() -> None:
    clear = Pillow.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert shrink_picture(pictures.encode(clear, "PNG")).getpixel((3, 3)) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"", b"junk", pictures.coffee()[:5_000]])
def test_it_says_that_a_file_is_broken(content: bytes) -> None:
    with pytest.raises(UnreadablePictureError):
        shrink_picture(content)


def test_it_gives_a_broken_file_up_at_once_and_notes_why() -> None:
    image = registered()
    default_storage.save(KEY, ContentFile(b"junk"))
    assert not make_thumbnail(image=image)
    noted = ImageFile.objects.get()
    assert (noted.made_at, noted.retry_at, noted.attempts) == (None, None, 1)
    assert "not a whole picture" in noted.error
    assert make_missing_thumbnails() == 0
    assert ImageFile.objects.get().attempts == 1


def test_it_tries_a_missing_file_again_later_and_not_for_ever() -> None:
    image = ImageFactory(key=KEY)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert make_missing_thumbnails() == 0
        noted = ImageFile.objects.get(image=image)
        assert noted.attempts == attempt
        assert (noted.retry_at is None) == (attempt == MOST_ATTEMPTS)
        ImageFile.objects.filter(retry_at__isnull=False).update(retry_at=timezone.now() - timedelta(seconds=1))
    assert make_missing_thumbnails() == 0
    assert ImageFile.objects.get().attempts == MOST_ATTEMPTS


def test_the_sweep_makes_what_no_task_made_and_what_has_new_content() -> None:
    registered()
    assert make_missing_thumbnails() == 1
    assert make_missing_thumbnails() == 0
    registered(content=pictures.portrait())
    assert make_missing_thumbnails() == 1
    assert stored().size == (320, 320)


def test_it_signals_the_decoded_picture_once() -> None:
    reported: list[tuple[int, tuple[int, int]]] = []

    def note(image: Image, small: Pillow.Image, **kwargs: Any) -> None:
        reported.append((image.pk, small.size))

    picture_decoded.connect(note)
    try:
        image = registered()
        make_thumbnail_of(image.pk)
    finally:
        picture_decoded.disconnect(note)
    assert reported == [(image.pk, (320, 213))]


def test_it_forgets_an_image_that_is_gone() -> None:
    make_thumbnail_of(4711)
    assert not ImageFile.objects.exists()


def test_it_leaves_with_the_picture() -> None:
    make_thumbnail(image=registered())
    delete_derived(KEY)
    delete_derived(KEY)
    assert not default_storage.exists(thumbnail_key(KEY))


def test_the_command_makes_what_is_missing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    registered()
    ImageFactory(key="imgPool/sad/img_1_1h.jpeg")
    call_command("make_thumbnails", dry_run=True)
    call_command("make_thumbnails")
    call_command("make_thumbnails", dry_run=True)
    call_command("make_thumbnails", dry_run=True, again=True)
    call_command("make_thumbnails", dry_run=True, all=True)
    assert capsys.readouterr().out.splitlines() == [
        "2 thumbnails would be created.",
        "1 thumbnails created, 1 failed.",
        "0 thumbnails would be created.",
        "1 thumbnails would be created.",
        "2 thumbnails would be created.",
    ]
    call_command("make_thumbnails", all=True)
    assert "1 thumbnails created, 1 failed" in capsys.readouterr().out
