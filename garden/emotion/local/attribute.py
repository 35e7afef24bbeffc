"""A logit as a yes or no with its confidence."""

from garden.emotion.base import Attribute
from garden.emotion.local.calibration import sigmoid


def attribute(logit: float) -> Attribute:
    """Yes above 0; the confidence is the probability of the answer given, 0.5 … 1."""
    probability = sigmoid(logit)
    return Attribute(value=logit > 0, confidence=max(probability, 1 - probability))
