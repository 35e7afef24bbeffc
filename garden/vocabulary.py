"""The words of the garden: emotions, generations, genders, orientations, readers. Plain Python, known to every room."""

from enum import StrEnum

REHEARSAL = "rehearsal"
"""Begins the ids of synthetic visitors, and is the version in the heartbeats of synthetic devices."""


class Emotion(StrEnum):
    """One of the eight moods; lower case everywhere but in the `/emotion` answer."""

    HAPPY = "happy"
    SURPRISED = "surprised"
    CALM = "calm"
    ANGRY = "angry"
    FEAR = "fear"
    CONFUSED = "confused"
    DISGUSTED = "disgusted"
    SAD = "sad"


class Gender(StrEnum):
    """As the seed systems answer it."""

    MALE = "Male"
    FEMALE = "Female"


class Orientation(StrEnum):
    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"


class Reader(StrEnum):
    """Who reads a visitor's face: the garden's server, or the kiosk in its own page."""

    SERVER = "server"
    IN_BROWSER = "in_browser"


class Generation(StrEnum):
    """Age bands; the value is what clients and Personalize see."""

    TODDLER = "toddler"
    CHILD = "child"
    TEENAGER = "teenager"
    YOUNG_ADULT = "young-adult"
    ADULT = "adult"
    MIDDLE_AGE = "middle-age"
    ELDER = "elder"

    @classmethod
    def of_age_range(cls, low: float, high: float) -> "Generation":
        """The band that the middle of an age range (years) falls into."""
        middle = (low + high) / 2
        for oldest, generation in _OLDEST_AGE:
            if middle <= oldest:
                return generation
        return cls.ELDER


_OLDEST_AGE = (
    (5, Generation.TODDLER),
    (12, Generation.CHILD),
    (18, Generation.TEENAGER),
    (25, Generation.YOUNG_ADULT),
    (49, Generation.ADULT),
    (64, Generation.MIDDLE_AGE),
)
