"""Facts as a C2PA manifest (Content Credentials) inside the file, signed without asking anybody outside."""

import io
from dataclasses import dataclass
from typing import Any

from garden.errors import GardenError
from garden.souvenirs.provenance import OFFLINE
from generation.provenance.certificates import SigningKey
from generation.provenance.facts import PROGRAM, Facts


class SigningError(GardenError):
    """The key is there and did not sign."""

    code = "signing_failed"


@dataclass(frozen=True, slots=True)
class SiteSigner:
    """Signs in the name of the site."""

    signing_key: SigningKey

    def sign(self, data: bytes, media_type: str, facts: Facts) -> bytes:
        """The same JPEG, PNG or WebP with a manifest of about 3 KB. Raises SigningError."""
        import c2pa

        signed = io.BytesIO()
        try:
            info = c2pa.C2paSignerInfo(
                c2pa.C2paSigningAlg.ES256, self.signing_key.chain.encode(), self.signing_key.key.encode(), None
            )
            with (
                c2pa.Context(settings=c2pa.Settings.from_dict(_SETTINGS)) as context,
                c2pa.Signer.from_info(info) as signer,
                c2pa.Builder(manifest(facts), context=context) as builder,
            ):
                builder.sign(signer, media_type, io.BytesIO(data), signed)
        except c2pa.C2paError as error:
            raise SigningError(f"The picture could not be signed: {error}") from error
        return signed.getvalue()


def manifest(facts: Facts) -> dict[str, Any]:
    """The manifest's definition: one action, that this picture was created, by what and how."""
    created = {
        "action": "c2pa.created",
        "when": facts.made_at.isoformat(),
        "digitalSourceType": str(facts.source_type),
        "softwareAgent": {"name": facts.engine, "version": facts.model},
        "description": facts.caption,
    }
    return {
        "claim_generator_info": [{"name": PROGRAM}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created]}}],
    }


# A thumbnail would make the file larger by as much as itself; its reader sees the picture anyway.
_SETTINGS = {"builder": {"thumbnail": {"enabled": False}}, "verify": OFFLINE}
