"""Pages inside the admin site: signed in as staff, and allowed to see this one."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def curator_page(view: View, permission: str) -> View:
    """For urls. Others are sent to sign in; staff without the permission are refused."""
    allowed: View = permission_required(permission, raise_exception=True)(view)
    return admin.site.admin_view(allowed)


def staff(request: HttpRequest) -> AbstractBaseUser:
    """The signed-in user; the access check requires one."""
    if not isinstance(request.user, AbstractBaseUser):
        raise PermissionDenied
    return request.user


def page_context(request: HttpRequest, title: Any) -> dict[str, Any]:
    """What `admin/curation/base.html` needs; the admin's own list of models makes room for the page."""
    return {**admin.site.each_context(request), "title": title, "is_nav_sidebar_enabled": False}
