"""Routes of kiosks and displays: who may call them, and how often."""

from django.conf import settings
from django.db.models import Model
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from garden.access.throttling import count, seconds_left
from garden.models import Display, Kiosk


class KioskAllowed(BasePermission):
    """Kiosks with a key, staff users, and everybody where KIOSK_ACCESS is `open`; a display's key is no kiosk's."""

    message = "This key is a display's: it opens its wall page, and nothing that a kiosk asks."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if isinstance(request.auth, Display):
            return False
        if settings.KIOSK_ACCESS == "open" or isinstance(request.auth, Kiosk):
            return True
        return bool(request.user and request.user.is_staff)


class DeviceAllowed(KioskAllowed):
    """As kiosks, and displays besides."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Display) or super().has_permission(request, view)


class MayHang(KioskAllowed):
    """As kiosks; a staff user needs the permission to hang pictures as well, where kiosks need a key."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not super().has_permission(request, view):
            return False
        by_kiosk = settings.KIOSK_ACCESS == "open" or isinstance(request.auth, Kiosk)
        return by_kiosk or request.user.has_perm("garden.change_hanging")


class KioskThrottle(ScopedRateThrottle):
    """`throttle_scope` of the view names the rate. DRF's own throttle stores the time of every request."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.scope = getattr(view, self.scope_attr)
        self.num_requests, self.duration = self.parse_rate(self.get_rate())
        if self.num_requests is None or self.duration is None:
            return True
        key = self.get_cache_key(request, view)
        allowed = count(key, self.duration) <= self.num_requests
        self._seconds_left = 0.0 if allowed else seconds_left(key)
        return allowed

    def wait(self) -> float:
        return self._seconds_left

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Kiosks and displays count for themselves, wherever they ask from."""
        device = request.auth if isinstance(request.auth, Model) else None
        who = f"{device._meta.label_lower}-{device.pk}" if device else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": who}


class KioskView(APIView):
    """What every visitor-side route shares: kiosk keys and a throttle."""

    permission_classes = [KioskAllowed]
    throttle_classes = [KioskThrottle]
    throttle_scope = "garden"
