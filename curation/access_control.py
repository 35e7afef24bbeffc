"""Pages inside the admin site: signed in as staff, and allowed to see this one."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

View = Callable[..., HttpResponseBase]


def curator_page(view: View, permission: str | tuple[()]) -> View:
    """For urls. Others are sent to sign in, or get a 401 for a part; staff without the permission is refused.

    No answer is cached. With `()` the view itself checks permissions.
    """
    allowed: View = permission_required(permission, raise_exception=True)(view)
    page = admin.site.admin_view(allowed)

    def admit(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_partial(request) and not admin.site.has_permission(request):
            return HttpResponse(status=401)
        return page(request, *args, **kwargs)

    return admit


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of the page."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def render_page(
    request: HttpRequest, page: str, title: Any, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """The template `page` with what its base needs, or for htmx the `part` that it swaps.

    The admin's own list of models makes room for the page.
    """
    if part and is_partial(request):
        return render(request, part, context, status=status)
    base = {**admin.site.each_context(request), "title": title, "is_nav_sidebar_enabled": False}
    return render(request, page, {**base, **context}, status=status)


def staff(request: HttpRequest) -> AbstractBaseUser:
    """The signed-in user; the access check requires one."""
    if not isinstance(request.user, AbstractBaseUser):
        raise PermissionDenied
    return request.user
