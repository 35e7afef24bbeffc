"""Reading in time: an analyzer that hangs costs its visitor seconds, and nobody else anything."""

import threading
from collections.abc import Callable, Iterator

import pytest

from garden.faces.base import AnalyzerFailingError, AnalyzerUnavailableError, Attribute, FaceReading, NoFaceError
from garden.faces.pool import ReadingPool
from garden.vocabulary import Emotion, Gender
from tools.services.ports import wait_until

NO = Attribute(False, 0.9)
READING = FaceReading(dict.fromkeys(Emotion, 1 / 8), 30, 40, Gender.FEMALE, NO, NO, NO, NO, NO, NO, NO, 1, 0.9)


class Hanging:
    """An analyzer that answers when it is let go."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.asked = 0

    def __call__(self, photo: bytes) -> FaceReading:
        self.asked += 1
        self.go_on.wait()
        return READING


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    analyzer = Hanging()
    yield analyzer
    analyzer.go_on.set()


def at_once(photo: bytes) -> FaceReading:
    return READING


def failing(photo: bytes) -> FaceReading:
    raise AnalyzerFailingError("away")


def test_it_reads() -> None:
    assert ReadingPool().read(at_once, b"photo") is READING


def test_it_raises_what_the_analyzer_says() -> None:
    def nobody(photo: bytes) -> FaceReading:
        raise NoFaceError

    with pytest.raises(NoFaceError):
        ReadingPool().read(nobody, b"photo")


def test_it_logs_the_name_of_an_unexpected_error_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    def surprise(photo: bytes) -> FaceReading:
        raise RuntimeError(f"cannot read {photo!r}")

    with pytest.raises(AnalyzerUnavailableError) as refused:
        ReadingPool().read(surprise, b"a face")
    assert "RuntimeError" in caplog.text
    assert "a face" not in caplog.text + str(refused.value)
    assert refused.value.__context__ is None


def test_it_leaves_one_that_hangs_and_reads_the_next(hanging: Hanging) -> None:
    pool = ReadingPool(slots=1, wait=0.05, deadline=0.05, threshold=100)
    with pytest.raises(AnalyzerUnavailableError, match="analyzer is unavailable"):
        pool.read(hanging, b"photo")
    assert pool.read(at_once, b"photo") is READING


def test_it_gives_away_no_more_slots_than_it_may(hanging: Hanging) -> None:
    pool = ReadingPool(slots=1, wait=0.05, deadline=0.02, most_hanging=2, threshold=100)
    for _ in range(3):
        with pytest.raises(AnalyzerUnavailableError, match="analyzer is unavailable"):
            pool.read(hanging, b"photo")
    with pytest.raises(AnalyzerUnavailableError, match="Too many"):
        pool.read(at_once, b"photo")
    assert hanging.asked == 3


def test_it_has_as_many_slots_as_before_once_they_came_to_an_end(hanging: Hanging) -> None:
    pool = ReadingPool(slots=1, wait=0.05, deadline=0.02, most_hanging=1, threshold=100)
    for _ in range(2):
        with pytest.raises(AnalyzerUnavailableError):
            pool.read(hanging, b"photo")
    hanging.go_on.set()
    wait_until(lambda: _reads(pool))
    again = Hanging()
    pool.deadline = 0.02
    for _ in range(2):
        with pytest.raises(AnalyzerUnavailableError, match="analyzer is unavailable"):
            pool.read(again, b"photo")
    with pytest.raises(AnalyzerUnavailableError, match="Too many"):
        pool.read(at_once, b"photo")
    again.go_on.set()


def test_it_leaves_an_analyzer_alone_that_hangs_again_and_again(hanging: Hanging) -> None:
    pool = ReadingPool(slots=2, deadline=0.02)
    for _ in range(5):
        with pytest.raises(AnalyzerUnavailableError):
            pool.read(hanging, b"photo")
    assert hanging.asked == 3
    pool.failed_at -= pool.cool_down
    assert pool.read(at_once, b"photo") is READING
    assert pool.read(at_once, b"photo") is READING


def test_it_counts_failures_in_a_row() -> None:
    pool = ReadingPool(threshold=2)
    for analyzer in (failing, at_once, failing, at_once):
        _reads(pool, analyzer)
    assert pool.read(at_once, b"photo") is READING


def test_one_photo_at_a_time_tries_an_analyzer_that_failed(hanging: Hanging) -> None:
    pool = ReadingPool(slots=3, threshold=1)
    assert not _reads(pool, failing)
    pool.failed_at -= pool.cool_down
    probe = threading.Thread(target=pool.read, args=(hanging, b"photo"))
    probe.start()
    wait_until(lambda: hanging.asked == 1)
    assert not _reads(pool)
    hanging.go_on.set()
    probe.join()
    assert _reads(pool)


def test_a_failure_of_that_photo_begins_the_pause_again() -> None:
    pool = ReadingPool(threshold=1)
    assert not _reads(pool, failing)
    pool.failed_at -= pool.cool_down
    assert not _reads(pool, failing)
    assert not _reads(pool)


def test_it_gives_a_slot_back_where_no_thread_can_be_started() -> None:
    pool = ReadingPool(slots=1, wait=0.05, threshold=100)
    usual = threading.stack_size(1 << 46)  # More than the address space has: the system refuses.
    try:
        for _ in range(2):
            with pytest.raises(AnalyzerUnavailableError, match="analyzer is unavailable"):
                pool.read(at_once, b"photo")
    finally:
        threading.stack_size(usual)
    assert pool.read(at_once, b"photo") is READING


def _reads(pool: ReadingPool, analyzer: Callable[[bytes], FaceReading] = at_once) -> bool:
    try:
        return pool.read(analyzer, b"photo") is READING
    except AnalyzerUnavailableError:
        return False
