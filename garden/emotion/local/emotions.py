"""What the two emotion networks see, averaged over crops and the mirror image."""

from dataclasses import dataclass

import cv2
import numpy as np

from garden.emotion.local.networks import Networks, Tensor
from garden.emotion.local.portrait import Portrait

EMOTION_SIDE, EMOTION_CROPS = 64, (1.0,)
EXPRESSION_SIDE, EXPRESSION_CROPS = 112, (1.3,)
CLASSES = 7


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Mean logits. `emotion`: angry, disgust, fear, happy, sad, surprise, neutral.
    `expression`: neutral, happy, sad, angry, fearful, disgusted, surprised."""

    emotion: Tensor
    expression: Tensor

    @property
    def features(self) -> Tensor:
        """28 numbers: each network's logits and probabilities."""
        parts = (self.expression, softmax(self.expression), self.emotion, softmax(self.emotion))
        return np.concatenate(parts)


def read_emotions(networks: Networks, portrait: Portrait) -> Evidence:
    grey = np.stack([_grey(portrait, factor) for factor in EMOTION_CROPS])
    colour = np.stack([portrait.tensor(factor, EXPRESSION_SIDE) for factor in EXPRESSION_CROPS])
    return Evidence(_mean_logits(networks, "emotion", grey), _mean_logits(networks, "expression", colour))


def _grey(portrait: Portrait, factor: float) -> Tensor:
    grey = cv2.cvtColor(portrait.crop(factor, EMOTION_SIDE), cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(grey[..., None] / 127.5 - 1)


def _mean_logits(networks: Networks, name: str, pictures: Tensor) -> Tensor:
    with_mirrored = np.concatenate([pictures, pictures[:, :, ::-1]])
    (logits,) = networks.run(name, ["logits"], with_mirrored)
    return np.asarray(logits.mean(axis=0), np.float32)


def softmax(logits: Tensor) -> Tensor:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum(), np.float32)
