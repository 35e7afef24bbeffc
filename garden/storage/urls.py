"""Public addresses of images."""

import re
from functools import lru_cache

from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import filepath_to_uri

SIGNED_SECONDS = 86_400
_signer = TimestampSigner(salt="garden.storage.urls.signed")
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

    def signed(self, key: str) -> str:
        """An address that whoever has it may open, for `SIGNED_SECONDS`: pasted into a browser it brings no token."""
        return self._request.build_absolute_uri(reverse("signed", args=[_signature(key), key]))


def is_signed(key: str, signature: str) -> bool:
    """Whether `PublicUrls.signed` gave this signature to the key, not longer ago than it holds."""
    try:
        _signer.unsign(f"{key}:{signature}", max_age=SIGNED_SECONDS)
    except BadSignature:
        return False
    return True


def _signature(key: str) -> str:
    return _signer.sign(key).removeprefix(f"{key}:")


def _quoted(key: str) -> str:
    """`filepath_to_uri` of a key. Quoting goes letter by letter: folders repeat and names are mostly plain."""
    folder, slash, name = key.rpartition("/")
    return _quoted_path(folder) + slash + (name if _needs_no_quoting(name) else _quoted_path(name))


@lru_cache(maxsize=10_000)
def _quoted_path(path: str) -> str:
    return filepath_to_uri(path) or ""
