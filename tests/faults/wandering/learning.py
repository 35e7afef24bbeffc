"""Which fields an address takes: from forms and links of the pages that were seen, and from the OpenAPI document."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import Resolver404, resolve
from drf_spectacular.generators import SchemaGenerator

Fields = dict[str, list[str]]


@dataclass
class Form:
    action: str
    method: str
    fields: Fields = field(default_factory=lambda: defaultdict(list))


class Page(HTMLParser):
    """Forms and links of a page; a field without a form belongs to the last one."""

    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self._address = address
        self.forms = [Form(address, "GET")]
        self.links: list[str] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        reported = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self._address, reported.get("action", ""))
            self.forms.append(Form(action, reported.get("method", "get").upper()))
        elif tag == "a" and "href" in reported:
            self.links.append(urljoin(self._address, reported["href"]))
        elif tag in ("input", "textarea", "button", "select"):
            self._select = reported.get("name", "")
            self._take(self._select, reported.get("value", ""))
        elif tag == "option":
            self._take(self._select, reported.get("value", ""))

    def _take(self, name: str, value: str) -> None:
        if name and name != "csrfmiddlewaretoken":
            self.forms[-1].fields[name].append(value)


class Knowledge:
    """Grows with each page. Routes are as the resolver calls them."""

    def __init__(self) -> None:
        self.asked: dict[str, Fields] = defaultdict(lambda: defaultdict(list))
        self.sent: dict[str, Fields] = defaultdict(lambda: defaultdict(list))

    def learn(self, address: str, html: str) -> list[Form]:
        """Returns the forms that change something."""
        page = Page(address)
        page.feed(html)
        for link in page.links:
            self._add(self.asked, link, {name: [value] for name, value in _query(link)})
        for form in page.forms:
            self._add(self.asked if form.method == "GET" else self.sent, form.action, form.fields)
        return [form for form in page.forms if form.method == "POST"]

    @staticmethod
    def _add(known: dict[str, Fields], address: str, fields: Fields) -> None:
        try:
            route = resolve(urlsplit(address).path).route
        except (Resolver404, ValueError):
            return
        for name, values in fields.items():
            kept = known[route][name]
            kept += [value for value in values if value not in kept][: max(0, 20 - len(kept))]


def _query(link: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(link).query)
    except ValueError:
        return []


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    written: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return written


@lru_cache(maxsize=1)
def operations() -> dict[str, dict[str, Any]]:
    """Of each path of the document, its parameters' names without their place: what it offers by method."""
    return {re.sub(r"{[^}]*}", "{}", path): offered for path, offered in document()["paths"].items()}


def parameters_of(skeleton: str) -> list[str]:
    reported = [each for offer in operations().get(skeleton, {}).values() for each in offer.get("parameters", [])]
    return [each["name"] for each in reported if each["in"] == "query"]


def body_of(skeleton: str, method: str) -> dict[str, Any] | None:
    """The JSON schema of what the document lets somebody send there."""
    offer = operations().get(skeleton, {}).get(method.lower(), {})
    for content in offer.get("requestBody", {}).get("content", {}).values():
        schema: dict[str, Any] = content.get("schema", {})
        return schema
    return None


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema or "allOf" in schema:
        schema = schema["allOf"][0] if "allOf" in schema else _referred(schema["$ref"])
    return schema


def _referred(reference: str) -> dict[str, Any]:
    found: Any = document()
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    referred: dict[str, Any] = found
    return referred
