"""Requests and answers held against botocore's own model of a service: every name, type, length, number and pattern."""

import base64
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape


def operation_of(services: Sequence[str], path: str, target: str) -> tuple[str, OperationModel]:
    """Which operation of which of the services an HTTP request is for, and the service's name."""
    for name in services:
        model = _model_of(name)
        for operation in map(model.operation_model, model.operation_names):
            if target == f"{model.metadata.get('targetPrefix')}.{operation.name}":
                return name, operation
            if not target and operation.http["requestUri"] == path != "/":
                return name, operation
    raise LookupError(f"no operation at {path} {target}")


@lru_cache
def _model_of(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def complaints(shape: Shape, value: Any, where: str = "") -> Iterator[str]:
    """What botocore's model says against a value as it goes over the wire; nothing if it fits."""
    if isinstance(shape, StructureShape):
        yield from _of_structure(shape, value, where)
    elif isinstance(shape, ListShape):
        yield from _of_size(shape, len(value), where)
        for number, part in enumerate(value):
            yield from complaints(shape.member, part, f"{where}[{number}]")
    elif isinstance(shape, MapShape):
        yield from _of_size(shape, len(value), where)
        for name, part in value.items():
            yield from complaints(shape.key, name, f"{where} key")
            yield from complaints(shape.value, part, f"{where}.{name}")
    else:
        yield from _of_scalar(shape, value, where)


def _of_structure(shape: StructureShape, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is no structure"
        return
    yield from (f"{where}.{name} is missing" for name in shape.required_members if name not in value)
    for name, part in value.items():
        if name not in shape.members:
            yield f"{where}.{name} is unknown"
        else:
            yield from complaints(shape.members[name], part, f"{where}.{name}")


def _of_scalar(shape: Shape, value: Any, where: str) -> Iterator[str]:
    types = {
        "string": str,
        "blob": str,
        "timestamp": (int, float),
        "integer": int,
        "float": (int, float),
        "boolean": bool,
    }
    if not isinstance(value, types[shape.type_name]):  # type: ignore[arg-type]
        yield f"{where} is no {shape.type_name}: {value!r}"
        return
    if shape.type_name == "string":
        yield from _of_size(shape, len(value), where)
        pattern = shape.metadata.get("pattern")
        if pattern and not re.search(pattern, value):
            yield f"{where} does not match {pattern}"
        if shape.metadata.get("enum") and value not in shape.metadata["enum"]:
            yield f"{where} is none of {shape.metadata['enum']}"
    if shape.type_name == "blob":
        yield from _of_size(shape, len(base64.b64decode(value, validate=True)), where)
    if shape.type_name in ("integer", "float"):
        yield from _of_range(shape, value, where)
    if shape.type_name == "timestamp":
        datetime.fromtimestamp(value)  # noqa: DTZ006


def _of_size(shape: Shape, size: int, where: str) -> Iterator[str]:
    if size < shape.metadata.get("min", 0):
        yield f"{where} is shorter than {shape.metadata['min']}"
    if size > shape.metadata.get("max", size):
        yield f"{where} is longer than {shape.metadata['max']}"


def _of_range(shape: Shape, number: float, where: str) -> Iterator[str]:
    if not shape.metadata.get("min", number) <= number <= shape.metadata.get("max", number):
        yield f"{where} is not from {shape.metadata.get('min')} to {shape.metadata.get('max')}: {number}"
