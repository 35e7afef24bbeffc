"""How new a picture is: as it is ranked, and as it was when it was seen."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import time_machine

from garden.models import Image
from recommend.backends.embedded.candidates import CandidatePool
from recommend.backends.embedded.events import read_events
from recommend.features import days_since, layout, newness, seconds_of
from recommend.models import Interaction, Ledger
from tests.recommend.cast import plant, say

NOON = datetime(2_030, 5, 1, 12, tzinfo=UTC)


def published(image: Image, when: datetime) -> None:
    image.published_at = when
    image.save()


def ranked_newness(pool: CandidatePool, image: Image) -> float:
    stands = pool.candidates(image.emotion, None)
    ((candidates, _),) = stands.values()
    return float(candidates.features[candidates.places_of(np.array([image.pk]))[0], layout().newness])


def learned_newness() -> list[list[float]]:
    told = read_events(after=0, to=Ledger.objects.current().head, base=0)
    return [look.features[:, layout().newness].tolist() for entry in told for look in entry.looks]


def test_it_goes_down_in_coarse_steps_and_unknown_counts_as_old() -> None:
    assert newness([0, 1, 6, 7, 29, 30, 179, 180, -1]).tolist() == [1, 0.75, 0.75, 0.5, 0.5, 0.25, 0.25, 0, 0]


def test_a_picture_published_just_ahead_of_this_clock_is_of_today() -> None:
    assert days_since(seconds_of(NOON + timedelta(seconds=5)), NOON) == 0
    assert days_since(seconds_of(None), NOON) == -1


@pytest.mark.django_db
def test_it_is_ranked_as_new_as_it_is_now() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        (image,) = plant(1)
        published(image, NOON)
        pool = CandidatePool(poll_seconds=0, overlap_seconds=0)
        assert ranked_newness(pool, image) == 1.0
        clock.shift(timedelta(days=8))
        assert ranked_newness(pool, image) == 0.5
        published(image, NOON + timedelta(days=6))
        assert ranked_newness(pool, image) == 0.75


@pytest.mark.django_db
def test_it_is_learned_as_new_as_it_was_when_the_look_began() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        a, b = plant(2)
        published(a, NOON - timedelta(days=40))
        published(b, NOON - timedelta(hours=23, minutes=50))
        say("ann", a, a, b)
        clock.shift(timedelta(minutes=15))
        say("ann", b, a, b)
    assert learned_newness() == [[0.25, 1.0], [0.25, 1.0]]


@pytest.mark.django_db
def test_looks_of_older_rows_say_nothing_of_it() -> None:
    said = say("ann", *plant(1))
    assert said is not None
    looks = [{key: value for key, value in look.items() if key != "days"} for look in said.looks]
    Interaction.objects.filter(pk=said.pk).update(looks=looks)
    assert learned_newness() == [[0.0]]
