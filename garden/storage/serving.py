"""Pictures on this machine's disk, for a server that does not hand them out itself."""

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.static import serve
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from garden.models import Image
from garden.storage.keys import SERVING
from garden.storage.screens import SIDES
from garden.storage.thumbnails import LONG_SIDE

_COPIES = tuple(f"derived/{side}/" for side in (LONG_SIDE, *SIDES))


def serve_picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """What visitors may see, and small copies of it, to everybody; all else to curators, and to others it is absent."""
    is_public = _is_viewable(path)
    if not is_public and not _is_curator(request):
        raise Http404
    try:
        answer = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except OSError:  # A name longer than any file's: nothing can be there.
        raise Http404 from None
    if not is_public:
        patch_cache_control(answer, private=True)
    elif path.startswith(SERVING):
        patch_cache_control(answer, public=True, max_age=settings.PICTURE_CACHE_SECONDS)
    return answer


def _is_viewable(path: str) -> bool:
    """The row decides, not the folder: the file of a removed picture stays until it is purged."""
    key = _key_of(path)
    return key.startswith(f"{SERVING}/") and "\0" not in key and Image.objects.viewable().filter(key=key).exists()


def _key_of(path: str) -> str:
    """The picture's key; a small copy's path says whose it is."""
    for folder in _COPIES:
        if path.startswith(folder):
            return path.removeprefix(folder).rpartition(".")[0]
    return path


def _is_curator(request: HttpRequest) -> bool:
    """By the session of the admin site, or by the token that asked for the picture."""
    try:
        by_token = TokenAuthentication().authenticate(Request(request))
    except AuthenticationFailed:
        return False
    user = by_token[0] if by_token else request.user
    return bool(user.is_active and user.is_staff)
