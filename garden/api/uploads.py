"""Multipart uploads that never touch the disk."""

from typing import IO, Any

from django.core.files.uploadhandler import MemoryFileUploadHandler

from garden.api.parsers import refuse_too_many_bytes


class MemoryOnlyUploadHandler(MemoryFileUploadHandler):
    """Django's handler spools large files to a temporary file; this one refuses them."""

    received = 0

    def handle_raw_input(self, input_data: IO[bytes], META: Any, content_length: int, *args: Any) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        refuse_too_many_bytes(self.received)
        return super().receive_data_chunk(raw_data, start)
