"""Which pictures a programme may hang."""

import heapq
from collections.abc import Iterable

from garden.models import Image, Playlist
from garden.models.display import SLOTS
from garden.models.image import ImageQuerySet
from garden.vocabulary import Emotion
from garden.walls.crowd import seats
from garden.walls.programme import Programme

NEWEST = 48
"""Pictures that take turns where a playlist names none: a day of them is never the same wall twice."""
_ALL = ""

Lists = dict[str, list[Image]]
"""Pictures in their order, by mood; where no crowd is followed there is one list, of no mood."""


def lists_of(programme: Programme, orientation: str) -> Lists:
    if programme.moods:
        return {mood: _of_mood(programme.playlists, mood, orientation) for mood in programme.moods}
    found = [image for playlist in programme.playlists for image in _of_playlist(playlist, orientation)]
    return {_ALL: found or _newest(Emotion, orientation)}


def places_of(programme: Programme) -> dict[str, int]:
    """How many of an orientation's slots each list has."""
    return seats(programme.moods, len(SLOTS)) if programme.moods else {_ALL: len(SLOTS)}


def _of_mood(playlists: Iterable[Playlist], mood: str, orientation: str) -> list[Image]:
    of_mood = [playlist for playlist in playlists if playlist.emotion == mood]
    found = [image for playlist in of_mood for image in _of_playlist(playlist, orientation)]
    return found or _newest([mood], orientation)


def _of_playlist(playlist: Playlist, orientation: str) -> list[Image]:
    """The chosen ones; where none of them is in the garden, the newest of its emotion, with every favorite or one."""
    chosen = playlist.pictures.filter(image__state=Image.State.SERVING, image__orientation=orientation)
    images = [picture.image for picture in chosen.select_related("image")]
    return images or _newest([playlist.emotion] if playlist.emotion else Emotion, orientation, playlist.favorite)


def _newest(emotions: Iterable[str], orientation: str, favorite: str = "") -> list[Image]:
    """By the index of each emotion: no sorting of a whole garden."""
    serving = Image.objects.serving().filter(orientation=orientation)
    newest = [_newest_of(serving.of_emotion(emotion, favorite or None)) for emotion in emotions]
    return list(heapq.merge(*newest, key=lambda image: (image.published_at, image.pk), reverse=True))[:NEWEST]


def _newest_of(images: ImageQuerySet) -> list[Image]:
    return list(images.newest_first()[:NEWEST])
