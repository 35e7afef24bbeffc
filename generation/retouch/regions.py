"""Masks that nobody drew: each kind of region finds its own in the pixels of the crop."""

from collections.abc import Callable, Mapping
from typing import Any

from generation.prompts.tokens import is_writable
from generation.retouch.errors import BadSettingError
from generation.retouch.masks import grow, whole_mask
from generation.retouch.pixels import Mask, Pixels

DRAWN = "mask"
ALL = "all"
FACE = "face"
SALIENCY = "saliency"
SEGMENT = "segment"
LONGEST_WORD, LARGEST = 100, 1e9

FindsRegion = Callable[[Pixels, Mapping[str, Any]], Mask]
"""From the crop (RGB) and the region's own JSON to its mask, 255 where it is. Runs in a worker."""


def _whole(pixels: Pixels, region: Mapping[str, Any]) -> Mask:
    return whole_mask(*pixels.shape[:2])


def _faces(pixels: Pixels, region: Mapping[str, Any]) -> Mask:
    from generation.retouch.faces import face_mask  # Brings onnxruntime.

    return face_mask(pixels)


def _salient(pixels: Pixels, region: Mapping[str, Any]) -> Mask:
    from generation.retouch.saliency import saliency_mask

    return saliency_mask(pixels)


def _segment(pixels: Pixels, region: Mapping[str, Any]) -> Mask:
    from generation.retouch.saliency import segment_mask

    return segment_mask(pixels)


REGIONS: dict[str, FindsRegion] = {ALL: _whole, FACE: _faces, SALIENCY: _salient, SEGMENT: _segment}
REACHES = {"expand": (0, 200), "shrink": (0, 200)}
"""Pixels by which what was found grows, and then shrinks."""


def find_region(pixels: Pixels, region: Mapping[str, Any]) -> Mask:
    """The region's mask as its kind finds it, expanded and shrunk. Raises what the kind raises."""
    return adjust(REGIONS[region["kind"]](pixels, region), region)


def adjust(mask: Mask, region: Mapping[str, Any]) -> Mask:
    return grow(grow(mask, int(region.get("expand", 0))), -int(region.get("shrink", 0)))


def read_region(given: Any) -> dict[str, Any]:
    """`{"kind": …}` and what that kind wants. Raises BadSettingError."""
    kinds = [DRAWN, *REGIONS]
    if not isinstance(given, Mapping) or given.get("kind", DRAWN) not in kinds:
        raise BadSettingError("region", f"must have a kind of {', '.join(kinds)}")
    if not all(_is_plain(name) and _is_plain(value) for name, value in given.items()):
        raise BadSettingError("region", "must hold nothing but numbers and short words")
    for name, (least, most) in REACHES.items():
        check_whole(f"region.{name}", given.get(name, 0), least, most)
    return {"kind": DRAWN, **given}


def check_whole(field: str, value: Any, least: int, most: int) -> int:
    """The same number. Raises BadSettingError."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadSettingError(field, f"must be a whole number from {least} to {most}")
    return value


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_WORD and is_writable(value)
    return isinstance(value, int | float) and abs(value) < LARGEST
