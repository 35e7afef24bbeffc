"""How the OpenAPI document describes the ways a kiosk says who it is."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


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


REFUSALS = {
    "400": "What was sent cannot be understood, or is not allowed.",
    "401": "Nobody knows who asks.",
    "403": "Who asks may not do this.",
    "413": "More than the site accepts.",
    "415": "A character set other than UTF-8.",
    "429": "Too often; `Retry-After` says how long to wait.",
    "503": "Something that is needed does not answer just now; `Retry-After` says how long to wait.",
}
_METHODS = {"get", "post", "put", "patch", "delete"}


def name_refusals(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """What every route may answer besides its own: a client that reads the document meets no surprise."""
    for path, operations in result["paths"].items():
        missing = {"404": "There is nothing here."} if "{" in path else {}
        for method in _METHODS & operations.keys():
            for status, words in {**REFUSALS, **missing}.items():
                operations[method]["responses"].setdefault(status, _refusal(words))
    return result


def _refusal(words: str) -> dict[str, Any]:
    error = {"$ref": "#/components/schemas/Error"}
    return {"description": words, "content": {"application/json": {"schema": error}}}
