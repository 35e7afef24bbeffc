"""Eyeglasses, beard, mustache and sunglasses: linear probes on the 1024 features that faceres computes anyway."""

from dataclasses import dataclass

from garden.emotion.base import Attribute
from garden.emotion.local.attribute import attribute
from garden.emotion.local.calibration import calibration
from garden.emotion.local.demographics import Description


@dataclass(frozen=True, slots=True)
class Appearance:
    eyeglasses: Attribute
    beard: Attribute
    mustache: Attribute
    sunglasses: Attribute


def read_appearance(description: Description) -> Appearance:
    logits: list[float] = calibration().appearance.logits(description.features).tolist()
    return Appearance(*(attribute(logit) for logit in logits))
