"""The admin site with its second step: whoever gave the right password proves a second factor before anything opens."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import urlencode

from garden.access.nonsense import View, refuse_nonsense


class GardenAdminSite(AdminSite):
    def get_urls(self) -> list[URLResolver | URLPattern]:
        from garden.access import pages

        return [
            path("second-factor/", pages.second_factor, name="second-factor"),
            path("second-factor/codes/", pages.new_codes, name="second-factor-codes"),
            path("second-factor/replace/", pages.replace_factor, name="second-factor-replace"),
            path("second-factor/leave/", pages.leave, name="second-factor-leave"),
            *super().get_urls(),
        ]

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        return super().admin_view(refuse_nonsense(view), cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        from django.contrib.auth.models import User

        from garden.access.devices import remember_device
        from garden.access.factors import has_factor
        from garden.access.gate import awaits_proof

        if awaits_proof(request):
            return lead_to_proof(request)
        answer = super().login(request, extra_context)
        person = request.user
        needs_no_factor = settings.STAFF_SECOND_FACTOR == "optional"
        if request.method == "POST" and needs_no_factor and isinstance(person, User) and not has_factor(person):
            remember_device(answer, person)
        return answer


def lead_to_proof(request: HttpRequest) -> HttpResponseBase:
    query = urlencode({"next": request.GET.get("next", "")})
    return redirect(f"{reverse('admin:second-factor')}?{query}")
