"""What a workbook would unpack to, read from its directory alone."""

import io
import zipfile

MOST_BYTES = 100 * 2**20
MOST_PARTS = 1_000


def refuse_bombs(content: bytes) -> None:
    """Raises ValueError for a workbook that is none, or that unpacks to more than `MOST_BYTES`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as workbook:
            parts = workbook.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ValueError("This is not an XLSX workbook.") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise ValueError(f"This workbook unpacks to more than {MOST_BYTES // 2**20} MB.")
