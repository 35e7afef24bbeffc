"""The admin site with its second step, and with 400 for addresses that no link leads to."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import TO_FIELD_VAR, IncorrectLookupParameters
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import urlencode

View = Callable[..., Any]
_RANGE_LOOKUP = "contained_by"
"""django.contrib.postgres registers it for every number and date, whichever database there is."""


class GardenAdminSite(AdminSite):
    """After the password a second factor is required."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from garden.access import two_factor_pages as pages

        return [
            path("second-factor/", pages.second_factor, name="second-factor"),
            path("second-factor/codes/", pages.new_codes, name="second-factor-codes"),
            path("second-factor/replace/", pages.replace_factor, name="second-factor-replace"),
            path("second-factor/leave/", pages.leave, name="second-factor-leave"),
            *super().get_urls(),
        ]

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        return super().admin_view(refuse_malformed_requests(view), cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        from django.contrib.auth.models import User

        from garden.access.access_control import awaits_proof
        from garden.access.sign_in import remember_device
        from garden.access.two_factor import has_factor

        if awaits_proof(request):
            return _redirect_to_proof(request)
        answer = super().login(request, extra_context)
        person = request.user
        needs_no_factor = settings.STAFF_SECOND_FACTOR == "optional"
        if request.method == "POST" and needs_no_factor and isinstance(person, User) and not has_factor(person):
            remember_device(answer, person)
        return answer


def _redirect_to_proof(request: HttpRequest) -> HttpResponseBase:
    query = urlencode({"next": request.GET.get("next", "")})
    return redirect(f"{reverse('admin:second-factor')}?{query}")


def refuse_malformed_requests(view: View) -> View:
    """400 where Django's lists and their exports would fail with 500."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        _refuse_malformed(request, getattr(view, "__self__", None))
        try:
            return view(request, *args, **kwargs)
        except IncorrectLookupParameters as error:  # Lists answer this themselves; their exports do not.
            raise BadRequest("This list has no such filter.") from error
        except OverflowError as error:  # SQLite's numbers have 64 bits, and a filter of many is not measured before.
            raise BadRequest("This number is too large.") from error

    return answer


def _refuse_malformed(request: HttpRequest, admin: object) -> None:
    for values in (request.GET, request.POST):  # Django looks up what is no name as if it were a field.
        if TO_FIELD_VAR in values and not values[TO_FIELD_VAR].isidentifier():
            raise BadRequest("This is no field.")
    if any(name.rpartition("__")[2] == _RANGE_LOOKUP for name in request.GET):
        raise BadRequest("This list has no such filter.")
    if not isinstance(admin, ModelAdmin) or admin.model._meta.pk is None:
        return
    try:
        for row in request.POST.getlist(ACTION_CHECKBOX_NAME):  # Django would query the database for these as ids.
            admin.model._meta.pk.to_python(row)
    except ValidationError as error:
        raise BadRequest("These are no rows of this list.") from error
