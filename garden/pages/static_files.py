"""Static files: those of npm packages that pages need, and modules that browsers keep for good."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_RELATIVE = r'"(?P<url>\.\.?/[^"]+\.js)"'
_IMPORTS = (
    (rf"(?m)^(?P<matched>(?P<before>(?:import\b|export\b|\}})[^\"\n]*){_RELATIVE};)$", '%(before)s"%(url)s";'),
    (rf"(?P<matched>(?P<before>(?:return|await|=>|=) import\(){_RELATIVE}\))", '%(before)s"%(url)s")'),
    (rf"(?P<matched>(?P<before>new URL\(){_RELATIVE}, import\.meta\.url\))", '%(before)s"%(url)s", import.meta.url)'),
)
"""As biome writes them; types in comments are none."""


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Modules too import each other by the name with their hash. Django's own patterns also take types in comments."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("*.js", _IMPORTS))
    max_post_process_passes = 30
    """A module's hash is that of what it imports, and so on."""


class PackageFilesFinder(BaseFinder):
    """Finds what STATICFILES_PACKAGES names: `{served folder: (package folder, file names)}`."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(source) for name, source in _package_files() if name == path and source.is_file()]
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for name, source in _package_files():
            if source.is_file():
                storage = FileSystemStorage(location=source.parent)
                storage.prefix = name.rpartition("/")[0]  # type: ignore[attr-defined]
                yield source.name, storage


def _package_files() -> Iterator[tuple[str, Path]]:
    for folder, (package, names) in settings.STATICFILES_PACKAGES.items():
        for name in names:
            yield f"{folder}/{name}", Path(package) / name
