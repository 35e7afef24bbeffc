"""Pictures on this machine's disk, written whole or not at all."""

import uuid
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class AtomicFileSystemStorage(FileSystemStorage):
    """Like S3: saving under a taken name replaces the file in one step, and no reader meets half of one."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        part = super()._save(f"{name}.{uuid.uuid4().hex}.part", content)  # type: ignore[misc]
        Path(self.path(part)).replace(self.path(name))
        return name
