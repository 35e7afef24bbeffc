"""Workbooks that unpack to far more than they are, and files that are none."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from garden.admin.base import MAX_WORKBOOK_BYTES
from garden.models import Kiosk

pytestmark = pytest.mark.django_db
SHEET = "xl/worksheets/sheet1.xml"


def bomb(size: int = 4 * MAX_WORKBOOK_BYTES) -> bytes:
    """A workbook of kilobytes that unpacks to hundreds of megabytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        with file.open(SHEET, "w", force_zip64=True) as sheet:
            for _ in range(size // 2**20):
                sheet.write(b" " * 2**20)
    return stream.getvalue()


def laughing() -> bytes:
    """Entities within entities."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        file.writestr("[Content_Types].xml", f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><Types>&e9;</Types>')
    return stream.getvalue()


def upload(client: Client, content: bytes, which: int = 1) -> str:
    file = SimpleUploadedFile("kiosks.xlsx" if which else "kiosks.csv", content)
    answer = client.post("/admin/garden/kiosk/import/", {"import_file": file, "format": which})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"no workbook", bomb(), laughing()],
    ids=["empty", "cut off", "text", "bomb", "entities"],
)
def test_a_workbook_that_is_none_is_refused_in_words(admin_client: Client, content: bytes) -> None:
    assert "errorlist" in upload(admin_client, content)
    assert not Kiosk.objects.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x00", b'"' * 10_000, b"\x00" * 1_000, b"name\n" + b"\x80\x81\n"])
def test_a_table_that_is_none_is_refused_in_words(admin_client: Client, content: bytes) -> None:
    assert upload(admin_client, content, which=0)
    assert not Kiosk.objects.exists()
