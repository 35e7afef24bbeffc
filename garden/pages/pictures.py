"""A published picture for a screen: the copy that fits, where it was made, else the picture itself."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe
from django.views.static import serve

from garden.models import Image
from garden.storage.serving import picture_file
from garden.storage.thumbnails import best_screen, parallax_key, screen_key, stage_key

ITSELF = 0
"""The side that names the picture itself, byte for byte and from this server, and no copy: walls check its SHA-256."""


@require_safe
def show_picture(request: HttpRequest, side: int, key: str) -> HttpResponseBase:
    """`side` is the long side in px that the screen fills. One row is read; nothing is decoded here."""
    found = Image.objects.viewable().filter(key=key).values_list("file__screens", flat=True)[:1]
    if "\0" in key or not found:
        raise Http404
    answer = _itself(request, key) if side == ITSELF else _copy(request, key, found[0] or (), side)
    patch_vary_headers(answer, ["Accept"])
    _say_how_long(answer)
    return answer


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
    answer = _answer(request, name)
    _say_how_long(answer)
    return answer


def _say_how_long(answer: HttpResponseBase) -> None:
    """A redirect to a signed address is kept half as long as the signature is valid, and by this browser alone."""
    signed_seconds = getattr(default_storage, "signed_seconds", None)
    if isinstance(answer, HttpResponseRedirect) and signed_seconds is not None:
        patch_cache_control(answer, private=True, max_age=min(settings.PICTURE_CACHE_SECONDS, signed_seconds // 2))
    else:
        patch_cache_control(answer, public=True, max_age=settings.PICTURE_CACHE_SECONDS)


def _copy(request: HttpRequest, key: str, made: Collection[str], side: int) -> HttpResponseBase:
    accepted = {f"{kind.main_type}/{kind.sub_type}" for kind in request.accepted_types}
    name = best_screen(made, side, accepted)
    return _answer(request, screen_key(key, name) if name else key)


def _itself(request: HttpRequest, key: str) -> HttpResponseBase:
    if isinstance(default_storage, FileSystemStorage):
        return _answer(request, key)
    return picture_file(key)


def _answer(request: HttpRequest, name: str) -> HttpResponseBase:
    if isinstance(default_storage, FileSystemStorage):
        return serve(request, name, document_root=str(default_storage.location))
    return HttpResponseRedirect(default_storage.url(name))
