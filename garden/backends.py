"""One shape for every role: `{"BACKEND": dotted path, "OPTIONS": {…}}`, options strict and typed."""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

from garden.errors import MisconfiguredError

Role = TypeVar("Role")


def build_backend(setting: str, entry: Mapping[str, Any], role: type[Role], **defaults: Any) -> Role:
    """Make the backend that a settings entry names; `defaults` are options the entry may override.

    Raises MisconfiguredError when the class cannot be imported, is not of the role, or an option is unknown.
    """
    backend = _backend_class(setting, entry, role)
    options = {**defaults, **entry.get("OPTIONS", {})}
    known = [option.name for option in dataclasses.fields(backend) if option.init]  # type: ignore[arg-type]
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise MisconfiguredError(f"{setting}: unknown options {', '.join(unknown)}; known are {', '.join(known)}.")
    return backend(**options)


def check_backend(setting: str, entry: Mapping[str, Any], role: type[Any], **defaults: Any) -> list[CheckMessage]:
    """A system check that says what is wrong with a settings entry, in its own words."""
    try:
        build_backend(setting, entry, role, **defaults)
    except MisconfiguredError as error:
        return [Error(error.detail, id=f"garden.{setting.lower()}")]
    return []


def _backend_class(setting: str, entry: Mapping[str, Any], role: type[Role]) -> type[Role]:
    path = entry.get("BACKEND", "")
    try:
        backend = import_string(path)
    except ImportError as error:
        raise MisconfiguredError(f"{setting}: BACKEND {path!r} cannot be imported ({error}).") from error
    if not (isinstance(backend, type) and issubclass(backend, role)):
        raise MisconfiguredError(f"{setting}: BACKEND {path!r} is not a {role.__name__}.")
    return backend
