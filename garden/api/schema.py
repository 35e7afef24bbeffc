"""The OpenAPI description of every route: permissions, audience, media types and examples."""

import json
from pathlib import Path
from typing import Any

from django.apps import apps
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

AUDIENCES = {
    "kiosk": "A visitor's screen, by its key or paired browser.",
    "wall": "Displays, and clients that put pictures on displays.",
    "orders": "Staff who make pictures, by session or token: orders, and the jobs that they become.",
    "curation": "Staff who review and publish pictures.",
    "retouching": "Staff who retouch pictures, one by one and in batches.",
    "operator": "Staff who keep devices and GPU hosts running.",
    "seed-compatible": "Paths, fields and answers as the seed systems' clients know them.",
}
_DEVICES = ("/heartbeat", "/version")
_SEEDS_OF_KIOSKS = ("/emotion", "/garden", "/gardenfromDB", "/like")
_OF_KIOSKS = ("/consent", "/forget", "/grow", "/guess", "/reading", "/souvenir", "/sendToWall")
_ORDERS = ("/bulk", "/text2image")
_SEEDS_OF_CURATORS = ("/retrieve", "/remove", "/removePool", "/clearIndex")
_CURATION = ("acts", "collections", "counts", "decisions", "images", "lookalikes", "releases", "settlements", "walls")
_RETOUCHING_SEED = ("/render", "/user", "/sd-service")
_AUDIENCES_OF = {
    "kiosk": (*_SEEDS_OF_KIOSKS, *_OF_KIOSKS, *_DEVICES),
    "wall": ("/wall", "/display", "/updateDisplay", "/sendToWall", "/curation/walls", *_DEVICES),
    "orders": ("/jobs", *_ORDERS),
    "curation": (*(f"/curation/{name}" for name in _CURATION), *_SEEDS_OF_CURATORS),
    "retouching": ("/curation/retouch", *_RETOUCHING_SEED),
    "operator": ("/gpu-hosts", "/version", "/sd-service/infra"),
    "seed-compatible": (
        *_SEEDS_OF_KIOSKS,
        *_ORDERS,
        *_SEEDS_OF_CURATORS,
        *_RETOUCHING_SEED,
        "/display",
        "/updateDisplay",
    ),
}


class AudienceSchema(AutoSchema):
    """DRF's DEFAULT_SCHEMA_CLASS."""

    def get_tags(self) -> list[str]:
        return [
            audience
            for audience, paths in _AUDIENCES_OF.items()
            if any(f"{self.path}/".startswith(f"{path}/") for path in paths)
        ]

    def map_parsers(self) -> list[Any]:
        """JSON is read with any Content-Type; forms are named only where a file can be sent."""
        types = ["application/json" if kind == "*/*" else kind for kind in super().map_parsers()]
        fields = getattr(self.get_request_serializer(), "_declared_fields", {})
        takes_files = any(isinstance(field, serializers.FileField) for field in fields.values())
        return [kind for kind in types if takes_files or kind != "multipart/form-data"]

    def _get_serializer_field_meta(self, field: Any, direction: Any) -> Any:
        meta = super()._get_serializer_field_meta(field, direction)  # type: ignore[no-untyped-call]
        if direction == "request" and isinstance(field, serializers.CharField) and not field.allow_blank:
            meta["minLength"] = max(field.min_length or 0, 1)
        return meta


class KioskKeyScheme(OpenApiAuthenticationExtension):
    target_class = "garden.api.authentication.KioskKeyAuthentication"
    name = "kioskKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "x-api-key"}


class PairedKioskScheme(OpenApiAuthenticationExtension):
    target_class = "garden.api.authentication.PairedKioskAuthentication"
    name = "pairedKiosk"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "A browser paired with a kiosk."}


class BareTokenScheme(OpenApiAuthenticationExtension):
    target_class = "garden.api.authentication.BareTokenAuthentication"
    name = "bareToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        description = "A staff user's token, alone or after `Token` or `Bearer`."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": description}


class IdentityTokenScheme(OpenApiAuthenticationExtension):
    target_class = "garden.api.authentication.IdentityTokenAuthentication"
    name = "identityToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        description = "A token of the site's identity provider, alone or after `Bearer`."
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": description}


REFUSALS = {
    "400": "What was sent cannot be understood, or is not allowed.",
    "401": "The request is not authenticated.",
    "403": "The permission for this is missing.",
    "413": "More than the site accepts.",
    "415": "A character set other than UTF-8.",
    "429": "Too many requests; `Retry-After` says how long to wait.",
    "503": "A required service is unavailable; `Retry-After` says how long to wait.",
}
_METHODS = {"get", "post", "put", "patch", "delete"}


def name_refusals(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """What every route may answer besides what its view names."""
    for path, operations in result["paths"].items():
        missing = {"404": "There is nothing here."} if "{" in path else {}
        for method in _METHODS & operations.keys():
            for status, words in {**REFUSALS, **missing}.items():
                operations[method]["responses"].setdefault(status, _refusal(words))
    return result


def add_audiences_and_examples(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """`api/examples.json` of each app: `{"POST /like": {"request": …, "response": …, "parameters": {name: …}}}`.

    An example that a view names itself goes before.
    """
    result["tags"] = [{"name": name, "description": words} for name, words in AUDIENCES.items()]
    for config in apps.get_app_configs():
        path = Path(config.path) / "api" / "examples.json"
        for route, example in json.loads(path.read_text(encoding="utf-8")).items() if path.exists() else ():
            method, _, address = route.partition(" ")
            _add_example(result["paths"][address][method.lower()], example)
    return result


def _add_example(operation: dict[str, Any], example: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example.get("parameters", {}):
            parameter["example"] = example["parameters"][parameter["name"]]
    success = min((status for status in operation["responses"] if status.startswith("2")), default="")
    parts = {"request": operation.get("requestBody"), "response": operation["responses"].get(success)}
    for name in parts.keys() & example.keys():
        for body in (parts[name] or {}).get("content", {}).values():
            body.setdefault("examples", {"Example": {"value": example[name]}})


def _refusal(words: str) -> dict[str, Any]:
    error = {"$ref": "#/components/schemas/Error"}
    return {"description": words, "content": {"application/json": {"schema": error}}}
