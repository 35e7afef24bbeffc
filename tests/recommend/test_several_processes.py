"""Several processes and threads, one database: no like is lost, none is doubled, everyone sees all of them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from garden.models import Image, Visitor
from garden.vocabulary import Orientation
from recommend.backends.embedded import EmbeddedRecommender
from recommend.models import Interaction, Ledger
from recommend.services.history import rebuild_rates
from tests.recommend.cast import ANN, counts_of, plant, say, wanted
from tests.services.ports import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
Liker = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def liker() -> Iterator[Liker]:
    """Starts processes that wait for a line and then like."""
    started: list[subprocess.Popen[str]] = []

    def start(visitor: str, times: int, *images: Image) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.recommend.liker", visitor, str(times), *(image.key for image in images)]
        environment = {**os.environ, "DATABASE_URL": _database_url(), "DJANGO_SETTINGS_MODULE": "garden.settings.test"}
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        started.append(process)
        _expect(process, "ready")
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _database_url() -> str:
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def _go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def _expect(process: "subprocess.Popen[str]", word: str) -> None:
    assert process.stdout is not None
    assert process.stdout.readline().strip() == word


def test_likes_of_three_processes_at_once_are_all_counted(liker: Liker) -> None:
    a, b = plant(2)
    processes = [liker(name, 40, a, b) for name in ("ann", "bob", "cho")]
    for process in processes:
        _go(process)
    for process in processes:
        _expect(process, "done")
    assert Interaction.objects.count() == 240
    assert (counts_of(a), counts_of(b)) == ((120, 120), (120, 120))
    assert rebuild_rates(dry_run=True).differences == 0


def test_a_process_sees_what_another_one_learned_and_published(liker: Liker) -> None:
    a, b = plant(2)
    mine = EmbeddedRecommender(poll_seconds=0)
    mine.warm_up()
    process = liker("ann", 20, a)
    _go(process)
    _expect(process, "done")
    score = _scores_at_head(mine)
    assert score[a.key] > score[b.key]
    assert score[a.key] == _scores_at_head(EmbeddedRecommender())[a.key]


def _scores_at_head(recommender: EmbeddedRecommender) -> dict[str, float]:
    with recommender.consumer.at_head():
        pass
    found = recommender.rank(ANN, wanted()).images[Orientation.LANDSCAPE]
    return dict(zip(found.keys, found.scores, strict=True))


def test_a_killed_process_loses_no_like_and_no_count(liker: Liker) -> None:
    a, b = plant(2)
    process = liker("ann", 100_000, a, b)
    _go(process)
    wait_until(lambda: Interaction.objects.count() >= 20)
    process.kill()
    process.wait()
    assert rebuild_rates(dry_run=True).differences == 0
    assert sum(liked for _, liked in (counts_of(a), counts_of(b))) == Interaction.objects.count()


def test_the_same_like_sent_by_eight_threads_at_once_is_one() -> None:
    a, b = plant(2)

    def like(_: int) -> bool:
        try:
            return say("ann", a, a, b) is not None
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
                say(f"visitor-{number}", images[number % 20], *images[:3])
            elif number % 10 == 1:
                Image.objects.filter(pk=images[number % 20].pk).withdraw()
            return set(recommender.rank(ANN, wanted()).images[Orientation.LANDSCAPE].keys)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        rankings = list(threads.map(work, range(120)))
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
                say(f"visitor-{number % 3}", images[number % 6], *images[:3], event_id=str(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(90)))
    told = Interaction.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(told) == list(range(1, Ledger.objects.current().head + 1))
    assert Interaction.objects.said().count() == 72
    known = set(Visitor.objects.values_list("id", flat=True))
    assert {row.visitor_id for row in Interaction.objects.exclude(visitor=None)} <= known
