"""Public addresses of images."""

import re
from functools import lru_cache

from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils.encoding import filepath_to_uri

_needs_no_quoting = re.compile(r"[A-Za-z0-9._~-]*").fullmatch


class PublicUrls:
    """Turns keys into absolute URLs; made once per request, cheap for thousands of keys."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        base = getattr(default_storage, "public_base", None)
        self._base = None if base is None else request.build_absolute_uri(base)

    def __call__(self, key: str) -> str:
        if self._base is not None:
            return self._base + _quoted(key)
        return self._request.build_absolute_uri(default_storage.url(key))


def _quoted(key: str) -> str:
    """`filepath_to_uri` of a key. Quoting goes letter by letter: folders repeat and names are mostly plain."""
    folder, slash, name = key.rpartition("/")
    return _quoted_path(folder) + slash + (name if _needs_no_quoting(name) else _quoted_path(name))


@lru_cache(maxsize=10_000)
def _quoted_path(path: str) -> str:
    return filepath_to_uri(path) or ""
