"""Results of a batch as files of a folder, or as pictures of the pool. Given out again, nothing changes."""

import os
import tempfile
import time
from pathlib import Path

from tqdm import tqdm

from curation.batches.asked import POOL, Asked
from curation.services.retouching import publish_version
from garden.errors import GardenError
from generation.models import RetouchBatch, Version
from generation.retouch.batch.reporting import items_of
from generation.retouch.pixels import encode_shown
from generation.retouch.versions import compose

DRAFT = ".draft-"
FORGOTTEN = 3600.0
"""Seconds after which nobody writes a draft any more: whoever began it was killed."""


def give_out(batch: RetouchBatch, asked: Asked) -> list[str]:
    """Every finished picture of it to where it shall go; sentences about those that could not."""
    if not asked.into:
        return []
    if asked.into != POOL:
        _sweep(Path(asked.into))
    missed = []
    made = items_of(batch).filter(version__done_at__isnull=False)
    for item in tqdm(made.iterator(chunk_size=100), total=made.count(), unit=" files", desc="given out", disable=None):
        version = Version.objects.select_related("canvas", "canvas__image", "image").get(batch_items=item)
        try:
            _give(version, item.name, asked)
        except (GardenError, OSError) as error:
            missed.append(f"{item.name}: {error}")
    return missed


def _sweep(folder: Path) -> None:
    """Drafts of a command that was killed while it wrote them."""
    for draft in folder.rglob(f"{DRAFT}*"):
        if draft.stat().st_mtime < time.time() - FORGOTTEN:
            draft.unlink(missing_ok=True)


def _give(version: Version, name: str, asked: Asked) -> None:
    if asked.into != POOL:
        write_whole(asked.file_of(name), encode_shown(compose(version), asked.file_type))
    elif version.image is None and asked.by is not None:
        publish_version(version=version, by=asked.by, emotion=asked.emotion, favorite=asked.favorite)


def write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing, whenever the process dies; what lay there is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=DRAFT)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
