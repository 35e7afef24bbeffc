"""Search of pictures by words of their prompt, favorite and key: a full-text index of the database keeps itself.

SQLite has an FTS5 table with triggers (https://sqlite.org/fts5.html), PostgreSQL a GIN index on an expression
(https://www.postgresql.org/docs/current/textsearch-tables.html).
"""

import re
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

_TERM = re.compile(r"[^\W_]+")
_WORDS = "{row}.key || ' ' || {row}.favorite || ' ' || {row}.prompt"
_VECTOR = "to_tsvector('simple', translate(key || ' ' || favorite || ' ' || prompt, '/_.,-', '     '))"
_NEW, _OLD = _WORDS.format(row="new"), _WORDS.format(row="old")
_DELETE = f"INSERT INTO curation_image_words(curation_image_words, rowid, words) VALUES ('delete', old.id, {_OLD});"  # noqa: S608  # Constants only, nothing from a request.
_INSERT = f"INSERT INTO curation_image_words(rowid, words) VALUES (new.id, {_NEW});"  # noqa: S608  # Constants only, nothing from a request.
_TABLE = "curation_image_words"
_SQLITE = (
    f"CREATE TRIGGER IF NOT EXISTS {_TABLE}_insert AFTER INSERT ON garden_image BEGIN {_INSERT} END",
    f"CREATE TRIGGER IF NOT EXISTS {_TABLE}_delete AFTER DELETE ON garden_image BEGIN {_DELETE} END",
    f"CREATE TRIGGER IF NOT EXISTS {_TABLE}_update AFTER UPDATE OF key, favorite, prompt ON garden_image "
    f"BEGIN {_DELETE} {_INSERT} END",
)


def matching(text: str) -> Any:
    """A condition on images: words that begin with each of the text's terms. Without a term nothing matches."""
    terms = _TERM.findall(text)
    if not terms:
        return Q(pk__in=[])
    if connection.vendor == "postgresql":
        query = " & ".join(f"'{term}':*" for term in terms)
        return RawSQL(f"{_VECTOR} @@ to_tsquery('simple', %s)", [query], output_field=BooleanField())  # noqa: S611  # What is searched for is a parameter.
    query = " ".join(f'"{term}"*' for term in terms)
    return Q(pk__in=RawSQL(f"SELECT rowid FROM {_TABLE} WHERE {_TABLE} MATCH %s", [query]))  # noqa: S608, S611  # What is searched for is a parameter.


def ensure_index(connection: BaseDatabaseWrapper) -> None:
    """Create the index where it is missing, and fill it. Idempotent; runs after each `migrate`."""
    tables = connection.introspection.table_names()
    if "garden_image" not in tables:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {_TABLE} ON garden_image USING gin (({_VECTOR}))")
            return
        if _TABLE not in tables:
            tokens = "unicode61 remove_diacritics 0"
            cursor.execute(f"CREATE VIRTUAL TABLE {_TABLE} USING fts5(words, content='', tokenize='{tokens}')")
            words = _WORDS.format(row="garden_image")
            cursor.execute(f"INSERT INTO {_TABLE}(rowid, words) SELECT id, {words} FROM garden_image")  # noqa: S608  # Constants only, nothing from a request.
        # A migration that rebuilds the table drops its triggers.
        for trigger in _SQLITE:
            cursor.execute(trigger)
