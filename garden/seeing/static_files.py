"""Whether the pages' own files were collected, where the site serves them collected."""

from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.exceptions import ImproperlyConfigured


def uncollected(storage: Any) -> str:
    """What is missing, in words; empty where nothing is, or where files are served from where they lie."""
    if not isinstance(storage, ManifestStaticFilesStorage):
        return ""
    if storage.read_manifest() is not None:
        return ""
    return f"The pages' scripts and styles were not collected in {Path(storage.location)}."


def refuse_uncollected() -> None:
    """Before the first visitor: every page would be an error. Raises ImproperlyConfigured."""
    from django.contrib.staticfiles.storage import staticfiles_storage

    if problem := uncollected(staticfiles_storage):
        raise ImproperlyConfigured(f"{problem} Run: manage.py collectstatic --noinput")
