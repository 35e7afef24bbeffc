"""Hearing of pictures that were decoded; what looks at them is imported with the first, for it takes its time."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image as Pillow

    from garden.models import Image


def note_likeness(image: "Image", small: "Pillow.Image", **kwargs: object) -> None:
    """Receiver of `picture_decoded`."""
    from curation.likeness.fingerprint import fingerprint_of
    from curation.likeness.grouping import place_picture

    place_picture(image=image, fingerprint=fingerprint_of(small))
