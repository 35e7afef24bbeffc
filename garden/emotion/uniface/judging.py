"""One face as the package's networks judge it, in the garden's words."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from garden.emotion.base import NOT_JUDGED, Attribute
from garden.emotion.uniface.networks import Networks
from garden.vocabulary import Emotion, Gender

Pixels = NDArray[np.uint8]
"""Height × width × BGR, as the package wants it."""
WORDS = {
    "Neutral": Emotion.CALM,
    "Happy": Emotion.HAPPY,
    "Sad": Emotion.SAD,
    "Surprise": Emotion.SURPRISED,
    "Fear": Emotion.FEAR,
    "Disgust": Emotion.DISGUSTED,
    "Angry": Emotion.ANGRY,
}
"""Its eighth class, contempt, is none of the garden's words and is left out; it knows no confusion."""
GENDERS = (Gender.MALE, Gender.FEMALE)
AGES = ((0, 2), (3, 9), (10, 19), (20, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 90))
"""Years, by class; the last one has no end of its own."""


def judge_emotion(networks: Networks, pixels: Pixels, face: Any) -> dict[Emotion, float]:
    """All shares, not the package's answer alone, which is the strongest."""
    import torch

    network = networks.emotion
    with torch.no_grad():
        answer = network.model(network.preprocess(pixels, face.landmarks))
    logits = answer[0] if isinstance(answer, tuple) else answer
    shares = dict(zip(network.emotion_labels, _softmax(logits.cpu().numpy().ravel()), strict=True))
    total = sum(shares[label] for label in WORDS)
    return dict.fromkeys(Emotion, 0.0) | {word: float(shares[label] / total) for label, word in WORDS.items()}


def judge_person(networks: Networks, pixels: Pixels, face: Any) -> tuple[Gender, tuple[int, int]]:
    """Gender and age. The network has a third answer, race, which is never computed."""
    network = networks.demography
    _race, *wanted = network.output_names
    blob = network.preprocess(pixels, face.bbox)
    genders, ages = network.session.run(wanted, {network.input_name: blob})
    return GENDERS[int(np.argmax(genders))], AGES[int(np.argmax(ages))]


def judge_attributes(networks: Networks, pixels: Pixels, face: Any) -> dict[str, Attribute]:
    """Eyes and glasses; of mouth and hair the package says nothing."""
    states = networks.states.predict(pixels, face)
    return {
        "eyes_open": _attribute(min(states.left_eye_open, states.right_eye_open)),
        "eyeglasses": _attribute(states.eyeglasses),
        "sunglasses": _attribute(states.sunglasses),
        **dict.fromkeys(("smile", "mouth_open", "beard", "mustache"), NOT_JUDGED),
    }


def _attribute(probability: float) -> Attribute:
    return Attribute(value=probability > 0.5, confidence=max(probability, 1 - probability))


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    powers = np.exp(logits.astype(np.float64) - logits.max())
    return np.asarray(powers / powers.sum())
