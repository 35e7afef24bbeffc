"""The site's signing key (ES256) and the certificates that C2PA asks for, in one PEM file, and signing with it.

Certificate profile: C2PA 2.x, "X.509 Certificates": a leaf that may only sign, with an extended key usage,
under an authority that is not itself the signer.
"""

import io
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

from garden.errors import GardenError, MisconfiguredError
from garden.souvenirs.provenance import OFFLINE

LONGEST_NAME = 50  # X.509 names end at 64 characters; ours get a word added.
_CERTIFICATE = "-----BEGIN CERTIFICATE-----"
_BEFORE = timedelta(minutes=5)  # Clocks of readers may be behind.
_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and its chain, leaf first, as PEM text."""

    key: str = field(repr=False)
    chain: str

    @property
    def anchor(self) -> str:
        """The last certificate of the chain, the issuer of the leaf."""
        return _CERTIFICATE + self.chain.rpartition(_CERTIFICATE)[2]

    @property
    def expires_at(self) -> datetime:
        """Expiry of the leaf; later signatures are invalid."""
        return x509.load_pem_x509_certificates(self.chain.encode())[0].not_valid_after_utc


def make_signing_key(organization: str, years: int) -> SigningKey:
    """A new key under a new authority, whose own key is discarded, so that no second leaf can be issued."""
    authority, key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    lifetime = timedelta(days=365 * years)
    ours, theirs = _name(organization, f"{organization} pictures"), _name(organization, f"{organization} authority")
    root = _certificate(theirs, theirs, authority.public_key(), authority, lifetime, _may_certify)
    leaf = _certificate(ours, theirs, key.public_key(), authority, lifetime, _may_sign)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return SigningKey(private, "".join(part.public_bytes(Encoding.PEM).decode() for part in (leaf, root)))


def load_signing_key(path: Path) -> SigningKey:
    """Raises MisconfiguredError when the file holds no P-256 key with certificates of it."""
    try:
        key, _, certificates = path.read_text(encoding="ascii").partition(_CERTIFICATE)
        signing_key = SigningKey(key, _CERTIFICATE + certificates)
        _check_pair(signing_key)
    except (OSError, ValueError, TypeError, IndexError) as error:
        raise MisconfiguredError(f"{path} does not hold a signing key: {error}") from error
    return signing_key


def save_signing_key(signing_key: SigningKey, path: Path) -> None:
    """Key and chain in one step, readable by their owner alone; the anchor is added to those of earlier keys."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    anchors = anchors_path(path)
    known = anchors.read_text(encoding="ascii") if anchors.exists() else ""
    _write(anchors, known + signing_key.anchor)
    _write(path, signing_key.key + signing_key.chain)


def anchors_path(path: Path) -> Path:
    """The file of the authorities of this and all earlier keys, which verify older pictures."""
    return path.with_name("anchors.pem")


def _check_pair(signing_key: SigningKey) -> None:
    private = load_pem_private_key(signing_key.key.encode(), password=None)
    if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP256R1):
        raise ValueError("the key is not an unencrypted P-256 (ES256) key.")
    leaf = x509.load_pem_x509_certificates(signing_key.chain.encode())[0]
    if leaf.public_key() != private.public_key():
        raise ValueError("the first certificate is not of this key.")


def _name(organization: str, common_name: str) -> x509.Name:
    attributes = ((NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: EllipticCurvePublicKey,
    authority: EllipticCurvePrivateKey,
    lifetime: timedelta,
    permit: Callable[[x509.CertificateBuilder], x509.CertificateBuilder],
) -> x509.Certificate:
    begin = datetime.now(UTC) - _BEFORE
    builder = (
        x509.CertificateBuilder(issuer, subject, public_key, x509.random_serial_number(), begin, begin + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False)
    )
    return permit(builder).sign(authority, hashes.SHA256())


def _may_certify(builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
    constrained = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return constrained.add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)


def _may_sign(builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
    constrained = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    signing = constrained.add_extension(_key_usage("digital_signature"), critical=True)
    return signing.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)


def _key_usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in allowed for use in _USES})


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
    part.replace(path)


class SigningError(GardenError):
    code = "signing_failed"


@dataclass(frozen=True, slots=True)
class SiteSigner:
    signing_key: SigningKey

    def sign(self, data: bytes, manifest: dict[str, Any]) -> bytes:
        """The same JPEG with the manifest in it, about 3 KB more. Raises SigningError."""
        import c2pa

        signed = io.BytesIO()
        try:
            info = c2pa.C2paSignerInfo(
                c2pa.C2paSigningAlg.ES256, self.signing_key.chain.encode(), self.signing_key.key.encode(), None
            )
            with (
                c2pa.Context(settings=c2pa.Settings.from_dict(_SETTINGS)) as context,
                c2pa.Signer.from_info(info) as signer,
                c2pa.Builder(manifest, context=context) as builder,
            ):
                builder.sign(signer, "image/jpeg", io.BytesIO(data), signed)
        except c2pa.C2paError as error:
            raise SigningError(f"The picture could not be signed: {error}") from error
        return signed.getvalue()


# A thumbnail would make the file larger by as much as itself; its reader sees the picture anyway.
_SETTINGS = {"builder": {"thumbnail": {"enabled": False}}, "verify": OFFLINE}


logger = logging.getLogger(__name__)


def site_signer() -> SiteSigner | None:
    """The signer of this site's pictures; None without a key or with PROVENANCE_SIGNING off.

    With a key that has ended pictures are made unsigned: they are worth more than their signature.
    A key that is made or renewed is met by the next picture. Raises MisconfiguredError when it cannot be read.
    """
    path = Path(settings.PROVENANCE_KEY)
    if not settings.PROVENANCE_SIGNING or not path.exists():
        return None
    signer = _signer(path, path.stat().st_mtime_ns)
    if signer.signing_key.expires_at <= datetime.now(UTC):
        logger.error("The signing key has ended; pictures are made unsigned. manage.py make_signing_key --renew")
        return None
    return signer


def site_anchors() -> str:
    """PEM of the authorities whose signatures are this site's own, of earlier keys too; may be empty."""
    path = Path(settings.PROVENANCE_KEY)
    anchors = anchors_path(path)
    kept = anchors.read_text(encoding="ascii") if anchors.exists() else ""
    own = load_signing_key(path).anchor if path.exists() else ""
    return kept if own in kept else kept + own


@lru_cache(maxsize=1)
def _signer(path: Path, changed_at: int) -> SiteSigner:
    return SiteSigner(load_signing_key(path))
