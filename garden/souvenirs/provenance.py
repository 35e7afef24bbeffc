"""The provenance of a picture: its XMP, its signed manifest, and whether they are to be believed."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import defusedxml.ElementTree
from PIL import Image

NAMESPACES = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}


def read_xmp(data: bytes) -> Mapping[str, str]:
    """What the XMP of a JPEG, PNG or WebP says, by prefixed name (`xmp:CreateDate`); empty without XMP.

    Raises OSError (Pillow's UnidentifiedImageError among them) when it is not a picture.
    """
    with Image.open(io.BytesIO(data)) as image:
        packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return dict(_read_packet(packet.encode() if isinstance(packet, str) else packet)) if packet else {}


def qualified(prefixed: str) -> str:
    """`xmp:CreateDate` as XML libraries name it."""
    prefix, _, name = prefixed.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{name}"


def _read_packet(packet: bytes) -> Iterator[tuple[str, str]]:
    """Fields written as elements or as attributes; both are XMP. A packet that is no XML is ignored."""
    try:
        root = defusedxml.ElementTree.fromstring(packet.strip(b"\0 \n"))
    except (defusedxml.ElementTree.ParseError, defusedxml.DefusedXmlException, ValueError):
        return
    for description in root.iter(qualified("rdf:Description")):
        for name, text in description.attrib.items():
            yield _prefixed(name), text
        for child in description:
            yield _prefixed(child.tag), " ".join(part.strip() for part in child.itertext()).strip()


def _prefixed(name: str) -> str:
    uri, _, local = name.removeprefix("{").rpartition("}")
    prefixes = {known: prefix for prefix, known in NAMESPACES.items()}
    return f"{prefixes.get(uri, uri)}:{local}"


OFFLINE = {"ocsp_fetch": False, "remote_manifest_fetch": False}
"""Settings of c2pa, for reading and for signing, without network requests."""


class Signature(StrEnum):
    """What became of the signature: only `VALID` proves that the picture is as the site made it."""

    VALID = "valid"
    UNKNOWN_SIGNER = "unknown signer"
    EXPIRED = "expired"
    BROKEN = "broken"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ProvenanceFinding:
    """What was found in a file: the signature's state, who signed, what is claimed, what is wrong.

    With a signature the claim is the signed one; without it, the unverified one of the XMP.
    """

    signature: Signature
    signer: str = ""
    engine: str = ""
    model: str = ""
    made_at: str = ""
    source_type: str = ""
    caption: str = ""
    problems: tuple[str, ...] = field(default=())

    @property
    def holds(self) -> bool:
        return self.signature is Signature.VALID


def examine(data: bytes, anchors: str) -> ProvenanceFinding:
    """Read the manifest and the XMP of a JPEG, PNG or WebP. `anchors` is PEM of the trusted authorities."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            media_type = image.get_format_mimetype() or ""
        fields = read_xmp(data)
    except (OSError, ValueError, SyntaxError) as error:
        return ProvenanceFinding(Signature.BROKEN, problems=(f"not a picture: {error}",))
    return _read_manifest(data, media_type, anchors) or _claimed(fields)


def _read_manifest(data: bytes, media_type: str, anchors: str) -> ProvenanceFinding | None:
    import c2pa

    try:
        settings = c2pa.Settings.from_dict(_trusting(anchors))
        with (
            c2pa.Context(settings=settings) as context,
            c2pa.Reader(media_type, io.BytesIO(data), context=context) as reader,
        ):
            return _signed(json.loads(reader.json()))
    except c2pa.C2paError.ManifestNotFound:
        return None
    except c2pa.C2paError as error:
        return ProvenanceFinding(Signature.BROKEN, problems=(str(error),))


def _trusting(anchors: str) -> dict[str, Any]:
    """Settings of the reader: no network requests, only these authorities."""
    settings: dict[str, Any] = {"verify": {**OFFLINE, "verify_trust": True}}
    return {**settings, "trust": {"trust_anchors": anchors}} if anchors else settings


_ENDED, _UNTRUSTED = "signingCredential.expired", "signingCredential.untrusted"
_STATES = {"Trusted": Signature.VALID, "Valid": Signature.UNKNOWN_SIGNER}


def _signed(report: Mapping[str, Any]) -> ProvenanceFinding:
    active = report.get("manifests", {}).get(report.get("active_manifest"), {})
    action = _creation(active)
    agent = _agent(action)
    credential = active.get("signature_info", {})
    return ProvenanceFinding(
        signature=_state(report),
        signer=", ".join(credential[part] for part in ("common_name", "issuer") if credential.get(part)),
        engine=agent.get("name", ""),
        model=agent.get("version", ""),
        made_at=action.get("when", ""),
        source_type=action.get("digitalSourceType", ""),
        caption=action.get("description", ""),
        problems=tuple(f"{failure['code']}: {failure.get('explanation', '')}" for failure in _failures(report)),
    )


def _creation(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    for assertion in manifest.get("assertions", []):
        for action in assertion.get("data", {}).get("actions", []):
            if action.get("action") == "c2pa.created":
                return dict(action)
    return {}


def _agent(action: Mapping[str, Any]) -> Mapping[str, Any]:
    """Older manifests name the software in one string."""
    agent = action.get("softwareAgent", {})
    return {"name": agent} if isinstance(agent, str) else agent


def _state(report: Mapping[str, Any]) -> Signature:
    """An expired certificate neither proves nor disproves the picture's origin."""
    codes = {failure["code"] for failure in _failures(report)}
    if _ENDED in codes and codes <= {_ENDED, _UNTRUSTED}:
        return Signature.EXPIRED
    return _STATES.get(report.get("validation_state", ""), Signature.BROKEN)


def _failures(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(report.get("validation_results", {}).get("activeManifest", {}).get("failure", []))


def _claimed(fields: Mapping[str, str]) -> ProvenanceFinding:
    return ProvenanceFinding(
        signature=Signature.MISSING,
        engine=fields.get("Iptc4xmpExt:AISystemUsed", ""),
        model=fields.get("Iptc4xmpExt:AISystemVersionUsed", ""),
        made_at=fields.get("xmp:CreateDate", ""),
        source_type=fields.get("Iptc4xmpExt:DigitalSourceType", ""),
        caption=fields.get("dc:description", ""),
    )
