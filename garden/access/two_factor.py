"""The second factor of staff: a phone that shows six digits, and ten codes on paper for when it is lost."""

import base64
import hashlib
import secrets
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

CODES = 10
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_CODE_LENGTH = 12
"""Of thirty letters: 59 bits."""


def has_factor(person: AbstractBaseUser) -> bool:
    return factor_of(person) is not None


def factor_of(person: AbstractBaseUser) -> TOTPDevice | None:
    device: TOTPDevice | None = TOTPDevice.objects.filter(user_id=person.pk, confirmed=True).first()
    return device


def pending_factor(person: AbstractBaseUser) -> TOTPDevice:
    """What is being set up; the same until it is proved."""
    found = TOTPDevice.objects.filter(user_id=person.pk, confirmed=False).first()
    device: TOTPDevice = found or TOTPDevice.objects.create(user_id=person.pk, name="phone", confirmed=False)
    return device


@transaction.atomic
def confirm_factor(person: AbstractBaseUser, code: str) -> TOTPDevice | None:
    """The pending factor takes the place of any other, once its code is right."""
    device = pending_factor(person)
    if _prove(person, device, _digits(code)) is None:
        return None
    TOTPDevice.objects.filter(user_id=person.pk, confirmed=True).delete()
    device.refresh_from_db()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    return device


def prove_factor(person: AbstractBaseUser, code: str) -> Any:
    """The device that the six digits, or the recovery code, belong to, or None.

    After a wrong one the next is not even looked at for a second, then two, then four …
    """
    digits = _digits(code)
    if len(digits) == 6 and digits == code.replace(" ", ""):
        device: Any = factor_of(person)
        return _prove(person, device, digits) if device else None
    paper = StaticDevice.objects.filter(user_id=person.pk).first()
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return _prove(person, paper, _hashed(letters)) if paper else None


@transaction.atomic
def make_codes(person: AbstractBaseUser) -> list[str]:
    """Ten new recovery codes, each good for once; those of before are void. Only their hashes are kept."""
    StaticDevice.objects.filter(user_id=person.pk).delete()
    device = StaticDevice.objects.create(user_id=person.pk, name="paper")
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH)) for _ in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_hashed(code)) for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, _CODE_LENGTH, 4)) for code in codes]


def codes_left(person: AbstractBaseUser) -> int:
    return int(StaticToken.objects.filter(device__user_id=person.pk).count())


@transaction.atomic
def remove_factor(person: AbstractBaseUser) -> bool:
    """Phone and paper; True if there was a phone."""
    had_one = has_factor(person)
    for devices in (TOTPDevice.objects, StaticDevice.objects):
        devices.filter(user_id=person.pk).delete()
    return had_one


def _prove(person: AbstractBaseUser, device: Any, token: str) -> Any:
    return verify_token(person, device.persistent_id, token)


def _digits(code: str) -> str:
    return "".join(letter for letter in code if letter.isascii() and letter.isdigit())


def _hashed(code: str) -> str:
    """Sixteen letters, as wide as the column; what it hides is random, so that no salt is needed."""
    return base64.b32encode(hashlib.sha256(code.encode()).digest()[:10]).decode()
