"""Readings of faces, counted by what was seen and by whom: how many, never whose."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from garden.emotion.base import FaceReading
from garden.errors import GardenError
from garden.seeing.measures import READING_SECONDS, READINGS
from garden.vocabulary import Reader


def counted_reading(read: Callable[[bytes], FaceReading], photo: bytes) -> FaceReading:
    """Read, and count the emotion or the code of the error."""
    with _counted_errors(Reader.SERVER), READING_SECONDS.time():
        reading = read(photo)
    READINGS.labels(reading.emotion.value, Reader.SERVER.value).inc()
    return reading


def counted_own_reading(reading: FaceReading, admit: Callable[[], None]) -> None:
    """The same for what a kiosk read itself; how long that took is not known here."""
    with _counted_errors(Reader.IN_BROWSER):
        admit()
    READINGS.labels(reading.emotion.value, Reader.IN_BROWSER.value).inc()


@contextmanager
def _counted_errors(reader: Reader) -> Iterator[None]:
    try:
        yield
    except GardenError as error:
        READINGS.labels(error.code, reader.value).inc()
        raise
