"""A price for each engine: kept with a picture when it is asked for, and exact from then on."""

from typing import Any

import pytest
from django.conf import settings as site

from generation.backends import check_retouch_prices
from generation.credits import NoCreditsError, held_by
from generation.jobs import cancel_slot, retry_slot
from generation.models import CreditCharge, Slot, Version
from generation.queue.worker import work
from generation.retouch.batch.orders import run_batch
from tests.generation.conftest import _quick_engine
from tests.generation.credits.purse import QUICK, balance, curator, left, retouch
from tests.generation.retouch.batch.chosen import garden, planned

__all__ = ["_quick_engine"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _prices(settings: Any) -> None:
    settings.RETOUCH_PRICES = {"quick": 3, "painter": 0}


def test_a_picture_costs_what_its_engine_does() -> None:
    cleo = curator(daily=7)
    retouch(cleo, pictures=2)
    assert (left(cleo), held_by(cleo)) == (1, 6)
    work(engines=QUICK)
    assert (left(cleo), balance(cleo)) == (1, 1)
    assert list(CreditCharge.objects.values_list("amount", flat=True)) == [3, 3]
    with pytest.raises(NoCreditsError) as refused:
        retouch(cleo)
    assert refused.value.extra == {"left": 1, "price": 3, "daily": 7}


def test_an_engine_may_be_free() -> None:
    cleo = curator(daily=1)
    retouch(cleo, pictures=3, engine="painter")
    assert (left(cleo), held_by(cleo)) == (1, 0)
    work(engines=["painter"])
    assert Version.objects.done().count() == 3
    assert (left(cleo), CreditCharge.objects.count()) == (1, 0)


def test_a_batch_costs_its_engine_s_price_for_each_picture() -> None:
    cleo = curator(daily=6)
    images = garden(3)
    with pytest.raises(NoCreditsError) as refused:
        run_batch(batch=planned(images, by=cleo))
    assert (refused.value.extra["price"], Slot.objects.count()) == (9, 0)
    run_batch(batch=planned(images[:2], by=cleo))
    assert (left(cleo), held_by(cleo)) == (0, 6)
    work(engines=QUICK)
    assert (left(cleo), balance(cleo)) == (0, 0)


def test_another_price_counts_from_the_next_request_on(settings: Any) -> None:
    cleo = curator(daily=10)
    [waiting, withdrawn] = retouch(cleo, pictures=2)
    settings.RETOUCH_PRICES = {"quick": 1}
    assert held_by(cleo) == 6
    assert withdrawn.slot is not None
    cancel_slot(slot=withdrawn.slot)
    assert left(cleo) == 7
    retry_slot(slot=withdrawn.slot)
    retouch(cleo)
    work(engines=QUICK)
    assert sorted(CreditCharge.objects.values_list("amount", flat=True)) == [1, 3, 3]
    assert Version.objects.get(pk=waiting.pk).price == 3
    assert (left(cleo), balance(cleo)) == (3, 3)


def test_a_price_of_an_engine_that_is_not_there_is_an_error_of_the_check(settings: Any) -> None:
    assert check_retouch_prices() == []
    settings.RETOUCH_PRICES = {"moon": 3}
    [error] = check_retouch_prices()
    assert "'moon'" in error.msg
    assert all(name in error.msg for name in site.GENERATION_ENGINES)
