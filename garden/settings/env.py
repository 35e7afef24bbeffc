"""Typed readers of environment variables; each call declares its variable for docs/reference/settings.md.

A malformed value raises ImproperlyConfigured, which names the variable and the rule, and never the value of a secret.
`NAME_FILE` names a file that holds the value of any variable.
"""

import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured

Value = TypeVar("Value")

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Variable:
    """A row of the reference. `takes` is the rule that values follow; a `default` of None means that it must be set."""

    name: str
    takes: str
    default: str | None
    meaning: str
    section: str
    secret: bool = False


VARIABLES: dict[str, Variable] = {}
"""What was read so far, in the order of reading."""
SECRETS: dict[str, str | None] = {}
"""The secrets that are set: the file each was read from, or None for the environment, which child processes inherit."""
_section = ""


def section(title: str) -> None:
    """The variables that follow belong to this section of the reference."""
    global _section
    _section = title


def text(name: str, default: str | None, meaning: str, takes: str = "text", *, secret: bool = False) -> str:
    value = _read(name)
    VARIABLES[name] = Variable(name, takes, default, meaning, _section, secret)
    if secret and value is not None:
        SECRETS[name] = os.environ.get(f"{name}_FILE")
    if value is None:
        value = default
    if value is None:
        raise ImproperlyConfigured(f"{name} must be set (or {name}_FILE must name a file that holds it).")
    return value


def boolean(name: str, default: bool, meaning: str) -> bool:
    value = text(name, str(int(default)), meaning, "1 or 0").strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1/0, true/false, yes/no, on/off, not {value!r}.")


def integer(name: str, default: int, meaning: str, *, minimum: int = 0) -> int:
    value = text(name, str(default), meaning, f"whole number, at least {minimum}")
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error
    if number < minimum:
        raise ImproperlyConfigured(f"{name} must be at least {minimum}, not {number}.")
    return number


def share(name: str, default: float, meaning: str) -> float:
    value = text(name, str(default), meaning, "number from 0 to 1")
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 1:
        raise ImproperlyConfigured(f"{name} must be a number from 0 to 1, not {value!r}.")
    return number


def choice(name: str, choices: tuple[str, ...], default: str, meaning: str) -> str:
    value = text(name, default, meaning, " or ".join(f"`{each}`" for each in choices))
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def strings(name: str, default: str | None, meaning: str) -> list[str]:
    """A comma-separated variable; empty parts are dropped."""
    value = text(name, default, meaning, "list")
    return [part.strip() for part in value.split(",") if part.strip()]


def path(name: str, default: Path, meaning: str) -> Path:
    return Path(text(name, str(default), meaning, "path")).expanduser()


def pairs(
    name: str,
    default: Mapping[str, Value],
    meaning: str,
    *,
    parse: Callable[[str], Value],
    rule: str,
    known: Sequence[str],
) -> dict[str, Value]:
    """`word=value,word=value` over the defaults. `parse` raises ValueError; `known` names the words, empty for any."""
    shown = ",".join(f"{word}={value}" for word, value in default.items())
    given = text(name, shown, meaning, f"`word=value` pairs, each value {rule}")
    found: dict[str, Value] = {}
    for part in filter(None, (each.strip() for each in given.split(","))):
        word, _, value = (side.strip() for side in part.partition("="))
        if not word or word in found:
            raise ImproperlyConfigured(f"{name} must be word=value pairs, each word once, not {part!r}.")
        if known and word not in known:
            raise ImproperlyConfigured(f"{name} knows {', '.join(known)}, not {word!r}.")
        try:
            found[word] = parse(value)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {word} must be {rule}, not {value!r}.") from error
    return {**default, **found}


def price(value: str) -> Decimal:
    """Raises ValueError for what is no amount of money."""
    try:
        found = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(value) from error
    if not found.is_finite() or found < 0:
        raise ValueError(value)
    return found


def backend(name: str, default: str, meaning: str) -> dict[str, Any]:
    """An entry as in Django's STORAGES: a dotted path, or JSON with BACKEND and OPTIONS."""
    value = text(name, default, meaning, 'dotted path, or JSON: `{"BACKEND": …, "OPTIONS": {…}}`').strip()
    if not value.startswith("{"):
        return {"BACKEND": value, "OPTIONS": {}}
    entry = _object(name, value)
    if not set(entry) <= {"BACKEND", "OPTIONS"} or not isinstance(entry.get("BACKEND"), str):
        raise ImproperlyConfigured(f'{name} must be a dotted path or {{"BACKEND": "…", "OPTIONS": {{…}}}}.')
    if not isinstance(entry.setdefault("OPTIONS", {}), dict):
        raise ImproperlyConfigured(f"{name}: OPTIONS must be an object.")
    return entry


def options(name: str, meaning: str, *, known: Sequence[str] = ()) -> dict[str, Any]:
    """A JSON object, empty where nothing is set: texts under `known` keys, or options that their backend checks."""
    keys = f" with {', '.join(f'`{key}`' for key in known)}" if known else ""
    value = text(name, "", meaning, f"JSON object{keys}")
    found = _object(name, value) if value else {}
    for key, each in found.items() if known else ():
        if key not in known:
            raise ImproperlyConfigured(f"{name} knows {', '.join(known)}, not {key!r}.")
        if not isinstance(each, str):
            raise ImproperlyConfigured(f"{name}: {key} must be text, not {each!r}.")
    return found


def _object(name: str, value: str) -> dict[str, Any]:
    try:
        found = json.loads(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a JSON object: {error}.") from error
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"{name} must be a JSON object, not {value!r}.")
    return found


def _read(name: str) -> str | None:
    value, file = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if file is None:
        return value
    if value is not None:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: remove one of them.")
    return _content(name, file)


def _content(name: str, file: str) -> str:
    """A file's text without the line end that editors and `echo` put behind it."""
    try:
        value = Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names {file!r}, which cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(f"{name}_FILE names {file!r}, which is not text in UTF-8.") from error
    if not value:
        raise ImproperlyConfigured(f"{name}_FILE names {file!r}, which is empty.")
    return value
