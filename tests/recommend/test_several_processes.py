"""Several processes and threads, one database: no like is lost, none is doubled, everyone sees all of them."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from garden.models import Image, Visitor
from garden.vocabulary import Orientation
from recommend.backends.embedded import EmbeddedRecommender
from recommend.models import Interaction, Ledger
from recommend.services.history import rebuild_rates
from tests.recommend.cast import ANN, counts_of, interact, plant, wanted
from tests.support.forking import fork
from tools.services.ports import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


class Likers:
    """Processes that begin to like together, when they are released."""

    def __init__(self) -> None:
        self._waiting, self._gate = os.pipe()
        self.children: list[int] = []

    def start(self, visitor: str, times: int, *images: Image) -> None:
        child = fork()
        if child:
            self.children.append(child)
            return
        try:
            os.close(self._gate)
            os.read(self._waiting, 1)
            for number in range(times):
                for image in images:
                    interact(f"{visitor}-{number}", image, *images)
            os._exit(0)
        except BaseException:
            os._exit(1)

    def release(self) -> None:
        os.close(self._gate)

    def wait(self) -> list[int]:
        """How each of them ended."""
        ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in self.children]
        self.children.clear()
        return ended

    def kill(self) -> None:
        for child in self.children:
            os.kill(child, signal.SIGKILL)
        self.wait()


@pytest.fixture
def likers() -> Iterator[Likers]:
    found = Likers()
    yield found
    found.kill()


def test_likes_of_three_processes_at_once_are_all_counted_and_learned_by_a_fourth(likers: Likers) -> None:
    a, b, never_liked = plant(3)
    mine = EmbeddedRecommender(poll_seconds=0)
    mine.warm_up()
    for name in ("ann", "bob", "cho"):
        likers.start(name, 15, a, b)
    likers.release()
    assert likers.wait() == [0, 0, 0]
    assert Interaction.objects.count() == 90
    assert (counts_of(a), counts_of(b)) == ((45, 45), (45, 45))
    assert rebuild_rates(dry_run=True).differences == 0
    scores = _scores_at_head(mine)
    assert scores == _scores_at_head(EmbeddedRecommender())
    assert min(scores[a.key], scores[b.key]) > scores[never_liked.key]


def _scores_at_head(recommender: EmbeddedRecommender) -> dict[str, float]:
    with recommender.consumer.at_head():
        pass
    found = recommender.rank(ANN, wanted()).images[Orientation.LANDSCAPE]
    return dict(zip(found.keys, found.scores, strict=True))


def test_a_killed_process_loses_no_like_and_no_count(likers: Likers) -> None:
    a, b = plant(2)
    likers.start("ann", 100_000, a, b)
    likers.release()
    wait_until(lambda: Interaction.objects.count() >= 20)
    likers.kill()
    assert rebuild_rates(dry_run=True).differences == 0
    assert sum(liked for _, liked in (counts_of(a), counts_of(b))) == Interaction.objects.count()


def test_the_same_like_sent_by_eight_threads_at_once_is_one() -> None:
    a, b = plant(2)

    def like(_: int) -> bool:
        try:
            return interact("ann", a, a, b) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        kept = list(threads.map(like, range(16)))
    assert kept.count(True) == 1
    assert (counts_of(a), counts_of(b)) == ((1, 1), (1, 0))


def test_threads_rank_while_others_like_and_publish() -> None:
    images = plant(20)
    recommender = EmbeddedRecommender(poll_seconds=0)

    def work(number: int) -> set[str]:
        try:
            if number % 3 == 0:
                interact(f"visitor-{number}", images[number % 20], *images[:3])
            elif number % 10 == 1:
                Image.objects.filter(pk=images[number % 20].pk).withdraw()
            return set(recommender.rank(ANN, wanted()).images[Orientation.LANDSCAPE].keys)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        rankings = list(threads.map(work, range(60)))
    serving = set(Image.objects.serving().values_list("key", flat=True))
    assert all(serving <= ranking for ranking in rankings)
    assert set(recommender.rank(ANN, wanted()).images[Orientation.LANDSCAPE].keys) == serving


def test_likes_and_forgettings_at_once_wait_for_each_other_and_not_in_a_circle(settings: Any) -> None:
    settings.LIKE_RETRY_WINDOW_SECONDS = 0
    images = plant(6)

    def work(number: int) -> None:
        try:
            if number % 5 == 4:
                Visitor.objects.filter(pk__in=[f"visitor-{number % 3}", f"visitor-{(number + 1) % 3}"]).delete()
            else:
                interact(f"visitor-{number % 3}", images[number % 6], *images[:3], event_id=str(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(90)))
    reported = Interaction.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(reported) == list(range(1, Ledger.objects.current().head + 1))
    assert Interaction.objects.feedback().count() == 72
    known = set(Visitor.objects.values_list("id", flat=True))
    assert {row.visitor_id for row in Interaction.objects.exclude(visitor=None)} <= known
