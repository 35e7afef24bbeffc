"""Changes added to counts: what two writers say of one row is added, whatever the row was."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from recommend.models import ImageRate
from recommend.models.rate import RateChange
from tests.recommend.cast import plant

pytestmark = pytest.mark.django_db
WOMEN, MEN = "adult/Female", "adult/Male"


def counts() -> dict[tuple[int, str], tuple[int, int]]:
    return {(rate.image_id, rate.group): (rate.shown, rate.liked) for rate in ImageRate.objects.all()}


def add(*changes: tuple[int, str, int, int]) -> None:
    with transaction.atomic():
        ImageRate.objects.all().apply([RateChange(*change) for change in changes])


def test_a_first_look_makes_the_rows_it_counts_in() -> None:
    a, b = plant(2)
    add((a.pk, WOMEN, 1, 1), (b.pk, WOMEN, 1, 0))
    assert counts() == {(a.pk, WOMEN): (1, 1), (b.pk, WOMEN): (1, 0)}


def test_changes_of_one_row_are_added_up_and_groups_kept_apart() -> None:
    (a,) = plant(1)
    add((a.pk, WOMEN, 1, 0), (a.pk, MEN, 1, 1), (a.pk, WOMEN, 1, 1))
    add((a.pk, WOMEN, 1, 0))
    assert counts() == {(a.pk, WOMEN): (3, 1), (a.pk, MEN): (1, 1)}


def test_a_like_beyond_its_look_and_one_taken_back_are_added_to_what_is_there() -> None:
    a, b = plant(2)
    add((a.pk, WOMEN, 1, 0), (b.pk, WOMEN, 1, 1))
    add((a.pk, WOMEN, 0, 1))
    assert counts() == {(a.pk, WOMEN): (1, 1), (b.pk, WOMEN): (1, 1)}
    add((a.pk, WOMEN, 1, 0), (b.pk, WOMEN, 0, -1))
    assert counts() == {(a.pk, WOMEN): (2, 1), (b.pk, WOMEN): (1, 0)}


@pytest.mark.parametrize("change", [(0, 1), (0, -1), (-1, 0)])
@pytest.mark.parametrize("beside", [[], [1]])
def test_what_cannot_be_is_refused_and_not_passed_over(change: tuple[int, int], beside: list[int]) -> None:
    a, b = plant(2)
    with pytest.raises(IntegrityError):
        add((a.pk, WOMEN, *change), *((b.pk, WOMEN, 1, 0) for _ in beside))
    assert counts() == {}


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 3)), max_size=6), max_size=5)
)
def test_counts_are_the_sum_of_all_changes(batches: list[list[tuple[int, bool, int]]]) -> None:
    """A look at a picture, sometimes liked; then some likes are taken back."""
    ImageRate.objects.all().delete()
    images = [image.pk for image in plant(4)]
    changes = [[(images[n], WOMEN, times, times * int(liked)) for n, liked, times in batch] for batch in batches]
    changes += [[(image, group, 0, -liked) for image, group, _, liked in batch] for batch in changes[::2]]
    for batch in changes:
        add(*batch)
    every = [change for batch in changes for change in batch]
    wanted = dict.fromkeys({(image, group) for image, group, _, _ in every}, (0, 0))
    for image, group, shown, liked in every:
        before = wanted[image, group]
        wanted[image, group] = before[0] + shown, before[1] + liked
    assert counts() == wanted
