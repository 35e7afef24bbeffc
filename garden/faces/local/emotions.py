"""From what the two emotion networks see to one distribution over the eight emotions.

No open network has the class CONFUSED: it is computed from the entropy of the other seven, and from the brows.
Its share is `MOST_CONFUSED · doubt · (UNMOVED + (1 - UNMOVED) · brows)`, taken from the seven in proportion:

- doubt: the entropy of the seven, as a part of its maximum ln 7; 0 up to CLEAR, 1 from LOST on;
- brows: 0 … 1, the larger of how drawn together they are and how unequally they are raised.

So a clear reading is never touched, and without the brows doubt alone takes at most MOST_CONFUSED · UNMOVED.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from garden.faces.local.calibration import Fusion, calibration
from garden.faces.local.mesh import (
    LEFT_BROW_INNER,
    LEFT_BROW_TOP,
    LEFT_EYE_TOP,
    RIGHT_BROW_INNER,
    RIGHT_BROW_TOP,
    RIGHT_EYE_TOP,
    Mesh,
)
from garden.faces.local.networks import Networks, Tensor
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


def softmax(logits: Tensor) -> Tensor:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum(), np.float32)


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
    logits = (model or calibration().emotions).logits(evidence.features, looks, evidence.own)
    shares = softmax(logits).astype(np.float64)
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


MOST_CONFUSED = 0.45
UNMOVED = 0.3
CLEAR, LOST = 0.6, 0.9

GAP_RELAXED, GAP_DRAWN = 0.285, 0.255
TILT_USUAL, TILT_RAISED = 0.01, 0.03
"""In eye spans: the median and the outermost twentieth of the labelled photographs."""


def with_confusion(seven: Mapping[Emotion, float], mesh: Mesh) -> dict[Emotion, float]:
    """All eight, summing to 1."""
    confused = MOST_CONFUSED * doubt(seven) * (UNMOVED + (1 - UNMOVED) * brows(mesh))
    rest = 1 - confused
    return {emotion: confused if emotion is Emotion.CONFUSED else seven[emotion] * rest for emotion in Emotion}


def doubt(seven: Mapping[Emotion, float]) -> float:
    """How undecided a distribution is, 0 … 1."""
    entropy = -sum(share * math.log(share) for share in seven.values() if share > 0)
    return _between(entropy / math.log(len(seven)), CLEAR, LOST)


def brows(mesh: Mesh) -> float:
    """How puzzled the brows look, 0 … 1."""
    gap = mesh.distance(RIGHT_BROW_INNER, LEFT_BROW_INNER) / mesh.eye_span
    return max(_between(gap, GAP_RELAXED, GAP_DRAWN), _between(_brow_tilt(mesh), TILT_USUAL, TILT_RAISED))


def _brow_tilt(mesh: Mesh) -> float:
    right = mesh.points[RIGHT_EYE_TOP, 1] - mesh.points[RIGHT_BROW_TOP, 1]
    left = mesh.points[LEFT_EYE_TOP, 1] - mesh.points[LEFT_BROW_TOP, 1]
    return abs(float(right - left)) / mesh.eye_span


def _between(value: float, zero: float, one: float) -> float:
    return min(1.0, max(0.0, (value - zero) / (one - zero)))
