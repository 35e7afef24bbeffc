"""QR codes of addresses, drawn as SVG."""

import segno


def qr_of(address: str) -> str:
    """The address as an SVG element; dark on its own light ground, so that every phone reads it."""
    drawing: str = segno.make(address, error="m").svg_inline(
        border=3, dark="#0e1210", light="#f7f4ee", omitsize=True, lineclass=None, svgclass="qr"
    )
    return drawing


def qr_file_of(address: str) -> str:
    """The same as a file of its own."""
    return qr_of(address).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
