"""One shape for every role: `{"BACKEND": dotted path, "OPTIONS": {…}}`, options strict and typed."""

import dataclasses
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

from django.core.checks import CheckMessage, Error
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from garden.errors import MisconfiguredError

Role = TypeVar("Role")


def build_backend(setting: str, entry: Mapping[str, Any], role: type[Role], **defaults: Any) -> Role:
    """Make the backend that a settings entry names; `defaults` are options the entry may override.

    Raises MisconfiguredError when the class cannot be imported, is not of the role, or an option is unknown or of
    another type.
    """
    backend = _backend_class(setting, entry, role)
    options = {**defaults, **entry.get("OPTIONS", {})}
    known = [option.name for option in dataclasses.fields(backend) if option.init]  # type: ignore[arg-type]
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise MisconfiguredError(f"{setting}: unknown options {', '.join(unknown)}; known are {', '.join(known)}.")
    for option in dataclasses.fields(backend):  # type: ignore[arg-type]
        if option.name in entry.get("OPTIONS", {}):
            options[option.name] = _typed(setting, option, entry["OPTIONS"][option.name])
    return backend(**options)


def check_backend(setting: str, entry: Mapping[str, Any], role: type[Any], **defaults: Any) -> list[CheckMessage]:
    """A system check of a settings entry."""
    try:
        build_backend(setting, entry, role, **defaults)
    except MisconfiguredError as error:
        return [Error(error.detail, id=f"garden.{setting.lower()}")]
    return []


def forget_on_change(forget: Callable[[], object], *names: str) -> None:
    """Call `forget` when one of these settings changes, as in tests: what was built with it is outdated."""

    def receive(*, setting: str, **kwargs: Any) -> None:
        if setting in names:
            forget()

    setting_changed.connect(receive, weak=False)


def _backend_class(setting: str, entry: Mapping[str, Any], role: type[Role]) -> type[Role]:
    path = entry.get("BACKEND", "")
    try:
        backend = import_string(path)
    except ImportError as error:
        raise MisconfiguredError(f"{setting}: BACKEND {path!r} cannot be imported ({error}).") from error
    if not (isinstance(backend, type) and issubclass(backend, role)):
        raise MisconfiguredError(f"{setting}: BACKEND {path!r} is not a {role.__name__}.")
    return backend


def _typed(setting: str, option: dataclasses.Field[Any], value: Any) -> Any:
    """Options may come as JSON from the environment; other types than those of JSON are the backend's own to check."""
    if option.type is Path and isinstance(value, str):
        return Path(value)
    rules: dict[Any, str] = {bool: "true or false", int: "a whole number", float: "a finite number", str: "text"}
    if get_origin(option.type) is Literal:
        words = get_args(option.type)
        fits, rule = value in words, f"one of {', '.join(words)}"
    elif option.type is float:
        fits, rule = type(value) in (int, float) and math.isfinite(value), rules[float]
    else:
        fits, rule = option.type not in rules or type(value) is option.type, rules.get(option.type, "")
    if not fits:
        raise MisconfiguredError(f"{setting}: {option.name} must be {rule}, not {value!r}.")
    return value
