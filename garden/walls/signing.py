"""The signature of what walls are told: a wall hangs nothing that this site did not say."""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"garden.walls.signing"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256 (SEC 2, section 2.4.2): a private key is a number below it."""
_SIZE = 32
_SEED = 48
"""Bytes: so many more than the order's that every key is as likely as any other."""


def sign(payload: str) -> str:
    """ECDSA with P-256 and SHA-256, r and s side by side as browsers' Web Crypto wants them, in base64url."""
    r, s = decode_dss_signature(_key(settings.SECRET_KEY).sign(payload.encode(), ECDSA(hashes.SHA256())))
    return _base64url(_bytes(r) + _bytes(s))


def public_jwk() -> dict[str, str]:
    """What a wall checks signatures with, as RFC 7517 writes it."""
    numbers = _key(settings.SECRET_KEY).public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": _base64url(_bytes(numbers.x)), "y": _base64url(_bytes(numbers.y))}


@lru_cache(maxsize=1)
def _key(secret: str) -> EllipticCurvePrivateKey:
    """Every process of the site derives the same key; nothing of it is stored."""
    seed = HKDF(hashes.SHA256(), _SEED, salt=None, info=_PURPOSE).derive(secret.encode())
    return derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, SECP256R1())


def _bytes(number: int) -> bytes:
    return number.to_bytes(_SIZE)


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
