"""From what the emotion networks see to one distribution over the eight emotions.

CONFUSED is a class of no open network, and no labelled photograph shows it: its share is 0, and visitors choose it on
the wheel.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from garden.faces.local.calibration import Fusion, calibration
from garden.faces.local.networks import Networks, Tensor, softmax
from garden.faces.local.own_network import OwnNetwork
from garden.faces.local.portrait import Portrait
from garden.vocabulary import Emotion

EMOTION_SIDE, EMOTION_CROP = 64, 1.0
EXPRESSION_SIDE, EXPRESSION_CROP = 112, 1.3


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Mean logits. `emotion`: angry, disgust, fear, happy, sad, surprise, neutral.
    `expression`: neutral, happy, sad, angry, fearful, disgusted, surprised. `own`: what a site's own network says."""

    emotion: Tensor
    expression: Tensor
    own: Tensor | None = None

    @property
    def features(self) -> Tensor:
        """28 numbers: each network's logits and probabilities."""
        parts = (self.expression, softmax(self.expression), self.emotion, softmax(self.emotion))
        return np.concatenate(parts)


def read_emotions(networks: Networks, portrait: Portrait, own: OwnNetwork | None = None) -> Evidence:
    """Of the face and its mirror image."""
    grey = cv2.cvtColor(portrait.crop(EMOTION_CROP, EMOTION_SIDE), cv2.COLOR_RGB2GRAY).astype(np.float32)
    colour = portrait.tensor(EXPRESSION_CROP, EXPRESSION_SIDE)
    return Evidence(
        emotion=_mean_logits(networks, "emotion", grey[..., None] / 127.5 - 1),
        expression=_mean_logits(networks, "expression", colour),
        own=own.features(portrait, networks.threads) if own else None,
    )


def _mean_logits(networks: Networks, name: str, picture: Tensor) -> Tensor:
    (logits,) = networks.run(name, ["logits"], np.stack([picture, picture[:, ::-1]]))
    return np.asarray(logits.mean(axis=0), np.float32)


TRAINED = (Emotion.ANGRY, Emotion.HAPPY, Emotion.SAD, Emotion.SURPRISED, Emotion.CALM)
"""The classes that the labelled photographs show in enough different people to learn from."""

EMOTION_DISGUST, EMOTION_FEAR = 1, 2
EXPRESSION_FEAR, EXPRESSION_DISGUST = 4, 5
MOST_UNTRAINED = 0.98


def fuse(evidence: Evidence, looks: Tensor, model: Fusion | None = None) -> dict[Emotion, float]:
    """Eight probabilities that sum to 1; `looks` is faceres' 1024 features.

    Disgust and fear are the geometric mean of what the two networks say of them: both have to see it, because either
    alone cries fear at every surprise. The rest is shared out by the trained model.
    """
    disgust, fear = untrained(evidence)
    logits = (model or calibration().emotions).logits(evidence.features, looks, evidence.own)
    shares = softmax(logits).astype(np.float64)
    shares *= (1 - disgust - fear) / shares.sum()
    trained = dict(zip(TRAINED, shares.tolist(), strict=True))
    return {**trained, Emotion.DISGUSTED: disgust, Emotion.FEAR: fear, Emotion.CONFUSED: 0.0}


def untrained(evidence: Evidence) -> tuple[float, float]:
    """The shares of disgust and of fear; together at most MOST_UNTRAINED."""
    emotion, expression = softmax(evidence.emotion), softmax(evidence.expression)
    disgust = float(np.sqrt(emotion[EMOTION_DISGUST] * expression[EXPRESSION_DISGUST]))
    fear = float(np.sqrt(emotion[EMOTION_FEAR] * expression[EXPRESSION_FEAR]))
    shrink = min(1.0, MOST_UNTRAINED / max(disgust + fear, 1e-9))
    return disgust * shrink, fear * shrink
