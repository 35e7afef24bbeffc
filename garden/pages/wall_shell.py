"""The page of a wall as one whole: its files under one version, so that old and new ones never meet."""

import hashlib
import json
import mimetypes
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from garden.pages.moods import MOODS

_SOURCES = Path(settings.BASE_DIR) / "garden" / "static" / "garden"
_SCRIPTS = _SOURCES / "js" / "wall"
_STYLES = ("moods.css", "wall.css")
_PAGE = Path(settings.BASE_DIR) / "templates" / "wall" / "wall.html"
_WORKER = _SCRIPTS / "worker.js"
_YEAR = 365 * 24 * 3600

Stamps = tuple[tuple[Path, int], ...]


def shell_version() -> str:
    """Another one whenever a byte of the page, its scripts or its styles is another one."""
    sources = [*sorted(_files().values()), _PAGE, _WORKER]
    return _version(tuple((path, path.stat().st_mtime_ns) for path in sources))


@lru_cache(maxsize=4)
def _version(stamps: Stamps) -> str:
    digest = hashlib.sha256()
    for path, _changed in stamps:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _files() -> dict[str, Path]:
    """By the name that they are served under."""
    scripts = {path.name: path for path in _SCRIPTS.glob("*.js") if path != _WORKER}
    return scripts | {name: _SOURCES / "css" / name for name in _STYLES}


@require_safe
def wall_file(request: HttpRequest, version: str, name: str) -> HttpResponse:
    path = _files().get(name)
    if path is None or version != shell_version():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type=mimetypes.types_map[path.suffix])
    patch_cache_control(response, public=True, immutable=True, max_age=_YEAR)
    return response


@never_cache
@require_safe
def wall_worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it changes with whatever it holds, which is how browsers learn of a new version."""
    version = shell_version()
    files = [reverse("wall-file", args=[version, name]) for name in sorted(_files())]
    shell = {"version": version, "files": [*files, *sorted({static(mood.glyph) for mood in MOODS})]}
    script = f"self.shell = {json.dumps(shell)};\n{_WORKER.read_text(encoding='utf-8')}"
    response = HttpResponse(script, content_type="text/javascript")
    response["Service-Worker-Allowed"] = reverse("wall-setup")
    return response
