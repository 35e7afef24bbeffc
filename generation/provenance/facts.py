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


_WITHOUT_TRAINING = {"painter"}


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
        learned = self.source_type == DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA
        return f"{'Made by AI' if learned else 'Painted by a program'}: {self.prompt}"

    @property
    def maker(self) -> str:
        return f"{PROGRAM}, engine {self.engine}, model {self.model}"


def facts_of(picture: Picture, made_at: datetime | None = None) -> Facts:
    """The facts of a finished picture; without a time it was made now."""
    learned = picture.engine not in _WITHOUT_TRAINING
    return Facts(
        source_type=(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA if learned else DigitalSourceType.ALGORITHMIC_MEDIA),
        engine=picture.engine,
        model=picture.model,
        prompt=picture.request.prompt,
        made_at=(made_at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0),
    )
