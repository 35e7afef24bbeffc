"""What the XMP packet of a picture says (ISO 16684-1)."""

import io
from collections.abc import Iterator, Mapping

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
    """Fields written as elements or as attributes; both are XMP. A packet that is no XML says nothing."""
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
