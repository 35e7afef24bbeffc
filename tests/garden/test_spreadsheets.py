"""Lists of the admin as spreadsheets: exported, imported, and harmless, whatever their cells hold."""

import csv
import io
import zipfile
from typing import Any

import pytest
import tablib
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from garden.admin import base
from garden.admin.base import MAX_WORKBOOK_BYTES
from garden.csv_escaping import defuse, restore
from garden.models import Kiosk
from tests.support.factories import ImageFactory, KioskFactory, VisitorFactory


def export(client: Client, page: str, fields: list[str], file_format: int = 0) -> Any:
    chosen = {"format": file_format, **{f"{page.rpartition('/')[2]}resource_{field}": "on" for field in fields}}
    return client.post(f"/admin/{page}/export/", chosen)


def upload(client: Client, text: str) -> Any:
    file = SimpleUploadedFile("kiosks.csv", text.encode(), "text/csv")
    return client.post("/admin/garden/kiosk/import/", {"import_file": file, "format": 0})


def confirm(client: Client, preview: Any) -> Any:
    return client.post("/admin/garden/kiosk/process_import/", preview.context["confirm_form"].initial)


@pytest.mark.django_db
def test_it_exports_a_list_as_it_is_filtered(admin_client: Client) -> None:
    ImageFactory.create(key="emotions/calm/a_h.jpeg")
    ImageFactory.create(key="emotions/happy/b_h.jpeg")
    page = admin_client.get("/admin/garden/image/export/", {"emotion__exact": "calm"})
    assert page.status_code == 200
    answer = admin_client.post(
        "/admin/garden/image/export/?emotion__exact=calm",
        {"format": 0, "imageresource_key": "on", "imageresource_emotion": "on"},
    )
    rows = tablib.Dataset().load(answer.content.decode(), format="csv")
    assert rows.dict == [{"key": "emotions/calm/a_h.jpeg", "emotion": "calm"}]


@pytest.mark.django_db
def test_it_exports_tables_and_workbooks_whose_cells_are_harmless(admin_client: Client) -> None:
    VisitorFactory.create(id="=1+1")
    ImageFactory.create(prompt="a\x0bb")
    assert "'=1+1" in export(admin_client, "garden/visitor", ["id"]).content.decode()
    for page, field, cell in (("visitor", "id", "'=1+1"), ("image", "prompt", "a\N{REPLACEMENT CHARACTER}b")):
        answer = export(admin_client, f"garden/{page}", [field], file_format=1)
        rows = tablib.Dataset().load(io.BytesIO(answer.content).read(), format="xlsx")
        assert rows[field] == [cell]


@pytest.mark.django_db
def test_it_refuses_a_download_that_would_fill_the_memory(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "MAX_ROWS", 2)
    KioskFactory.create_batch(3)
    answer = admin_client.post("/admin/garden/kiosk/export/", {"format": 0}, follow=True)
    assert "More than 2 rows" in answer.content.decode()


@pytest.mark.django_db
def test_it_imports_kiosks_by_name_after_showing_what_would_change(admin_client: Client) -> None:
    KioskFactory.create(name="Lobby", place="ground floor")
    preview = upload(admin_client, "name,place,is_active\nLobby,first floor,1\n'=Café,roof,0\n")
    assert Kiosk.objects.get().place == "ground floor"
    confirm(admin_client, preview)
    assert list(Kiosk.objects.order_by("place").values_list("name", "place", "is_active")) == [
        ("Lobby", "first floor", True),
        ("=Café", "roof", False),
    ]


@pytest.mark.django_db
def test_it_imports_nothing_when_one_row_is_wrong(admin_client: Client) -> None:
    preview = upload(admin_client, f"name,place,is_active\nLobby,first floor,1\n{'x' * 101},roof,1\n")
    assert "confirm_form" not in preview.context
    assert not Kiosk.objects.exists()


@pytest.mark.django_db
def test_it_lets_only_those_export_who_may_look(client: Client) -> None:
    staff = User.objects.create_user("ann", is_staff=True)
    client.force_login(staff)
    assert client.get("/admin/garden/visitor/export/").status_code == 403
    staff.user_permissions.add(Permission.objects.get(codename="view_visitor"))
    assert client.get("/admin/garden/visitor/export/").status_code == 200
    assert client.get("/admin/garden/kiosk/import/").status_code == 403


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


def import_page(client: Client, content: bytes, which: int = 1) -> str:
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
    assert "errorlist" in import_page(admin_client, content)
    assert not Kiosk.objects.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x00", b'"' * 10_000, b"name\n" + b"\x80\x81\n"])
def test_a_table_that_is_none_is_refused_in_words(admin_client: Client, content: bytes) -> None:
    assert import_page(admin_client, content, which=0)
    assert not Kiosk.objects.exists()


SIGNS = "=+-@\t\r\n＝＋－＠'"
WORDS = st.text() | st.text(alphabet=SIGNS + 'aA1|,"') | st.from_regex(r"'{0,3}[=+\-@].*", fullmatch=True)


@given(WORDS)
def test_reading_gives_back_what_was_written(text: str) -> None:
    assert restore(defuse(text)) == text


@given(WORDS)
def test_no_cell_is_a_formula(text: str) -> None:
    assert not defuse(text)[:1] or defuse(text)[0] not in SIGNS.replace("'", "")


@given(WORDS.filter(lambda text: "\0" not in text))
def test_it_survives_csv(text: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([defuse(text), "end"])
    stream.seek(0)
    (row,) = csv.reader(stream, strict=True)
    assert (restore(row[0]), row[1]) == (text, "end")


@pytest.mark.parametrize("text", ["", "emotions/calm/img_1h.jpeg", "'quoted'", "a=b", "'", "''a"])
def test_what_is_no_formula_is_left_as_it_is(text: str) -> None:
    assert defuse(text) == restore(text) == text
