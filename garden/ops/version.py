"""Versions: of the program, its database, and the pages of kiosks and walls."""

import hashlib
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

STATIC_FILES = settings.BASE_DIR / "garden" / "static" / "garden"
WALL_WORKER = STATIC_FILES / "js" / "wall" / "worker.js"
WALL_LIBRARY = ("lib/heartbeat.js", "lib/http.js", "lib/page.js")
"""What the wall's scripts import: a wall has all of its files, or none."""
WALL_PAGE = settings.BASE_DIR / "templates" / "wall" / "wall.html"
OURS = ("garden", "recommend", "generation", "curation")


@cache
def project_version() -> str:
    """From pyproject.toml."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        version: str = tomllib.load(file)["project"]["version"]
    return version


@cache
def releases() -> dict[str, dict[str, str]]:
    """By version, oldest first: the newest migration of each app. Migrations are numbered in their order."""
    with (settings.BASE_DIR / "garden" / "releases.toml").open("rb") as file:
        return dict(tomllib.load(file))


def last_release() -> dict[str, str]:
    return list(releases().values())[-1]


@cache
def expected_migrations() -> dict[str, list[str]]:
    """Those that lie beside the code, in their order, by app. No migration is loaded for it."""
    folders = {app: Path(apps.get_app_config(app).path) / "migrations" for app in OURS}
    return {app: sorted(path.stem for path in folder.glob("[0-9]*.py")) for app, folder in folders.items()}


def applied_migrations() -> dict[str, list[str]]:
    """Those that the database has had, in their order, by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        if app in OURS:
            found.setdefault(app, []).append(name)
    return found


def describe_version() -> dict[str, Any]:
    """`schema`: the newest migration of each app that the database has; `pending`: those it lacks."""
    expected, applied = expected_migrations(), applied_migrations()
    return {
        "version": project_version(),
        "api": settings.SPECTACULAR_SETTINGS["VERSION"],
        "schema": {app: applied.get(app, [""])[-1] for app in expected},
        "pending": [
            f"{app}.{name}" for app, names in expected.items() for name in names if name not in applied.get(app, ())
        ],
    }


def wall_version() -> str:
    """Another one whenever a byte of the wall page, its scripts or its styles is another one."""
    sources = [*sorted(wall_files().values()), WALL_PAGE, WALL_WORKER]
    return _digest_of(tuple((path, path.stat().st_mtime_ns) for path in sources))


def wall_files() -> dict[str, Path]:
    """Scripts and styles of the wall page, by the name that they are served under."""
    scripts = [path for path in (STATIC_FILES / "js" / "wall").glob("*.js") if path != WALL_WORKER]
    others = [STATIC_FILES / name for name in (*WALL_LIBRARY, "css/moods.css", "css/wall.css")]
    return {path.relative_to(STATIC_FILES).as_posix(): path for path in (*scripts, *others)}


@lru_cache(maxsize=4)
def _digest_of(stamped: tuple[tuple[Path, int], ...]) -> str:
    digest = hashlib.sha256()
    for path, _changed in stamped:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def page_version() -> str:
    """The kiosk page's: the garden's version and a hash of its scripts and styles."""
    files = (path for path in STATIC_FILES.rglob("*") if path.suffix in {".js", ".css"})
    of_kiosks = sorted(path for path in files if STATIC_FILES / "js" / "wall" not in path.parents)
    return f"{project_version()}+{_digest_of(tuple((path, path.stat().st_mtime_ns) for path in of_kiosks))[:8]}"


def current_versions() -> dict[str, str]:
    """By kind of device; a change of the walls' files makes no kiosk old."""
    return {"kiosk": page_version(), "display": wall_version()}
