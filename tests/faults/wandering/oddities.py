"""What nobody's browser sends: in paths, query strings, forms, JSON and files."""

import io
import random
import zipfile
from typing import Any

MARK = "wanderer"
"""A tag or attribute of this name in a page is markup that came from a request."""
ELSEWHERE = "elsewhere.example"
ECHOES = (
    f"<{MARK} on{MARK}=1>",
    f"\"'><{MARK}>",
    f"' on{MARK}='1",
    f'" on{MARK}="1',
    f" on{MARK}=1 ",
    f"</script><{MARK}>",
    f"--></title></textarea><{MARK}>",
    "javascript:alert(1)",
    f"//{ELSEWHERE}/",
    f"https://{ELSEWHERE}/",
    f"/\\{ELSEWHERE}",
    "{{ 7|add:7 }}{% now %}",
)
TEXTS = (
    *ECHOES,
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\U0010ffff",
    "\u202e",
    "\r\nSet-Cookie: a=b",
    "..",
    "../../etc/passwd",
    "%",
    "%00",
    "%%s%s%(x)s",
    "'",
    "' OR 1=1 --",
    "\\",
    "*" * 5_000,
    "[",
    "{}",
    "[]",
    '{"a": 1}',
    "null",
    "None",
    "__all__",
    "on",
    "true",
    "-1",
    "0",
    "1",
    "1.5",
    "1e999",
    "NaN",
    "Infinity",
    "-0",
    "٣",
    "²",
    "1_000",
    "+1",
    "0x10",
    str(2**31),
    str(2**63),
    str(-(2**63) - 1),
    "9" * 400,
    "9" * 5_000,
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59.999999+00:00",
    "0001-01-01T00:00:00+14:00",
    "2026-02-30",
    "2026-13",
    "24:61",
    "00000000-0000-0000-0000-000000000000",
    "{00000000-0000-0000-0000-000000000000}",
    "calm",
    "calm/cat",
    "a,b,,c",
    ",",
    "1,2,x",
    "id",
    "-id",
    "--id",
    "pk",
    "name__startswith",
)
LOOKUPS = (
    "exact",
    "iexact",
    "in",
    "isnull",
    "gte",
    "lt",
    "range",
    "regex",
    "iregex",
    "contains",
    "year",
    "date",
    "week_day",
    "has_key",
    "contained_by",
    "0",
    "id",
    "pk",
    "password",
    "user",
    "by__password__startswith",
    "nothing",
    "",
)
LISTS = ("q", "p", "o", "all", "e", "_popup", "_to_field", "_changelist_filters", "next", "format", "action")
NUMBERS = (0, -1, 1, 2, 1.5, 1e308, -1e308, 2**31, 2**63, -(2**63) - 1, 10**400, float("nan"), float("inf"))


def odd_text(by: random.Random) -> str:
    if by.random() < 0.15:
        return "".join(chr(by.choice((by.randrange(0x80), by.randrange(0x110000)))) for _ in range(by.randrange(1, 9)))
    return by.choice(TEXTS)


def odd_json(by: random.Random, depth: int = 0) -> Any:
    kind = by.randrange(8 if depth < 3 else 6)
    if kind < 3:
        return odd_text(by)
    if kind == 3:
        return by.choice(NUMBERS)
    if kind < 6:
        return by.choice((None, True, False))
    if kind == 6:
        return [odd_json(by, depth + 1) for _ in range(by.randrange(4))]
    return {odd_text(by): odd_json(by, depth + 1) for _ in range(by.randrange(4))}


def odd_file(by: random.Random, columns: list[str]) -> tuple[str, bytes, str]:
    """A name, what is in it, and what it is said to be."""
    name = by.choice(("a.csv", "a.json", "a.xlsx", "a.png", "../a.csv", "", f"<{MARK}>.csv", "a" * 300, "a\0.csv"))
    kind = by.choice(("text/csv", "application/json", "image/png", "text/html", "", "a/b; charset=wanderer"))
    return name, _content(by, columns), kind


def _content(by: random.Random, columns: list[str]) -> bytes:
    return by.choice((_sheet, _sheet, _archive, _bytes, _rows))(by, columns)


def _sheet(by: random.Random, columns: list[str]) -> bytes:
    heads = [*by.sample(columns, by.randrange(len(columns) + 1)), *by.choices((odd_text(by), "id"), k=by.randrange(2))]
    lines = [heads, *([odd_text(by) for _ in range(by.randrange(len(heads) + 2))] for _ in range(by.randrange(4)))]
    quoted = (",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    return "\n".join(quoted).encode("utf-8", "surrogatepass")


def _archive(by: random.Random, columns: list[str]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name in by.sample(("xl/workbook.xml", "[Content_Types].xml", "../a", "mimetype"), by.randrange(4)):
            file.writestr(
                name, by.choice((b"", b"<a", b"<a/>", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'))
            )
    return archive.getvalue()[: by.choice((None, -1, 20))]


def _bytes(by: random.Random, columns: list[str]) -> bytes:
    return by.choice((b"", b"\0", b"\xff\xfe", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", by.randbytes(200)))


def _rows(by: random.Random, columns: list[str]) -> bytes:
    return by.choice((b"[]", b"{}", b"[[1]]", b"null", b'[{"id": {}}]', b"[" * 3_000, b'[{"id": 1e999, "name": []}]'))
