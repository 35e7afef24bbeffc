"""Routes that only staff may use: by session, or by a token that belongs to a staff user."""

from django.contrib.auth.models import AbstractBaseUser
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from garden.api.authentication import BareTokenAuthentication, IdentityTokenAuthentication


class CuratorAllowed(BasePermission):
    """A staff user with the permission, or one of those, that the view names in `permission` or `change_permission`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        needed = getattr(view, "change_permission" if request.method == "POST" else "permission")
        user = request.user
        any_of = (needed,) if isinstance(needed, str) else needed
        return bool(user and user.is_active and user.is_staff and any(user.has_perm(one) for one in any_of))


class CuratorView(APIView):
    """`Authorization: Token …`, or the session of the admin site with its CSRF token."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [CuratorAllowed]
    permission: str | tuple[str, ...] = ""
    """For reading; `change_permission` is for POST."""
    change_permission = ""


class SeedCuratorView(CuratorView):
    """For the retouching seed's client, which sends a bare token of ours, or of the site's identity provider."""

    authentication_classes = [BareTokenAuthentication, IdentityTokenAuthentication, SessionAuthentication]


def curator(request: Request) -> AbstractBaseUser:
    """The staff user of the request; the permission class requires one."""
    if not isinstance(request.user, AbstractBaseUser):
        raise NotAuthenticated
    return request.user
