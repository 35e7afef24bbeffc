"""The pages of the second factor: prove it, set it up, keep its recovery codes, replace it."""

import base64
from collections.abc import Callable
from typing import Any

import segno
from django import forms
from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as keep_proof
from django_otp.plugins.otp_totp.models import TOTPDevice

from garden.access.access_control import person_signed_in, sign_out
from garden.access.audit_log import record
from garden.access.sign_in import remember_device
from garden.access.two_factor import (
    codes_left,
    confirm_factor,
    factor_of,
    has_factor,
    make_codes,
    pending_factor,
    prove_factor,
)
from garden.models.audit import AuditKind

View = Callable[..., HttpResponse]


class CodeForm(forms.Form):
    code = forms.CharField(max_length=40)


def _guarded(view: View) -> View:
    """Never kept by a browser, never in a report, and only for who gave a password."""

    def checked(request: HttpRequest) -> HttpResponse:
        person = person_signed_in(request)
        if not (person.is_authenticated and person.is_staff):
            return redirect("admin:login")
        return view(request, person)

    return never_cache(sensitive_post_parameters("code")(csrf_protect(require_http_methods(["GET", "POST"])(checked))))


@_guarded
def second_factor(request: HttpRequest, person: AbstractBaseUser) -> HttpResponse:
    if request.user.is_authenticated and factor_of(person) is not None:
        return _page(request, "kept", left=codes_left(person))
    if has_factor(person):
        return _prove(request, person)
    return _set_up(request, person)


def _prove(request: HttpRequest, person: AbstractBaseUser) -> HttpResponse:
    if request.method == "POST":
        device = prove_factor(person, _code_in(request))
        if device is not None:
            _let_in(request, device)
            record(AuditKind.FACTOR_PROVED, type(device).__name__, who=person.get_username())
            answer = redirect(_next_page(request))
            remember_device(answer, person)
            return answer
        record(AuditKind.FACTOR_REFUSED, who=person.get_username())
    return _ask(request, "prove")


def _set_up(request: HttpRequest, person: AbstractBaseUser) -> HttpResponse:
    if request.method == "POST":
        device = confirm_factor(person, _code_in(request))
        if device is not None:
            _let_in(request, device)
            record(AuditKind.FACTOR_SET, who=person.get_username())
            codes = _show_codes(request, person)
            remember_device(codes, person)
            return codes
        record(AuditKind.FACTOR_REFUSED, who=person.get_username())
    return _ask(request, "set_up", **_drawn(pending_factor(person)))


@_guarded
def new_codes(request: HttpRequest, person: AbstractBaseUser) -> HttpResponse:
    """A code of the phone is required again: an unattended browser is not enough to read the recovery codes."""
    if not request.user.is_authenticated:
        return redirect("admin:second-factor")
    if request.method == "POST" and prove_factor(person, _code_in(request)) is not None:
        return _show_codes(request, person)
    return _ask(request, "ask")


@_guarded
def replace_factor(request: HttpRequest, person: AbstractBaseUser) -> HttpResponse:
    """Another phone: the old one, or a recovery code, first; then the new one takes its place."""
    if not request.user.is_authenticated:
        return redirect("admin:second-factor")
    if request.session.get("replaces_factor"):
        answer = _set_up(request, person)
        if request.method == "POST" and answer.status_code == 200:
            del request.session["replaces_factor"]
        return answer
    if request.method == "POST" and prove_factor(person, _code_in(request)) is not None:
        request.session["replaces_factor"] = True
        return redirect("admin:second-factor-replace")
    return _ask(request, "ask")


@_guarded
def leave(request: HttpRequest, person: AbstractBaseUser) -> HttpResponse:
    """The admin's own way out is for those who are in."""
    if request.method == "POST":
        sign_out(request, person)
    return redirect("admin:login")


def _show_codes(request: HttpRequest, person: AbstractBaseUser) -> HttpResponse:
    codes = make_codes(person)
    record(AuditKind.CODES_MADE, who=person.get_username())
    return _page(request, "codes", codes=codes, next=_next_page(request))


def _let_in(request: HttpRequest, device: Any) -> None:
    """As after any rise in what a session may do, it gets another name."""
    request.user = person_signed_in(request)
    request.session.cycle_key()
    keep_proof(request, device)


def _code_in(request: HttpRequest) -> str:
    form = CodeForm(request.POST)
    return str(form.cleaned_data["code"]).strip() if form.is_valid() else ""


def _drawn(device: TOTPDevice) -> dict[str, Any]:
    """The secret as a picture for a phone's camera, and in letters for who has none."""
    letters = base64.b32encode(device.bin_key).decode()
    return {
        "picture": segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"),
        "letters": " ".join(letters[at : at + 4] for at in range(0, len(letters), 4)),
    }


def _next_page(request: HttpRequest) -> str:
    path = request.GET.get("next", "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else reverse("admin:index")


def _ask(request: HttpRequest, name: str, **page: Any) -> HttpResponse:
    """A page that asks for a code; after a POST, which gave a wrong one, it says so."""
    wrong = request.method == "POST"
    problem = _("This code is wrong, or it was used before. Wait for the next one.") if wrong else ""
    return _page(request, name, status=400 if wrong else 200, problem=problem, **page)


def _page(request: HttpRequest, name: str, status: int = 200, **page: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("Second factor"), **page}
    return render(request, f"admin/second_factor/{name}.html", context, status=status)
