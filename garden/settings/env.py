"""Typed readers of environment variables. Junk is refused, `NAME_FILE` names a file that holds the value."""

import math
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}

SECRETS: dict[str, str | None] = {}
"""Which secrets were read, and from which file; None is the environment, which every child process inherits."""


def env_str(name: str, default: str | None = None) -> str:
    """The variable, else the content of the file that `{name}_FILE` names, else the default."""
    value, path = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if value is not None and path is not None:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: remove one of them.")
    if path is not None:
        value = _content(name, path)
    if value is None:
        value = default
    if value is None:
        raise ImproperlyConfigured(f"{name} must be set (or {name}_FILE must name a file that holds it).")
    return value


def env_secret(name: str, default: str | None = None) -> str:
    """What must never be printed. Where it was read from is noted in SECRETS, for `manage.py doctor`."""
    value = env_str(name, default)
    if name in os.environ or f"{name}_FILE" in os.environ:
        SECRETS[name] = os.environ.get(f"{name}_FILE")
    return value


def env_bool(name: str, default: bool) -> bool:
    value = env_str(name, str(default)).strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1/0, true/false, yes/no, on/off, not {value!r}.")


def env_int(name: str, default: int, minimum: int = 0) -> int:
    value = env_str(name, str(default))
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error
    if number < minimum:
        raise ImproperlyConfigured(f"{name} must be at least {minimum}, not {number}.")
    return number


def env_share(name: str, default: float) -> float:
    """A number from 0 to 1."""
    value = env_str(name, str(default))
    try:
        number = float(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a number from 0 to 1, not {value!r}.") from error
    if not 0 <= number <= 1:
        raise ImproperlyConfigured(f"{name} must be from 0 to 1, not {value}.")
    return number


def env_number(name: str, default: float, above: float | None = None) -> float:
    """A number of at least 0, or one `above` a bound; neither infinite nor NaN."""
    value = env_str(name, str(default))
    try:
        number = float(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}.") from error
    if not math.isfinite(number) or number < 0 or (above is not None and number <= above):
        bound = "at least 0" if above is None else f"above {above:g}"
        raise ImproperlyConfigured(f"{name} must be {bound}, not {value}.")
    return number


def env_list(name: str, default: str = "") -> list[str]:
    """A comma-separated variable; empty parts are dropped."""
    return [part.strip() for part in env_str(name, default).split(",") if part.strip()]


def env_numbers(name: str, most: int) -> dict[str, int]:
    """`word=number` pairs, comma-separated, each number whole and from 0 to `most`; empty parts are dropped."""
    found: dict[str, int] = {}
    for part in env_list(name):
        word, _, number = (side.strip() for side in part.partition("="))
        is_number = number.isascii() and number.isdecimal() and len(number) <= len(str(most))
        if not word or word in found or not is_number or int(number) > most:
            raise ImproperlyConfigured(f"{name} must be word=number, each word once, 0 to {most}, not {part!r}.")
        found[word] = int(number)
    return found


def env_choice(name: str, choices: tuple[str, ...], default: str) -> str:
    value = env_str(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def env_path(name: str, default: Path) -> Path:
    return Path(env_str(name, str(default))).expanduser()


def _content(name: str, path: str) -> str:
    """A file's text without the line end that editors and `echo` put behind it."""
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names {path!r}, which cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(f"{name}_FILE names {path!r}, which is not text in UTF-8.") from error
    if not value:
        raise ImproperlyConfigured(f"{name}_FILE names {path!r}, which is empty.")
    return value
