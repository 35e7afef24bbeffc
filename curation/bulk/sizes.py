"""Picture sizes as curators write them: `1280×800`."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from garden.vocabulary import Orientation
from generation.resolutions import RESOLUTIONS, orientation_of_size

Size = tuple[int, int]
_WRITTEN = re.compile(r"\s*(\d{1,5})\s*[x×*]\s*(\d{1,5})\s*", re.IGNORECASE)


def written(size: Size) -> str:
    return f"{size[0]}×{size[1]}"


def usual_sizes(orientation: Orientation) -> list[str]:
    """The usual ones of an orientation, the largest first; portraits are landscapes turned."""
    turned = {
        (min(size), max(size)) if orientation is Orientation.PORTRAIT else (max(size), min(size))
        for size in RESOLUTIONS
    }
    return [written(size) for size in sorted(turned, reverse=True)]


class SizeField(forms.CharField):
    """Width and height in pixels of one orientation; empty makes none of it."""

    def __init__(self, orientation: Orientation, **options: Any) -> None:
        self._orientation = orientation
        listed = forms.TextInput(attrs={"list": f"bulk-{orientation}-sizes", "autocomplete": "off"})
        super().__init__(required=False, max_length=20, widget=listed, **options)

    def clean(self, value: Any) -> Size | None:
        text = super().clean(value)
        if not text:
            return None
        found = _WRITTEN.fullmatch(text)
        if not found:
            raise ValidationError(_("Write a size as width×height, for example 1280×800."))
        width, height = int(found[1]), int(found[2])
        if orientation_of_size(width, height) is not self._orientation:
            raise ValidationError(self._wrong_way())
        return width, height

    def _wrong_way(self) -> str:
        if self._orientation is Orientation.PORTRAIT:
            return _("A portrait is higher than wide.")
        return _("A landscape is at least as wide as high.")
