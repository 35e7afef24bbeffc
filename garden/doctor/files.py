"""Files: can pictures be kept and read again, is there room, were the pages' own files collected."""

import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from garden.doctor.base import Finding, failed, first_line, question, warning, well
from garden.seeing.static_files import uncollected

FOLDER = ".doctor"
"""Beside the folders of pictures."""
SCARCE_BYTES, SCARCE_SHARE = 1_000_000_000, 0.05


@question("storage")
def ask_storage() -> Iterator[Finding]:
    """Write, read, delete, with the site's own credentials."""
    key, content = f"{FOLDER}/{uuid.uuid4().hex}", b"Written by manage.py doctor; may be deleted."
    started = time.perf_counter()
    try:
        default_storage.save(key, ContentFile(content))
        with default_storage.open(key) as file:
            same = file.read() == content
        default_storage.delete(key)
        gone = not default_storage.exists(key)
    except Exception as error:  # Of any client of any storage.
        advice = "Check PICTURE_STORAGE, its credentials and their rights: list, get, put and delete."
        yield failed("storage", f"Pictures cannot be kept: {type(error).__name__}: {first_line(error)}", advice)
        return
    place = settings.STORAGES["default"]["BACKEND"].rpartition(".")[2]
    if same and gone:
        milliseconds = 1000 * (time.perf_counter() - started)
        yield well("storage", f"{place} writes, reads and deletes in {milliseconds:.0f} ms.")
    else:
        words = "What was written is not what is read." if not same else "What was deleted is still there."
        yield failed("storage", f"{place}: {words}", "Look for a cache or a versioned bucket before the storage.")


@question("disk")
def ask_disk() -> Iterator[Finding]:
    places = {"data": settings.DATA_DIR} | ({"pictures": Path(settings.MEDIA_ROOT)} if _is_on_disk() else {})
    seen: set[int] = set()
    for name, folder in places.items():
        there = next((path for path in (folder, *folder.parents) if path.exists()), Path("/"))
        if there.stat().st_dev not in seen:
            seen.add(there.stat().st_dev)
            yield _room(name, there)


@question("pages")
def ask_pages() -> Iterator[Finding]:
    if problem := uncollected(staticfiles_storage):
        yield failed("pages", problem, "manage.py collectstatic --noinput")
    else:
        yield well("pages", "The pages' scripts, styles and fonts are there.")


def _is_on_disk() -> bool:
    return hasattr(default_storage, "location") and Path(settings.MEDIA_ROOT).is_absolute()


def _room(name: str, folder: Path) -> Finding:
    usage = shutil.disk_usage(folder)
    words = f"{folder} ({name}) has {usage.free / 1e9:.1f} GB free of {usage.total / 1e9:.1f} GB."
    if usage.free < SCARCE_BYTES / 10:
        return failed("disk", words, "Make room now: without it neither database nor pictures can be written.")
    if usage.free < SCARCE_BYTES or usage.free < SCARCE_SHARE * usage.total:
        return warning("disk", words, "Make room soon, or move pictures to a bucket (PICTURE_STORAGE).")
    return well("disk", words)
