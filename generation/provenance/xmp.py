"""Facts as an XMP packet (ISO 16684-1) with the fields of IPTC Photo Metadata 2025.1."""

import io
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

import defusedxml.ElementTree
from PIL import Image

from generation.provenance.facts import PROGRAM, Facts

NAMESPACES = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode()
_END = b'<?xpacket end="r"?>'
# A JPEG segment holds 65,502 bytes of XMP; long prompts are cut well below it.
_LONGEST_TEXT = 4_000

for _prefix, _uri in NAMESPACES.items():
    register_namespace(_prefix, _uri)


def xmp_packet(facts: Facts) -> bytes:
    """The packet that says these facts, UTF-8."""
    meta = Element(_name("x:xmpmeta"))
    description = SubElement(SubElement(meta, _name("rdf:RDF")), _name("rdf:Description"), {_name("rdf:about"): ""})
    for field, text in _fields(facts).items():
        SubElement(description, _name(field)).text = _writable(text)
    alternatives = SubElement(SubElement(description, _name("dc:description")), _name("rdf:Alt"))
    SubElement(alternatives, _name("rdf:li"), {XML_LANG: "x-default"}).text = _writable(facts.caption)
    return b"\n".join((_BEGIN, tostring(meta, encoding="utf-8", xml_declaration=False), _END))


def read_xmp(data: bytes) -> Mapping[str, str]:
    """What the XMP of a JPEG, PNG or WebP says, by prefixed name (`xmp:CreateDate`); empty without XMP.

    Raises OSError (Pillow's UnidentifiedImageError among them) when it is not a picture.
    """
    with Image.open(io.BytesIO(data)) as image:
        packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return dict(_read_packet(packet.encode() if isinstance(packet, str) else packet)) if packet else {}


def _fields(facts: Facts) -> dict[str, str]:
    return {
        "Iptc4xmpExt:DigitalSourceType": facts.source_type,
        "Iptc4xmpExt:AISystemUsed": f"{PROGRAM} {facts.engine}",
        "Iptc4xmpExt:AISystemVersionUsed": facts.model,
        "Iptc4xmpExt:AIPromptInformation": facts.prompt,
        "xmp:CreatorTool": facts.maker,
        "xmp:CreateDate": facts.made_at.isoformat(),
    }


def _name(prefixed: str) -> str:
    prefix, _, name = prefixed.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{name}"


def _writable(text: str) -> str:
    """XML 1.0 has no control characters and no lone surrogates."""
    kept = (char for char in text[:_LONGEST_TEXT] if (char >= " " or char in "\t\n") and char not in "\ufffe\uffff")
    return "".join(kept).encode("utf-8", "replace").decode()


def _read_packet(packet: bytes) -> Iterator[tuple[str, str]]:
    """Fields written as elements or as attributes; both are XMP. A packet that is no XML says nothing."""
    try:
        root = defusedxml.ElementTree.fromstring(packet.strip(b"\0 \n"))
    except (defusedxml.ElementTree.ParseError, defusedxml.DefusedXmlException, ValueError):
        return
    for description in root.iter(_name("rdf:Description")):
        for qualified, text in description.attrib.items():
            yield _prefixed(qualified), text
        for child in description:
            yield _prefixed(child.tag), " ".join(part.strip() for part in child.itertext()).strip()


def _prefixed(qualified: str) -> str:
    uri, _, name = qualified.removeprefix("{").rpartition("}")
    prefixes = {known: prefix for prefix, known in NAMESPACES.items()}
    return f"{prefixes.get(uri, uri)}:{name}"
