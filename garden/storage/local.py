"""Pictures on this machine's disk, written whole or not at all."""

import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage

INCOMING = ".incoming"


class AtomicFileSystemStorage(FileSystemStorage):
    """Like S3: saving under a taken name replaces the file in one step, and no reader meets half of one."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        part = Path(self.path(super()._save(f"{INCOMING}/{uuid.uuid4().hex}", content)))  # type: ignore[misc]
        whole = Path(self.path(name))
        whole.parent.mkdir(parents=True, exist_ok=True)
        part.replace(whole)
        return name

    def discard_abandoned(self, age: timedelta) -> int:
        """Remove what a killed process was writing longer ago than `age`; returns how many files."""
        oldest = time.time() - age.total_seconds()
        parts = [part for part in Path(self.path(INCOMING)).glob("*") if part.stat().st_mtime < oldest]
        for part in parts:
            part.unlink(missing_ok=True)
        return len(parts)
