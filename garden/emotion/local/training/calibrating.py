"""All of `calibration.npz` from labelled photographs."""

from garden.emotion.local.calibration import Calibration
from garden.emotion.local.training.ages import train_age_width
from garden.emotion.local.training.emotions import Strengths, train_emotions
from garden.emotion.local.training.faces import train_appearance, train_smile
from garden.emotion.local.training.photographs import Photograph


def train(photographs: list[Photograph], strengths: Strengths | None = None) -> Calibration:
    return Calibration(
        emotions=train_emotions(photographs, strengths),
        smile=train_smile(photographs),
        appearance=train_appearance(photographs),
        age_width=train_age_width(photographs),
    )
