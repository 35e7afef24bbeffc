"""The documentation for staff, as `manage.py build_docs` writes it."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.static import serve

THEME_SCRIPT = "'sha256-ySvT2PEZeueHGC1y2crNuNTfphBynFPP7i+U21fEgX0='"
"""Of the one script that the theme writes into a page; it reads the chosen theme before the page is drawn."""


@csp_update({"script-src": [THEME_SCRIPT], "style-src": [UNSAFE_INLINE]})  # type: ignore[arg-type]
@require_safe
def docs(request: HttpRequest, path: str) -> HttpResponseBase:
    """One file of the site; a folder's is its `index.html`."""
    if not settings.DOCS_ROOT.is_dir():
        text = _("The documentation is not built yet. Run: make docs")
        return HttpResponseNotFound(text, content_type="text/plain; charset=utf-8")
    return serve(request, f"{path}index.html" if path == "" or path.endswith("/") else path, str(settings.DOCS_ROOT))
