"""What is said of a picture, in whichever format it is written."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from generation.engines.base import Picture

PROGRAM = "Emotion Garden"


class DigitalSourceType(StrEnum):
    """How a picture came to be: terms of https://cv.iptc.org/newscodes/digitalsourcetype/."""

    TRAINED_ALGORITHMIC_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    ALGORITHMIC_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
    COMPOSITE_WITH_TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
    COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"


_WITHOUT_TRAINING = {"painter"}
_CAPTIONS = {
    DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA: "Made by AI",
    DigitalSourceType.ALGORITHMIC_MEDIA: "Painted by a program",
    DigitalSourceType.COMPOSITE_WITH_TRAINED: "Made and retouched with AI",
    DigitalSourceType.COMPOSITE: "Retouched by a program",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Who made a picture, how, of what and when (UTC, whole seconds)."""

    source_type: DigitalSourceType
    engine: str
    model: str
    prompt: str
    made_at: datetime

    @property
    def caption(self) -> str:
        return f"{_CAPTIONS[self.source_type]}: {self.prompt}"

    @property
    def maker(self) -> str:
        return f"{PROGRAM}, engine {self.engine}, model {self.model}"


def is_trained(engine: str) -> bool:
    """Whether pictures of this engine (or of this origin) come, or may come, from a trained model."""
    return engine not in _WITHOUT_TRAINING


def facts_of(picture: Picture, made_at: datetime | None = None) -> Facts:
    """The facts of a finished picture; without a time it was made now."""
    learned = is_trained(picture.engine)
    return Facts(
        source_type=(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA if learned else DigitalSourceType.ALGORITHMIC_MEDIA),
        engine=picture.engine,
        model=picture.model,
        prompt=picture.request.prompt,
        made_at=(made_at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0),
    )
