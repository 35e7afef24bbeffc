"""Pictures on this machine's disk, for a server that does not hand them out itself."""

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from garden.storage.keys import SERVING
from garden.storage.screens import SIDES
from garden.storage.thumbnails import LONG_SIDE

PUBLIC = (f"{SERVING}/", *(f"derived/{side}/{SERVING}/" for side in (LONG_SIDE, *SIDES)))


def serve_picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Published pictures and their thumbnails to everybody, all others to curators; what is not for you is absent."""
    if not (path.startswith(PUBLIC) and ".." not in path.split("/")) and not _is_curator(request):
        raise Http404
    try:
        return serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except OSError:  # A name longer than any file's: nothing can be there.
        raise Http404 from None


def _is_curator(request: HttpRequest) -> bool:
    """By the session of the admin site, or by the token that asked for the picture."""
    try:
        by_token = TokenAuthentication().authenticate(Request(request))
    except AuthenticationFailed:
        return False
    user = by_token[0] if by_token else request.user
    return bool(user.is_active and user.is_staff)
