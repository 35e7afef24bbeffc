"""What a souvenir says about its picture."""

import segno
from django.utils.translation import gettext as _

from garden.models import Image

PAINTER = "painter"
IMPORTED = "import"


def caption_of(image: Image) -> str:
    """How the picture was made, as far as the garden knows."""
    if image.origin == PAINTER:
        return _("Made by the garden's own painter, a computer program. No AI image model was used.")
    if image.model:
        return _("Made by AI with the model %(model)s.") % {"model": image.model}
    if image.origin in (IMPORTED, ""):
        return _("Made by AI. The model's name came without the picture.")
    return _("Made by AI (%(origin)s).") % {"origin": image.origin}


def qr_of(address: str) -> str:
    """The address as an SVG element; dark on its own light ground, so that every phone reads it."""
    drawing: str = segno.make(address, error="m").svg_inline(
        border=3, dark="#0e1210", light="#f7f4ee", omitsize=True, lineclass=None, svgclass="qr"
    )
    return drawing


def qr_file_of(address: str) -> str:
    """The same as a file of its own."""
    return qr_of(address).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
