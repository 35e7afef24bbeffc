"""Each mood's flower; its colour is in the style sheet under the same name."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from garden.models.choices import EMOTIONS
from garden.vocabulary import Emotion


@dataclass(frozen=True, slots=True)
class Mood:
    emotion: str
    name: Promise | str
    flower: Promise | str
    glyph: str


_FLOWERS: dict[str, tuple[Promise | str, str]] = {
    Emotion.HAPPY: (_("sunflower"), "sunflower"),
    Emotion.SURPRISED: (_("camellia"), "camellia"),
    Emotion.CALM: (_("lotus"), "lotus"),
    Emotion.ANGRY: (_("poppy"), "poppy"),
    Emotion.FEAR: (_("night iris"), "iris"),
    Emotion.CONFUSED: (_("passion flower"), "passion-flower"),
    Emotion.DISGUSTED: (_("moss bloom"), "moss-bloom"),
    Emotion.SAD: (_("bluebell"), "bluebell"),
}

MOODS: tuple[Mood, ...] = tuple(
    Mood(emotion, name, flower, f"garden/glyphs/{glyph}.svg")
    for emotion, name in EMOTIONS
    for flower, glyph in [_FLOWERS[emotion]]
)
MOOD_OF: dict[str, Mood] = {mood.emotion: mood for mood in MOODS}
