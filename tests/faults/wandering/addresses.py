"""Every address of the garden, from its urls: what is written there, and the holes that an asker fills."""

import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.regex_helper import normalize

_CONVERTED = re.compile(r"<(?:(?P<converter>[^:>]+):)?(?P<name>[^>]+)>")


@dataclass(frozen=True)
class Hole:
    """A part of a path that differs from row to row; `regex` is what fits."""

    name: str
    regex: str

    def takes(self, value: str) -> bool:
        return re.fullmatch(self.regex, value) is not None


@dataclass(frozen=True)
class Address:
    """`route` is what Django's resolver calls it; `pieces` are the words and holes of its path."""

    route: str
    pieces: tuple[str | Hole, ...]
    view: Any

    @property
    def holes(self) -> list[Hole]:
        return [piece for piece in self.pieces if isinstance(piece, Hole)]

    @property
    def model(self) -> type[Model] | None:
        """Of an admin page."""
        keeper = getattr(self.view, "model_admin", None) or getattr(inspect.unwrap(self.view), "__self__", None)
        return keeper.model if isinstance(keeper, ModelAdmin) else None

    @property
    def skeleton(self) -> str:
        """As a path of the OpenAPI document, without the names of its parameters."""
        return "/" + "".join("{}" if isinstance(piece, Hole) else piece for piece in self.pieces)


@lru_cache(maxsize=1)
def every_address() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "", ()))


def some_addresses() -> list[Address]:
    """Every page of our own, and of each model in the admin its list and one other: the same views serve all models."""
    of_models: dict[type[Model], list[Address]] = defaultdict(list)
    some = []
    for address in every_address():
        if address.model is None:
            some.append(address)
        else:
            of_models[address.model].append(address)
    for number, pages in enumerate(of_models.values()):
        first, *others = sorted(pages, key=lambda page: len(page.route))
        some += [first, others[number % len(others)]]
    return some


def _walk(found: list[Any], route: str, pieces: tuple[str | Hole, ...]) -> Iterator[Address]:
    for each in found:
        here = route + str(each.pattern)
        for own in _pieces(each):
            if isinstance(each, URLResolver):
                yield from _walk(each.url_patterns, here, pieces + own)
            else:
                yield Address(here, pieces + own, each.callback)


def _pieces(each: URLPattern | URLResolver) -> list[tuple[str | Hole, ...]]:
    pattern: Any = each.pattern
    if isinstance(pattern, RoutePattern):
        return [_split(str(pattern), {name: known.regex for name, known in pattern.converters.items()}, _CONVERTED)]
    regex = pattern.regex.pattern
    return [_split(*_normalized(regex, *way)) for way in normalize(regex)]


def _normalized(regex: str, template: str, names: list[str]) -> tuple[str, dict[str, str], re.Pattern[str]]:
    return template, {name: _group(regex, name) for name in names}, re.compile(r"%\((?P<name>[^)]+)\)s")


def _group(regex: str, name: str) -> str:
    """What stands in the parentheses of a named group: ours nest none."""
    found = re.search(rf"\(\?P<{name}>((?:[^()\[\]]|\[[^\]]*\])*)\)", regex)
    return found[1] if found else ".+"


def _split(template: str, regexes: dict[str, str], hole: re.Pattern[str]) -> tuple[str | Hole, ...]:
    pieces: list[str | Hole] = []
    end = 0
    for found in hole.finditer(template):
        pieces += [template[end : found.start()], Hole(found["name"], regexes[found["name"]])]
        end = found.end()
    return tuple(piece for piece in (*pieces, template[end:]) if piece)
