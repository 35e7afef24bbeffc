"""Facts as an XMP packet (ISO 16684-1) with the fields of IPTC Photo Metadata 2025.1."""

from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from garden.souvenirs.provenance import NAMESPACES, qualified
from generation.provenance.facts import PROGRAM, Facts

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode()
_END = b'<?xpacket end="r"?>'
# A JPEG segment holds 65,502 bytes of XMP; long prompts are cut well below it.
_LONGEST_TEXT = 4_000

for _prefix, _uri in NAMESPACES.items():
    register_namespace(_prefix, _uri)


def xmp_packet(facts: Facts) -> bytes:
    """The packet that says these facts, UTF-8."""
    meta = Element(qualified("x:xmpmeta"))
    description = SubElement(
        SubElement(meta, qualified("rdf:RDF")), qualified("rdf:Description"), {qualified("rdf:about"): ""}
    )
    for field, text in _fields(facts).items():
        SubElement(description, qualified(field)).text = _writable(text)
    alternatives = SubElement(SubElement(description, qualified("dc:description")), qualified("rdf:Alt"))
    SubElement(alternatives, qualified("rdf:li"), {XML_LANG: "x-default"}).text = _writable(facts.caption)
    return b"\n".join((_BEGIN, tostring(meta, encoding="utf-8", xml_declaration=False), _END))


def _fields(facts: Facts) -> dict[str, str]:
    return {
        "Iptc4xmpExt:DigitalSourceType": facts.source_type,
        "Iptc4xmpExt:AISystemUsed": f"{PROGRAM} {facts.engine}",
        "Iptc4xmpExt:AISystemVersionUsed": facts.model,
        "Iptc4xmpExt:AIPromptInformation": facts.prompt,
        "xmp:CreatorTool": facts.maker,
        "xmp:CreateDate": facts.made_at.isoformat(),
    }


def _writable(text: str) -> str:
    """XML 1.0 has no control characters and no lone surrogates."""
    kept = (char for char in text[:_LONGEST_TEXT] if (char >= " " or char in "\t\n") and char not in "\ufffe\uffff")
    return "".join(kept).encode("utf-8", "replace").decode()
