"""What people may spend, and the lines of what they were charged."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from generation.credits import charge, give_plan, standing_of
from generation.models import CreditCharge, CreditPlan
from generation.queue.worker import work
from tests.generation.conftest import _quick_engine
from tests.generation.credits.purse import QUICK, balance, curator, left, plan, retouch

__all__ = ["_quick_engine"]
pytestmark = pytest.mark.django_db


class TestLedger:
    def test_a_version_is_charged_once_however_often_it_is_told(self) -> None:
        cleo = curator(daily=3)
        [version] = retouch(cleo)
        work(engines=QUICK)
        for _ in range(3):
            charge(version)
        assert (CreditCharge.objects.count(), balance(cleo)) == (1, 2)
        with pytest.raises(IntegrityError), transaction.atomic():
            CreditCharge.objects.create(version=version.pk, amount=1)

    def test_it_outlives_the_version_and_its_maker(self) -> None:
        cleo = curator(daily=3)
        [version] = retouch(cleo)
        work(engines=QUICK)
        version.canvas.delete()
        cleo.delete()
        line = CreditCharge.objects.get()
        assert (line.version, line.user, line.amount) == (version.pk, None, 1)


class TestPlans:
    def test_a_larger_plan_counts_at_once_and_given_again_changes_nothing(self) -> None:
        cleo = curator(daily=2)
        retouch(cleo, pictures=2)
        work(engines=QUICK)
        for _ in range(2):
            give_plan(user=cleo, plan=plan(10))
        assert left(cleo) == 10
        retouch(cleo, pictures=4)
        give_plan(user=cleo, plan=plan(10))
        assert left(cleo) == 6

    def test_what_is_left_of_a_larger_plan_stays(self) -> None:
        cleo = curator(daily=10)
        give_plan(user=cleo, plan=plan(2))
        assert (left(cleo), standing_of(cleo).most) == (10, 2)

    @pytest.mark.parametrize(
        "described",
        [
            {"daily": 5, "ceiling": 4},
            {"daily": None, "ceiling": 4},
            {"daily": 5, "usual": True},
        ],
    )
    def test_a_plan_that_contradicts_itself_is_refused(self, described: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            CreditPlan.objects.create(name=uuid.uuid4().hex, **described)
