"""Provenance inside a picture file: maker, method and time, in EXIF, XMP and a signed manifest."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from PIL import Image
from PIL.Image import Exif

from garden.souvenirs.provenance import NAMESPACES, qualified
from generation.engines.base import Picture

PROGRAM = "Emotion Garden"


class DigitalSourceType(StrEnum):
    """How a picture came to be: terms of https://cv.iptc.org/newscodes/digitalsourcetype/."""

    TRAINED_ALGORITHMIC_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    ALGORITHMIC_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
    COMPOSITE_WITH_TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
    COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"


_WITHOUT_TRAINING = {"painter"}
_CAPTIONS = {
    DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA: "Made by AI",
    DigitalSourceType.ALGORITHMIC_MEDIA: "Painted by a program",
    DigitalSourceType.COMPOSITE_WITH_TRAINED: "Made and retouched with AI",
    DigitalSourceType.COMPOSITE: "Retouched by a program",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Maker, method, source and time (UTC, whole seconds) of a picture; of an import the method may not be known."""

    source_type: DigitalSourceType | None
    engine: str
    model: str
    prompt: str
    made_at: datetime

    @property
    def caption(self) -> str:
        return f"{_CAPTIONS[self.source_type]}: {self.prompt}" if self.source_type else self.prompt

    @property
    def maker(self) -> str:
        return f"{PROGRAM}, engine {self.engine}, model {self.model}"


def is_trained(engine: str) -> bool:
    """Whether pictures of this engine (or of this origin) come, or may come, from a trained model."""
    return engine not in _WITHOUT_TRAINING


def facts_of(picture: Picture, made_at: datetime | None = None) -> Facts:
    """The facts of a finished picture; without a time it was made now."""
    learned = is_trained(picture.engine)
    return Facts(
        source_type=(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA if learned else DigitalSourceType.ALGORITHMIC_MEDIA),
        engine=picture.engine,
        model=picture.model,
        prompt=picture.request.prompt,
        made_at=(made_at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0),
    )


XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode()
_END = b'<?xpacket end="r"?>'
LONGEST_TEXT = 4_000
"""A JPEG segment holds 65,502 bytes of XMP; long prompts are cut well below it."""

for _prefix, _uri in NAMESPACES.items():
    register_namespace(_prefix, _uri)


def xmp_packet(facts: Facts) -> bytes:
    meta = Element(qualified("x:xmpmeta"))
    description = SubElement(
        SubElement(meta, qualified("rdf:RDF")), qualified("rdf:Description"), {qualified("rdf:about"): ""}
    )
    for field, text in _fields(facts).items():
        SubElement(description, qualified(field)).text = _writable(text)
    if facts.source_type:
        for field, text in _method(facts, facts.source_type).items():
            SubElement(description, qualified(field)).text = _writable(text)
    alternatives = SubElement(SubElement(description, qualified("dc:description")), qualified("rdf:Alt"))
    SubElement(alternatives, qualified("rdf:li"), {XML_LANG: "x-default"}).text = _writable(facts.caption)
    return b"\n".join((_BEGIN, tostring(meta, encoding="utf-8", xml_declaration=False), _END))


def _fields(facts: Facts) -> dict[str, str]:
    return {"xmp:CreatorTool": facts.maker, "xmp:CreateDate": facts.made_at.isoformat()}


def _method(facts: Facts, source_type: DigitalSourceType) -> dict[str, str]:
    return {
        "Iptc4xmpExt:DigitalSourceType": source_type,
        "Iptc4xmpExt:AISystemUsed": f"{PROGRAM} {facts.engine}",
        "Iptc4xmpExt:AISystemVersionUsed": facts.model,
        "Iptc4xmpExt:AIPromptInformation": facts.prompt,
    }


def _writable(text: str) -> str:
    """XML 1.0 has no control characters and no lone surrogates."""
    kept = (char for char in text[:LONGEST_TEXT] if (char >= " " or char in "\t\n") and char not in "\ufffe\uffff")
    return "".join(kept).encode("utf-8", "replace").decode()


QUALITY = 90
IMAGE_DESCRIPTION = 0x010E
SOFTWARE = 0x0131


def encode_jpeg(picture: Picture, made_at: datetime | None = None) -> bytes:
    """JPEG bytes of a finished picture, made now unless a time is given: EXIF and XMP inside, signed as a whole.

    The signature comes last: whatever saves the file again through Pillow loses it.
    Raises SigningError when there is a key and it does not sign.
    """
    return encode_facts(picture.image, facts_of(picture, made_at), quality=QUALITY, optimize=True, progressive=True)


def encode_facts(image: Image.Image, facts: Facts, **options: Any) -> bytes:
    """Pixels as a JPEG with these facts; `options` are Pillow's. Raises SigningError."""
    from generation.signing import site_signer  # Brings all of cryptography, which no start needs.

    # Pillow lets other threads run while it encodes into a file of the system, but not into a stream in memory.
    with tempfile.TemporaryFile() as stream:
        image.save(stream, "JPEG", exif=_exif(facts), xmp=xmp_packet(facts), **options)
        stream.seek(0)
        encoded = stream.read()
    signer = site_signer()
    return signer.sign(encoded, manifest(facts)) if signer else encoded


def manifest(facts: Facts) -> dict[str, Any]:
    """The manifest's definition: one action, that this picture was created, by what and how, or imported."""
    method = {"digitalSourceType": str(facts.source_type)} if facts.source_type else {}
    created = {
        "action": "c2pa.created" if facts.source_type else "c2pa.transcoded",
        "when": facts.made_at.isoformat(),
        **method,
        "softwareAgent": {"name": facts.engine, "version": facts.model},
        "description": facts.caption,
    }
    return {
        "claim_generator_info": [{"name": PROGRAM}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created]}}],
    }


def _exif(facts: Facts) -> Exif:
    exif = Exif()
    exif[IMAGE_DESCRIPTION] = _ascii(facts.caption)
    exif[SOFTWARE] = _ascii(facts.maker)
    return exif


def _ascii(text: str) -> str:
    """EXIF text is ASCII, and all of it fits one JPEG segment of 64 KB."""
    return text[:LONGEST_TEXT].encode("ascii", "replace").decode()
