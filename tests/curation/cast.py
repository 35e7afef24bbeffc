"""The people and pictures that the tests of curation are about."""

import io
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from garden.models import Image
from tests.support.factories import ImageFactory


def member(group: str, name: str = "") -> User:
    """A staff user who may do what the group may."""
    user = User.objects.create_user(name or group, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def picture(key: str, **described: Any) -> Image:
    """A row with its file."""
    image: Image = ImageFactory.create(key=key, **described)
    stream = io.BytesIO()
    Pillow.new("RGB", (8, 8), (image.pk * 37 % 255, 90, 120)).save(stream, "JPEG")
    default_storage.save(key, ContentFile(stream.getvalue()))
    return image


def pool(number: int, emotion: str = "calm") -> list[Image]:
    return [picture(f"imgPool/{emotion}/img_{n}_0h.jpeg", published_at=None) for n in range(number)]


def serving() -> set[str]:
    return set(Image.objects.serving().values_list("key", flat=True))


def rows_without_file() -> list[str]:
    return [key for key in Image.objects.values_list("key", flat=True) if not default_storage.exists(key)]
