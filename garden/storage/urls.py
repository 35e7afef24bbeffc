"""Public addresses of images."""

import re
from functools import lru_cache

from django.core.files.storage import FileSystemStorage, default_storage
from django.http import HttpRequest
from django.utils.encoding import filepath_to_uri

_needs_no_quoting = re.compile(r"[A-Za-z0-9._~-]*").fullmatch


class PublicUrls:
    """Turns keys into absolute URLs; made once per request, cheap for thousands of keys."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._local_base = self._base_of_local_files()

    def __call__(self, key: str) -> str:
        if self._local_base is not None:
            return self._local_base + _quoted(key)
        return self._request.build_absolute_uri(default_storage.url(key))

    def _base_of_local_files(self) -> str | None:
        if not isinstance(default_storage, FileSystemStorage):
            return None
        return self._request.build_absolute_uri(default_storage.base_url)


def _quoted(key: str) -> str:
    """`filepath_to_uri` of a key. Quoting goes letter by letter: folders repeat and names are mostly plain."""
    folder, slash, name = key.rpartition("/")
    return _quoted_path(folder) + slash + (name if _needs_no_quoting(name) else _quoted_path(name))


@lru_cache(maxsize=10_000)
def _quoted_path(path: str) -> str:
    return filepath_to_uri(path) or ""
