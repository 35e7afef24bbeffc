"""How often one kiosk (or one address without a kiosk) may ask, over all processes and machines."""

from typing import Any

from django.db.models import Model
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from garden.rates.counter import hit


class KioskThrottle(ScopedRateThrottle):
    """`throttle_scope` of the view names the rate in DEFAULT_THROTTLE_RATES."""

    _seconds_left = 0.0

    @property
    def THROTTLE_RATES(self) -> Any:  # type: ignore[override]
        return api_settings.DEFAULT_THROTTLE_RATES

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.scope = getattr(view, self.scope_attr)
        most, seconds = self.parse_rate(self.get_rate())
        if most is None or seconds is None:
            return True
        tally = hit(self.get_cache_key(request, view), seconds)
        self._seconds_left = tally.seconds_left
        return tally.count <= most

    def wait(self) -> float:
        return self._seconds_left

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self._who(request)}

    def _who(self, request: Request) -> str:
        """Kiosks and displays count for themselves, wherever they ask from."""
        if isinstance(request.auth, Model):
            return f"{request.auth._meta.label_lower}-{request.auth.pk}"
        return self.get_ident(request)
