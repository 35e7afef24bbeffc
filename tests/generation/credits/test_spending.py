"""What a retouch costs: reserved while it waits, charged once it is finished, free again when nothing came."""

from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth import get_user_model

from generation.backends import check_retouch_prices
from generation.credits import NoCreditsError, give_plan, reserved_credits, standing_of
from generation.jobs import cancel_job, cancel_slot, pause_job, retry_failed, retry_slot
from generation.models import CreditCharge, CreditPlan, GenerationJob, Slot, Version
from generation.queue import leases
from generation.queue.result_pool import store_rows
from generation.queue.worker import work
from generation.retouch.batch.orders import run_batch
from generation.retouch.versions import open_image, with_opacity
from tests.curation.cast import member
from tests.generation.conftest import _quick_engine
from tests.generation.credits.samples import QUICK, balance, curator, left, plan, retouch
from tests.generation.retouch.batch.samples import garden, planned
from tests.generation.retouch.samples import ask, edit, picture

__all__ = ["_quick_engine"]
pytestmark = pytest.mark.django_db


class TestWithoutAPlan:
    def test_nobody_is_limited_at_first(self) -> None:
        cleo = member("curator", "cleo")
        retouch(cleo, pictures=30)
        work(engines=QUICK)
        standing = standing_of(cleo)
        assert (standing.plan, standing.left, standing.most) == ("infinite", None, None)
        assert not CreditCharge.objects.exists()

    def test_who_has_no_plan_has_the_default_one(self) -> None:
        CreditPlan.objects.filter(usual=True).update(usual=False)
        CreditPlan.objects.filter(name="free").update(usual=True)
        standing = standing_of(member("curator", "cleo"))
        assert (standing.plan, standing.left, standing.most) == ("free", 20, 20)

    @pytest.mark.parametrize("who", ["operator", "superuser"])
    def test_operators_are_exempt(self, who: str) -> None:
        user = (
            member("operator", "otto")
            if who == "operator"
            else get_user_model().objects.create_user("root", is_superuser=True)
        )
        give_plan(user=user, plan=plan(1))
        retouch(user, pictures=3)
        work(engines=QUICK)
        assert left(user) is None
        assert not CreditCharge.objects.exists()

    def test_what_nobody_asked_for_costs_nobody(self) -> None:
        ask([edit(open_image(image=picture(), by=None))])
        assert work(engines=QUICK) == 1
        assert not CreditCharge.objects.exists()


class TestAsking:
    def test_what_waits_is_held_and_what_is_done_is_charged_with_its_line(self) -> None:
        cleo = curator(daily=3)
        [version] = retouch(cleo)
        assert (left(cleo), balance(cleo), reserved_credits(cleo)) == (2, 3, 1)
        work(engines=QUICK)
        assert (left(cleo), balance(cleo), reserved_credits(cleo)) == (2, 2, 0)
        line = CreditCharge.objects.get()
        assert (line.version, line.user, line.amount) == (version.pk, cleo, 1)

    def test_it_refuses_what_is_not_covered_and_leaves_nothing(self) -> None:
        cleo = curator(daily=3)
        retouch(cleo, pictures=2)
        with pytest.raises(NoCreditsError) as refused:
            retouch(cleo, pictures=2)
        assert (refused.value.status, refused.value.extra) == (402, {"left": 1, "price": 2, "daily": 3})
        assert "Credits left: 1; this costs 2." in refused.value.detail
        assert (Version.objects.count(), Slot.objects.count(), GenerationJob.objects.count()) == (2, 2, 1)

    def test_a_look_beforehand_is_not_what_decides(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever was overtaken between the look and the transaction is refused there."""
        cleo = curator(daily=1)
        retouch(cleo)
        monkeypatch.setattr("generation.retouch.edits.require_credits", lambda *_: None)
        with pytest.raises(NoCreditsError):
            retouch(cleo)
        assert Version.objects.count() == 1

    def test_a_repeated_request_is_paid_for_once(self) -> None:
        cleo = curator(daily=1)
        request_data = edit(open_image(image=picture(), by=cleo))
        first = ask([request_data], by=cleo, request_key="k")
        assert ask([request_data], by=cleo, request_key="k") == first
        assert left(cleo) == 0

    def test_each_has_credits_of_their_own(self) -> None:
        cleo, dora = curator(daily=1), curator(daily=1, name="dora")
        retouch(cleo)
        assert (left(cleo), left(dora)) == (0, 1)

    def test_another_opacity_is_free(self) -> None:
        cleo = curator(daily=1)
        [version] = retouch(cleo)
        work(engines=QUICK)
        version.refresh_from_db()
        with_opacity(version=version, opacity=0.5, by=cleo)
        assert CreditCharge.objects.count() == 1


class TestWhatCameToNothing:
    def test_a_cancelled_picture_is_free_again(self) -> None:
        cleo = curator(daily=2)
        [version] = retouch(cleo)
        assert version.slot is not None
        pause_job(job=version.slot.job)
        assert left(cleo) == 1
        cancel_job(job=version.slot.job)
        assert (left(cleo), balance(cleo)) == (2, 2)

    def test_one_cancelled_picture_of_a_job_is_free_again_and_the_others_are_made(self) -> None:
        cleo = curator(daily=3)
        first, second, third = retouch(cleo, pictures=3)
        assert second.slot is not None
        assert cancel_slot(slot=second.slot)
        assert (left(cleo), reserved_credits(cleo)) == (1, 2)
        work(engines=QUICK)
        states = [Version.objects.get(pk=version.pk).state for version in (first, second, third)]
        assert states == ["done", "cancelled", "done"]
        assert (left(cleo), balance(cleo), CreditCharge.objects.count()) == (1, 1, 2)
        assert retry_slot(slot=second.slot)
        assert (left(cleo), reserved_credits(cleo)) == (0, 1)

    def test_a_picture_that_is_cancelled_in_a_worker_s_hands_is_neither_stored_nor_charged(self) -> None:
        from generation.engines.base import ignore_steps
        from generation.queue.handlers import handler_of

        cleo = curator(daily=3)
        cancelled, other = retouch(cleo, pictures=2)
        lease = leases.claim(worker="slow", engines=QUICK)
        assert lease is not None
        [slot] = lease.slots
        [finished] = handler_of(slot).work([slot], ignore_steps)
        assert cancel_slot(slot=slot)
        assert left(cleo) == 2
        assert store_rows(lease, [finished]) == 0
        work(engines=QUICK)
        assert Version.objects.get(pk=cancelled.pk).state == "cancelled"
        assert Version.objects.get(pk=other.pk).state == "done"
        assert (CreditCharge.objects.count(), balance(cleo), left(cleo)) == (1, 2, 2)

    def test_a_failed_picture_is_free_again_and_trying_again_must_be_covered(self) -> None:
        cleo = curator(daily=1)
        [failed] = retouch(cleo, prompt=["refused"])
        work(engines=QUICK)
        assert left(cleo) == 1
        retouch(cleo)
        assert left(cleo) == 0
        assert failed.slot is not None
        with pytest.raises(NoCreditsError):
            retry_failed(job=failed.slot.job)
        assert Version.objects.get(pk=failed.pk).state == "failed"
        give_plan(user=cleo, plan=plan(5))
        assert retry_failed(job=failed.slot.job) == 1
        assert reserved_credits(cleo) == 2

    def test_a_deleted_job_holds_nothing(self) -> None:
        cleo = curator(daily=1)
        [version] = retouch(cleo)
        assert version.slot is not None
        version.slot.job.delete()
        assert left(cleo) == 1


PRICED = pytest.mark.usefixtures("_prices")


@pytest.fixture
def _prices(settings: Any) -> None:
    settings.RETOUCH_PRICES = {"quick": 3, "painter": 0}


@PRICED
def test_a_picture_costs_what_its_engine_does() -> None:
    cleo = curator(daily=7)
    retouch(cleo, pictures=2)
    assert (left(cleo), reserved_credits(cleo)) == (1, 6)
    work(engines=QUICK)
    assert (left(cleo), balance(cleo)) == (1, 1)
    assert list(CreditCharge.objects.values_list("amount", flat=True)) == [3, 3]
    with pytest.raises(NoCreditsError) as refused:
        retouch(cleo)
    assert refused.value.extra == {"left": 1, "price": 3, "daily": 7}


@PRICED
def test_an_engine_may_be_free() -> None:
    cleo = curator(daily=1)
    retouch(cleo, pictures=3, engine="painter")
    assert (left(cleo), reserved_credits(cleo)) == (1, 0)
    work(engines=["painter"])
    assert Version.objects.done().count() == 3
    assert (left(cleo), CreditCharge.objects.count()) == (1, 0)


@PRICED
def test_a_batch_costs_its_engine_s_price_for_each_picture() -> None:
    cleo = curator(daily=6)
    images = garden(3)
    with pytest.raises(NoCreditsError) as refused:
        run_batch(batch=planned(images, by=cleo))
    assert (refused.value.extra["price"], Slot.objects.count()) == (9, 0)
    run_batch(batch=planned(images[:2], by=cleo))
    assert (left(cleo), reserved_credits(cleo)) == (0, 6)
    work(engines=QUICK)
    assert (left(cleo), balance(cleo)) == (0, 0)


@PRICED
def test_another_price_counts_from_the_next_request_on(settings: Any) -> None:
    cleo = curator(daily=10)
    [waiting, withdrawn] = retouch(cleo, pictures=2)
    settings.RETOUCH_PRICES = {"quick": 1}
    assert reserved_credits(cleo) == 6
    assert withdrawn.slot is not None
    cancel_slot(slot=withdrawn.slot)
    assert left(cleo) == 7
    retry_slot(slot=withdrawn.slot)
    retouch(cleo)
    work(engines=QUICK)
    assert sorted(CreditCharge.objects.values_list("amount", flat=True)) == [1, 3, 3]
    assert Version.objects.get(pk=waiting.pk).price == 3
    assert (left(cleo), balance(cleo)) == (3, 3)


@PRICED
def test_a_price_of_an_engine_that_is_not_there_is_an_error_of_the_check(settings: Any) -> None:
    assert check_retouch_prices() == []
    settings.RETOUCH_PRICES = {"moon": 3}
    [error] = check_retouch_prices()
    assert "'moon'" in error.msg
    assert all(name in error.msg for name in site.GENERATION_ENGINES)
