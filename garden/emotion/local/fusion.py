"""From the two networks' evidence to one distribution over seven emotions."""

import numpy as np

from garden.emotion.local.calibration import LinearModel, calibration
from garden.emotion.local.emotions import Evidence, softmax
from garden.vocabulary import Emotion

TRAINED = (Emotion.ANGRY, Emotion.HAPPY, Emotion.SAD, Emotion.SURPRISED, Emotion.CALM)
"""The classes that the labelled photographs show in enough different people to learn from."""

EMOTION_DISGUST, EMOTION_FEAR = 1, 2
EXPRESSION_FEAR, EXPRESSION_DISGUST = 4, 5
MOST_UNTRAINED = 0.98


def fuse(evidence: Evidence, model: LinearModel | None = None) -> dict[Emotion, float]:
    """Seven probabilities (all but CONFUSED) that sum to 1.

    Disgust and fear are what the networks say of them, averaged; the rest is shared out by the trained model.
    """
    model = model or calibration().emotions
    emotion, expression = softmax(evidence.emotion), softmax(evidence.expression)
    disgust = float(emotion[EMOTION_DISGUST] + expression[EXPRESSION_DISGUST]) / 2
    fear = float(emotion[EMOTION_FEAR] + expression[EXPRESSION_FEAR]) / 2
    shrink = min(1.0, MOST_UNTRAINED / max(disgust + fear, 1e-9))
    disgust, fear = disgust * shrink, fear * shrink
    shares = softmax(model.logits(evidence.features)).astype(np.float64)
    shares *= (1 - disgust - fear) / shares.sum()
    trained = dict(zip(TRAINED, shares.tolist(), strict=True))
    return {**trained, Emotion.DISGUSTED: disgust, Emotion.FEAR: fear}
