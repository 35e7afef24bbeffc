"""Eyeglasses, beard, mustache and sunglasses: linear probes on the 1024 features that faceres computes anyway."""

from dataclasses import dataclass

from garden.emotion.base import Attribute
from garden.emotion.local.attribute import attribute
from garden.emotion.local.calibration import Calibration, calibration
from garden.emotion.local.networks import Tensor


@dataclass(frozen=True, slots=True)
class Appearance:
    eyeglasses: Attribute
    beard: Attribute
    mustache: Attribute
    sunglasses: Attribute


def read_appearance(looks: Tensor, numbers: Calibration | None = None) -> Appearance:
    """Of faceres' 1024 features."""
    logits: list[float] = (numbers or calibration()).appearance.logits(looks).tolist()
    return Appearance(*(attribute(logit) for logit in logits))
