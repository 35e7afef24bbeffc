"""Staff with a phone, and what it shows."""

import time
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from garden.access.two_factor import confirm_factor, pending_factor

PASSWORD = "correct horse battery"


def staff_member(name: str = "ann", **described: Any) -> User:
    return User.objects.create_user(name, password=PASSWORD, is_staff=True, is_superuser=True, **described)


def shown_on_phone(person: User, *, steps: int = 0, confirmed: bool = True) -> str:
    """The six digits, `steps` half minutes from now: each counts once, and only the next one after it."""
    device = TOTPDevice.objects.get(user=person, confirmed=confirmed)
    return f"{totp(device.bin_key, t0=-30 * steps):06d}"


def with_phone(person: User) -> User:
    """Set up a minute ago, so that the digits of now are fresh."""
    device = pending_factor(person)
    assert confirm_factor(person, f"{totp(device.bin_key, t0=30):06d}") is not None
    return person


def sign_in(client: Client, name: str = "ann", password: str = PASSWORD, path: str = "/admin/", **more: Any) -> Any:
    return client.post("/admin/login/", {"username": name, "password": password, "next": path}, **more)


def now() -> float:
    return time.time()
