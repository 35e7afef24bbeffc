"""Pictures on this machine's disk, for a server that does not hand them out itself."""

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve


def serve_picture(request: HttpRequest, path: str) -> HttpResponseBase:
    try:
        return serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except (OSError, SuspiciousFileOperation):  # A name longer than any file's, or one that leads out of the folder.
        raise Http404 from None
