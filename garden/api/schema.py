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
