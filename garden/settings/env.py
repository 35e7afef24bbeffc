"""Typed readers of environment variables. Junk is refused, `NAME_FILE` names a file that holds the value."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def env_str(name: str, default: str | None = None) -> str:
    """The variable, else the content of the file that `{name}_FILE` names, else the default."""
    value = os.environ.get(name)
    if value is None:
        value = _from_file(name)
    if value is None:
        value = default
    if value is None:
        raise ImproperlyConfigured(f"{name} must be set (or {name}_FILE must name a file that holds it).")
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


def env_list(name: str, default: str = "") -> list[str]:
    """A comma-separated variable; empty parts are dropped."""
    return [part.strip() for part in env_str(name, default).split(",") if part.strip()]


def env_choice(name: str, choices: tuple[str, ...], default: str) -> str:
    value = env_str(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def env_path(name: str, default: Path) -> Path:
    return Path(env_str(name, str(default))).expanduser()


def _from_file(name: str) -> str | None:
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names {path!r}, which cannot be read.") from error
