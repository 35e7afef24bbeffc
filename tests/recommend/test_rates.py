"""Like-rates are the sum of the interactions: changes are added by any writer, and a rebuild gives the same."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from garden.models import Visitor
from recommend.models import ImageRate, Interaction
from recommend.models.rate import RateChange
from recommend.services.history import rebuild_rates
from tests.recommend.cast import counts, interact, plant

pytestmark = pytest.mark.django_db

WOMEN, MEN = "adult/Female", "adult/Male"
GROUPS = st.sampled_from([WOMEN, MEN])


def rows() -> dict[tuple[int, str], tuple[int, int]]:
    return {(rate.image_id, rate.group): (rate.shown, rate.liked) for rate in ImageRate.objects.all()}


def add(*changes: tuple[int, str, int, int]) -> None:
    with transaction.atomic():
        ImageRate.objects.all().apply([RateChange(*change) for change in changes])


@pytest.mark.parametrize("change", [(0, 1), (0, -1), (-1, 0)])
@pytest.mark.parametrize("beside", [[], [1]])
def test_impossible_changes_of_rates_are_refused_whole(change: tuple[int, int], beside: list[int]) -> None:
    a, b = plant(2)
    with pytest.raises(IntegrityError):
        add((a.pk, WOMEN, *change), *((b.pk, WOMEN, 1, 0) for _ in beside))
    assert rows() == {}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(0, 3), GROUPS, st.booleans(), st.integers(0, 3)), max_size=6), max_size=5
    )
)
def test_counts_are_the_sum_of_all_changes(batches: list[list[tuple[int, str, bool, int]]]) -> None:
    """A look at a picture, sometimes liked; then some likes are taken back."""
    ImageRate.objects.all().delete()
    images = [image.pk for image in plant(4)]
    changes = [[(images[n], group, times, times * int(liked)) for n, group, liked, times in batch] for batch in batches]
    changes += [[(image, group, 0, -liked) for image, group, _, liked in batch] for batch in changes[::2]]
    for batch in changes:
        add(*batch)
    every = [change for batch in changes for change in batch]
    expected = dict.fromkeys({(image, group) for image, group, _, _ in every}, (0, 0))
    for image, group, shown, liked in every:
        before = expected[image, group]
        expected[image, group] = before[0] + shown, before[1] + liked
    assert rows() == expected


SAYINGS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob"]),
        st.sampled_from(["like", "dislike", "seen", "grow older"]),
        st.integers(0, 3),
        st.sampled_from([(), (0, 1, 2), (1, 2, 3), (3,)]),
        st.sampled_from([1, 30, 4_000]),
    ),
    max_size=25,
)


class RebuiltRates(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(sayings=SAYINGS)
    def test_rebuilt_rates_equal_those_counted_one_by_one(
        self, sayings: list[tuple[str, str, int, tuple[int, ...], int]]
    ) -> None:
        images = plant(4)
        with time_machine.travel(datetime(2026, 1, 1, 12, tzinfo=UTC), tick=False) as clock:
            for visitor, kind, item, shown, seconds in sayings:
                clock.shift(timedelta(seconds=seconds))
                impression = [images[number] for number in shown]
                if kind == "grow older":
                    Visitor.objects.filter(pk=visitor).update(generation="elder")
                elif kind == "seen":
                    interact(visitor, None, *impression)
                else:
                    interact(visitor, images[item], *impression, liked=kind == "like")
        one_by_one = counts()
        assert rebuild_rates(dry_run=True).differences == 0
        ImageRate.objects.all().delete()
        rebuild_rates()
        assert counts() == one_by_one


def spoil_rates() -> None:
    """Five images, one like each; one row wrong, one row missing, one row from nowhere."""
    images = plant(5)
    for image in images:
        interact("ann", image)
    rates = ImageRate.objects.order_by("image")
    ImageRate.objects.filter(pk=rates[0].pk).update(shown=99, liked=9)
    rates[1].delete()
    ImageRate.objects.create(image=images[2], group="elder/Male", shown=3)


@pytest.fixture
def rebuild(db: None) -> Callable[..., str]:
    def run(*options: str) -> str:
        out = StringIO()
        call_command("rebuild_rates", *options, stdout=out, verbosity=0)
        return out.getvalue()

    return run


def test_the_command_repairs_what_differs_and_reports_how_much(rebuild: Callable[..., str]) -> None:
    spoil_rates()
    assert rebuild() == "5 interactions counted, 3 like-rates changed.\n"
    assert set(counts().values()) == {(1, 1)}
    assert rebuild("--dry-run") == "5 interactions counted, 0 like-rates would change.\n"


def test_a_dry_run_changes_nothing_and_fails_when_something_differs(rebuild: Callable[..., str]) -> None:
    spoil_rates()
    before = counts()
    with pytest.raises(SystemExit) as stop:
        rebuild("--dry-run")
    assert stop.value.code == 1
    assert counts() == before


def test_rows_it_empties_are_stamped_so_that_other_processes_see_it(rebuild: Callable[..., str]) -> None:
    stamp = timezone.now() - timedelta(days=1)
    ImageRate.objects.create(image=plant(1)[0], group="elder/Male", shown=3, updated_at=stamp)
    rebuild()
    emptied = ImageRate.objects.get()
    assert (emptied.shown, emptied.liked) == (0, 0)
    assert emptied.updated_at > stamp


def test_impressions_at_images_that_were_deleted_since_are_passed_over(rebuild: Callable[..., str]) -> None:
    a, b = plant(2)
    interact("ann", a, a, b)
    lost = b.pk
    b.delete()
    assert rebuild() == "1 interactions counted, 0 like-rates changed.\n"
    assert Interaction.objects.get().exposed == [a.pk, lost]
