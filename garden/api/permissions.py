"""Who may ask the visitor-side routes."""

from django.conf import settings
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

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
