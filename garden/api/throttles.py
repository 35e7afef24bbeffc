"""How often one kiosk (or one address without a kiosk) may ask."""

from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from garden.models import Kiosk


class KioskThrottle(ScopedRateThrottle):
    def get_cache_key(self, request: Request, view: APIView) -> str:
        who = f"kiosk-{request.auth.pk}" if isinstance(request.auth, Kiosk) else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": who}
