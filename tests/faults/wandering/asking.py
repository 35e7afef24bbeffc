"""Requests of a wanderer: some nearly right, none right for long."""

import json
import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.faults.wandering.addresses import Address
from tests.faults.wandering.learning import Fields, Form, Knowledge, body_of, parameters_of, resolved
from tests.faults.wandering.oddities import ELSEWHERE, LISTS, LOOKUPS, MARK, odd_file, odd_json, odd_text
from tests.faults.wandering.planted import Planted, columns_of, relations_of

JSON, FORM, BOUNDARY = "application/json", "application/x-www-form-urlencoded", "wandering"
FILES = f"multipart/form-data; boundary={BOUNDARY}"
READS = ("GET", "HEAD", "OPTIONS")
_METHODS = ("GET",) * 8 + ("POST",) * 10 + ("PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_KINDS = (JSON, FORM, FILES, "multipart/form-data", "text/plain", "", "application/json; charset=wanderer", "image/png")
_HEADERS = (
    {"Accept": "text/html"},
    {"Accept": "*/*; q=wanderer"},
    {"Accept": "application/json"},
    {"Accept-Language": "ko, \u00ff;q=9"},
    {"X-Forwarded-For": f"<{MARK}>, 1.1.1.1"},
    {"X-Requested-With": "XMLHttpRequest", "HX-Request": "true"},
    {"If-None-Match": f'"{MARK}", W/'},
    {"If-Modified-Since": "Thu, 99 Nov 99999 00:00:00 GMT"},
    {"Range": "bytes=-1-,9999999999999999999999-"},
    {"Referer": f"https://{ELSEWHERE}/<{MARK}>"},
    {"Authorization": "Token \u00ff"},
    {"Authorization": "Bearer a.b.c"},
    {"X-Api-Key": "a.b"},
)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    """With its query string, quoted."""
    content_type: str = ""
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Asker:
    """Asks differently with each number of `by`, and the same with the same."""

    by: random.Random
    planted: Planted
    known: Knowledge

    def plain(self, address: Address) -> Request:
        return Request("GET", self._path(address, oddly=0))

    def odd(self, address: Address) -> Request:
        method = self.by.choice(_METHODS)
        path = self._path(address, oddly=0.15) + self._query(address)
        headers = tuple(self.by.choice(_HEADERS).items()) if self.by.random() < 0.3 else ()
        if method in READS:
            return Request(method, path, headers=headers)
        return Request(method, path, *self._body(address, method), headers)

    def filled(self, form: Form, address: Address) -> Request:
        """A form that an answer brought, nearly as it is."""
        pairs = self._pairs(form.fields, odd=0.1)
        return Request("POST", _path_of(form.action), FILES, self._multipart(pairs, address))

    def _path(self, address: Address, oddly: float) -> str:
        written = (piece if isinstance(piece, str) else self._fill(address, piece, oddly) for piece in address.pieces)
        return "/" + "".join(written)

    def _fill(self, address: Address, hole: Any, oddly: float) -> str:
        if self.by.random() < oddly:
            return _quoted(odd_text(self.by), safe="/")
        right = self.planted.named(address.model) or self.planted.fitting(hole)
        return _quoted(self.by.choice(right) if right else odd_text(self.by), safe="/")

    def _query(self, address: Address) -> str:
        known = self.known.asked[address.route]
        pairs = self._pairs(known, odd=0.5) if known and self.by.random() < 0.6 else []
        names = [*parameters_of(address.skeleton), *known, *relations_of(address.model), *LISTS]
        pairs += [(self._name(names), self._value(known)) for _ in range(self.by.choice((0, 1, 1, 2, 3)))]
        return "?" + _encoded(pairs) if pairs else ""

    def _name(self, names: list[str]) -> str:
        name = self.by.choice(names) if self.by.random() < 0.9 else odd_text(self.by)
        return f"{name}__{self.by.choice(LOOKUPS)}" if self.by.random() < 0.3 else name

    def _value(self, known: Fields) -> str:
        values = [value for each in known.values() for value in each]
        return self.by.choice(values) if values and self.by.random() < 0.2 else odd_text(self.by)

    def _pairs(self, fields: Fields, odd: float) -> list[tuple[str, str]]:
        """One value a field; some left out, some sent twice, some replaced."""
        pairs = []
        for name, values in fields.items():
            for _ in range(self.by.choices((1, 0, 2), (18, 1, 1))[0]):
                value = odd_text(self.by) if self.by.random() < odd / 2 else self.by.choice(values)
                pairs.append((name, value))
        if pairs and self.by.random() < odd:
            at = self.by.randrange(len(pairs))
            pairs[at] = (pairs[at][0], odd_text(self.by))
        return pairs

    def _body(self, address: Address, method: str) -> tuple[str, bytes]:
        schema = body_of(address.skeleton, method)
        if self.by.random() < 0.05:
            return self.by.choice(_KINDS), self.by.choice((b"", b"\0", b"[" * 9_999, b"\xff", b"a=%ff&%zz", b"--\r\n"))
        if schema is not None and self.by.random() < 0.85:
            return JSON, json.dumps(self._json(schema, self.by.choice((0.0, 0.1, 0.3)))).encode()
        pairs = self._pairs(self.known.sent[address.route] or self.known.asked[address.route], odd=0.3)
        pairs += [(odd_text(self.by), odd_text(self.by))] if self.by.random() < 0.2 else []
        if self.by.random() < 0.5:
            return FORM, _encoded(pairs).encode()
        return FILES, self._multipart(pairs, address)

    def _json(self, schema: dict[str, Any], odd: float) -> Any:
        if self.by.random() < odd:
            return odd_json(self.by)
        schema = resolved(schema)
        either = schema.get("oneOf") or schema.get("anyOf")
        if either:
            return self._json(self.by.choice(either), odd)
        if schema.get("enum"):
            return self.by.choice(schema["enum"])
        return self._of_type(schema, odd)

    def _of_type(self, schema: dict[str, Any], odd: float) -> Any:
        kind = schema.get("type")
        if kind == "object":
            offered = schema.get("properties", {})
            needed = schema.get("required", [])
            chosen = [name for name in offered if name in needed or self.by.random() < 0.6]
            return {name: self._json(offered[name], odd) for name in chosen}
        if kind == "array":
            return [self._json(schema.get("items", {}), odd) for _ in range(self.by.randrange(4))]
        if kind in ("integer", "number"):
            return self.by.choice((schema.get("minimum", 0), schema.get("maximum", 9), 1, 2, 64))
        if kind == "boolean":
            return self.by.random() < 0.5
        return self._text(schema)

    def _text(self, schema: dict[str, Any]) -> str:
        words = self.planted.of_shape(schema.get("format", ""))
        return self.by.choice(words) if self.by.random() < 0.8 else odd_text(self.by)

    def _multipart(self, pairs: list[tuple[str, str]], address: Address) -> bytes:
        columns = columns_of(address.model)
        parts = [_part(name, value) for name, value in pairs]
        files = [name for name, _ in pairs if "file" in name] or (["file"] if self.by.random() < 0.2 else [])
        parts += [_file(name, *odd_file(self.by, columns)) for name in files]
        return b"".join((*parts, f"--{BOUNDARY}--\r\n".encode()))


def _quoted(text: str, safe: str = "") -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe=safe)


def _encoded(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def _path_of(address: str) -> str:
    return _quoted(address, safe="/%?&=+~!*'():;,@")


def _part(name: str, value: str) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return (head + value + "\r\n").encode("utf-8", "surrogatepass")


def _file(name: str, filename: str, content: bytes, kind: str) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
    return (head + f"Content-Type: {kind}\r\n\r\n").encode("utf-8", "surrogatepass") + content + b"\r\n"
