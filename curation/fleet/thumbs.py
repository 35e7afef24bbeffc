"""Small pictures of what is on the screens, found in one go."""

from collections.abc import Iterable

from django.http import HttpRequest

from garden.models import Image
from garden.storage.thumbnails import thumbnail_key
from garden.storage.urls import PublicUrls


class Thumbs:
    """The address of a picture's small copy, or of the picture where none was made; empty for one that is gone."""

    def __init__(self, request: HttpRequest, keys: Iterable[str]) -> None:
        self._url_of = PublicUrls(request)
        known = Image.objects.filter(key__in={*keys}).exclude(state=Image.State.TRASH)
        self._made = dict(known.values_list("key", "thumbnail__made_at"))

    def of(self, key: str) -> str:
        if key not in self._made:
            return ""
        return self._url_of(thumbnail_key(key) if self._made[key] else key)
