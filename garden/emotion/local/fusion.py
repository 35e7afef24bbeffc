"""From what the networks see to one distribution over seven emotions."""

import numpy as np

from garden.emotion.local.calibration import Fusion, calibration
from garden.emotion.local.emotions import Evidence, softmax
from garden.emotion.local.networks import Tensor
from garden.vocabulary import Emotion

TRAINED = (Emotion.ANGRY, Emotion.HAPPY, Emotion.SAD, Emotion.SURPRISED, Emotion.CALM)
"""The classes that the labelled photographs show in enough different people to learn from."""

EMOTION_DISGUST, EMOTION_FEAR = 1, 2
EXPRESSION_FEAR, EXPRESSION_DISGUST = 4, 5
MOST_UNTRAINED = 0.98


def fuse(evidence: Evidence, looks: Tensor, model: Fusion | None = None) -> dict[Emotion, float]:
    """Seven probabilities (all but CONFUSED) that sum to 1; `looks` is faceres' 1024 features.

    Disgust and fear are the geometric mean of what the two networks say of them: both have to see it, because either
    alone cries fear at every surprise. The rest is shared out by the trained model.
    """
    disgust, fear = untrained(evidence)
    shares = softmax((model or calibration().emotions).logits(evidence.features, looks)).astype(np.float64)
    shares *= (1 - disgust - fear) / shares.sum()
    trained = dict(zip(TRAINED, shares.tolist(), strict=True))
    return {**trained, Emotion.DISGUSTED: disgust, Emotion.FEAR: fear}


def untrained(evidence: Evidence) -> tuple[float, float]:
    """The shares of disgust and of fear; together at most MOST_UNTRAINED."""
    emotion, expression = softmax(evidence.emotion), softmax(evidence.expression)
    disgust = float(np.sqrt(emotion[EMOTION_DISGUST] * expression[EXPRESSION_DISGUST]))
    fear = float(np.sqrt(emotion[EMOTION_FEAR] * expression[EXPRESSION_FEAR]))
    shrink = min(1.0, MOST_UNTRAINED / max(disgust + fear, 1e-9))
    return disgust * shrink, fear * shrink
