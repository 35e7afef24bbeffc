"""How often one kiosk (or one address without a kiosk) may ask."""

from typing import Any

from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from garden.models import Kiosk


class KioskThrottle(ScopedRateThrottle):
    """`throttle_scope` of the view names the rate in DEFAULT_THROTTLE_RATES."""

    @property
    def THROTTLE_RATES(self) -> Any:  # type: ignore[override]
        return api_settings.DEFAULT_THROTTLE_RATES

    def get_cache_key(self, request: Request, view: APIView) -> str:
        who = f"kiosk-{request.auth.pk}" if isinstance(request.auth, Kiosk) else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": who}
