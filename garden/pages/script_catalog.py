"""The words of staff pages' scripts: Django's catalogue of one language, at an address that has its version."""

import hashlib
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

from garden.ops.version import OURS

YEAR_SECONDS = 365 * 24 * 3600


@gzip_page
@require_safe
def script_catalog(request: HttpRequest, language: str, version: str) -> HttpResponse:
    """Browsers keep it for good. A page of another version, as during an update, gets this one's words once."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    script, current = catalog_of(language)
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    if version == current:
        patch_cache_control(response, public=True, immutable=True, max_age=YEAR_SECONDS)
    else:
        add_never_cache_headers(response)
    return response


@cache
def catalog_of(language: str) -> tuple[bytes, str]:
    """The script, and the hash of it that its address has."""
    with translation.override(language):
        script: bytes = JavaScriptCatalog(packages=list(OURS)).get(HttpRequest()).content
    return script, hashlib.sha256(script).hexdigest()[:12]
