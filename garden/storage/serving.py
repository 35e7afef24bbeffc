"""Public addresses of pictures; and pictures that this site serves: to screens, and where no other server does."""

import mimetypes
import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.encoding import filepath_to_uri
from django.views.decorators.http import require_safe
from django.views.static import serve
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from garden.models import Image
from garden.storage.keys import SERVING
from garden.storage.thumbnails import (
    LONG_SIDE,
    SIDES,
    best_screen,
    parallax_key,
    screen_key,
    screen_keys,
    stage_key,
    thumbnail_key,
)

_COPIES = tuple(f"derived/{side}/" for side in (LONG_SIDE, *SIDES))
_TYPES = {"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}
_MAY_SEE_EVERY_PICTURE = ("curation.view_review", "garden.view_image", "generation.add_generationjob")
"""Who reviews pictures, who sees their list in the admin, and who makes some and is answered with their addresses."""
SIGNED_SECONDS = 86_400
_signer = TimestampSigner(salt="garden.storage.serving.signed")
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
        """An address that needs no token, valid for `SIGNED_SECONDS`."""
        return self._request.build_absolute_uri(
            reverse("signed", args=[_signer.sign(key).removeprefix(f"{key}:"), key])
        )


def _is_signed(key: str, signature: str) -> bool:
    """Whether `PublicUrls.signed` gave this signature to the key, not longer ago than it holds."""
    try:
        _signer.unsign(f"{key}:{signature}", max_age=SIGNED_SECONDS)
    except BadSignature:
        return False
    return True


def _quoted(key: str) -> str:
    """`filepath_to_uri` of a key. Quoting goes letter by letter: folders repeat and names are mostly plain."""
    folder, slash, name = key.rpartition("/")
    return _quoted_path(folder) + slash + (name if _needs_no_quoting(name) else _quoted_path(name))


@lru_cache(maxsize=10_000)
def _quoted_path(path: str) -> str:
    return filepath_to_uri(path) or ""


def serve_picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture that has a row, or a small copy of it; every other path is 404 for all users.

    What visitors may see is for everybody, all else for staff with one of the permissions.
    """
    key = _key_of(path)
    known = Image.objects.none() if "\0" in key else Image.objects.filter(key=key)
    # The row decides, not the folder: the file of a removed picture stays until it is purged.
    is_public = key.startswith(f"{SERVING}/") and known.viewable().exists()
    if not is_public and not (_may_see_every_picture(request) and known.exists()):
        raise Http404
    answer = _file(request, path)
    if not is_public:
        patch_cache_control(answer, private=True)
    elif path.startswith(SERVING):
        patch_cache_control(answer, public=True, max_age=settings.PICTURE_CACHE_SECONDS)
    return answer


@require_safe
def serve_signed_picture(request: HttpRequest, signature: str, path: str) -> HttpResponseBase:
    """A picture that is not in the trash, by its signed address."""
    known = Image.objects.exclude(state=Image.State.TRASH).filter(key=path)
    if "\0" in path or not _is_signed(path, signature) or not known.exists():
        raise Http404
    answer = _file(request, path)
    patch_cache_control(answer, private=True)
    return answer


def picture_file(key: str) -> FileResponse:
    """A picture byte for byte, whatever the storage. Raises Http404."""
    try:
        return FileResponse(default_storage.open(key), content_type=_type_of(key))
    except FileNotFoundError:
        raise Http404 from None


ITSELF = 0
"""The side that names the picture itself, byte for byte and from this server, and no copy: walls check its SHA-256."""


@require_safe
def show_picture(request: HttpRequest, side: int, key: str) -> HttpResponseBase:
    """A published picture: the copy that fits a screen whose long side has `side` px, where it was made, else itself.

    One row is read; nothing is decoded here.
    """
    found = Image.objects.viewable().filter(key=key).values_list("file__screens", flat=True)[:1]
    if "\0" in key or not found:
        raise Http404
    if side == ITSELF:
        answer = _file(request, key)
    else:
        accepted = {f"{kind.main_type}/{kind.sub_type}" for kind in request.accepted_types}
        name = best_screen(found[0] or (), side, accepted)
        answer = _file_or_address(request, screen_key(key, name) if name else key)
    patch_vary_headers(answer, ["Accept"])
    return _kept_by_browsers(answer)


@require_safe
def show_stage(request: HttpRequest, number: int, key: str) -> HttpResponseBase:
    """A stage of a grown picture, for walls that show how it grew."""
    return _derived(request, key, stage_key(key, number), grown_at__isnull=False)


@require_safe
def show_layer(request: HttpRequest, layer: str, key: str) -> HttpResponseBase:
    """A layer of a picture, for walls that move its layers."""
    return _derived(request, key, parallax_key(key, layer), parameters__parallax=True)


def _derived(request: HttpRequest, key: str, name: str, **condition: Any) -> HttpResponseBase:
    """A file that was made of a picture, while walls may show the picture and it meets the condition."""
    if "\0" in key or not Image.objects.for_walls().filter(key=key, **condition).exists():
        raise Http404
    return _kept_by_browsers(_file_or_address(request, name))


def _kept_by_browsers(answer: HttpResponseBase) -> HttpResponseBase:
    """A redirect to a signed address is kept half as long as the signature is valid, and by this browser alone."""
    signed_seconds = getattr(default_storage, "signed_seconds", None)
    if isinstance(answer, HttpResponseRedirect) and signed_seconds is not None:
        patch_cache_control(answer, private=True, max_age=min(settings.PICTURE_CACHE_SECONDS, signed_seconds // 2))
    else:
        patch_cache_control(answer, public=True, max_age=settings.PICTURE_CACHE_SECONDS)
    return answer


def _file_or_address(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file, where it lies on this machine; else a redirect to its own address."""
    if isinstance(default_storage, FileSystemStorage):
        return _file(request, name)
    return HttpResponseRedirect(default_storage.url(name))


def _file(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of the storage, from this server. Raises Http404."""
    if not isinstance(default_storage, FileSystemStorage):
        return picture_file(path)
    try:
        answer: HttpResponseBase = serve(request, path, document_root=str(default_storage.location))
    except OSError:  # As of a name that is longer than any file's: nothing can be there.
        raise Http404 from None
    if "Content-Type" in answer:
        answer["Content-Type"] = _type_of(path)
        del answer["Content-Encoding"]
    return answer


def _type_of(key: str) -> str:
    """By the name, and never a type that a browser runs (HTML, SVG): a key is kept whatever it ends with."""
    named = mimetypes.guess_type(key)[0] or ""
    return named if named in _TYPES else "image/jpeg"


def _key_of(path: str) -> str:
    """The picture's key; a small copy's path says whose it is."""
    for folder in _COPIES:
        key = path.removeprefix(folder).rpartition(".")[0]
        if path in (thumbnail_key(key), *screen_keys(key)):
            return key
    return path


def _may_see_every_picture(request: HttpRequest) -> bool:
    """By the session of the admin site, or by the token that asked for the picture."""
    try:
        by_token = TokenAuthentication().authenticate(Request(request))
    except AuthenticationFailed:
        return False
    user = by_token[0] if by_token else request.user
    return user.is_active and user.is_staff and any(map(user.has_perm, _MAY_SEE_EVERY_PICTURE))
