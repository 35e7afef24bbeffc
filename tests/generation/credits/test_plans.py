"""Plans, the credits that come each day, the ledger, and what operators change of them."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from generation.credits import charge, credited_until, give_plan, refill, site_day, standing_of
from generation.models import CreditAccount, CreditCharge, CreditPlan
from generation.queue.worker import work
from tests.curation.cast import member
from tests.generation.conftest import _quick_engine
from tests.generation.credits.samples import QUICK, balance, curator, left, plan, retouch

__all__ = ["_quick_engine"]
pytestmark = pytest.mark.django_db


class TestLedger:
    def test_a_version_is_charged_once_however_often_it_is_reported(self) -> None:
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


MONDAY, TUESDAY, FRIDAY = (date(2026, 11, day) for day in (16, 17, 20))


@pytest.mark.parametrize(
    ("balance", "day", "today", "expected"),
    [
        (0, None, MONDAY, 5),
        (2, MONDAY, MONDAY, 2),
        (2, MONDAY, TUESDAY, 7),
        (2, MONDAY, FRIDAY, 12),
        (12, MONDAY, TUESDAY, 12),
        (80, MONDAY, TUESDAY, 80),
        (-1, MONDAY, TUESDAY, 4),
        (2, FRIDAY, MONDAY, 2),
        (0, date(1, 1, 1), date(9999, 12, 31), 12),
    ],
)
def test_each_day_brings_its_credits_up_to_the_ceiling(
    balance: int, day: date | None, today: date, expected: int
) -> None:
    assert refill(balance, day, today, daily=5, most=12) == expected


def test_a_day_is_never_credited_twice_unless_the_clock_was_far_ahead() -> None:
    assert credited_until(None, MONDAY) == MONDAY
    assert credited_until(TUESDAY, MONDAY) == TUESDAY
    assert credited_until(FRIDAY, MONDAY) == MONDAY


@pytest.mark.parametrize(("zone", "day"), [("UTC", 20), ("Asia/Seoul", 21), ("America/New_York", 20)])
def test_the_day_is_the_site_s_own(settings: Any, zone: str, day: int) -> None:
    settings.TIME_ZONE = zone
    with time_machine.travel(datetime(2026, 11, 20, 16, 0, tzinfo=UTC), tick=False):
        assert site_day() == date(2026, 11, day)


@pytest.mark.django_db
def test_credits_come_at_the_site_s_midnight_and_not_before(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Seoul"
    with time_machine.travel(datetime(2026, 11, 20, 14, 0, tzinfo=UTC), tick=False) as clock:
        cleo = curator(daily=3)
        retouch(cleo, pictures=3)
        work(engines=QUICK)
        assert standing_of(cleo).left == 0
        clock.move_to(datetime(2026, 11, 20, 14, 59, tzinfo=UTC))
        assert standing_of(cleo).left == 0
        clock.move_to(datetime(2026, 11, 20, 15, 0, tzinfo=UTC))
        assert standing_of(cleo).left == 3
        retouch(cleo)
        assert standing_of(cleo).left == 2


PLANS, ACCOUNTS, LEDGER = (f"admin:generation_credit{name}" for name in ("plan", "account", "charge"))


@pytest.fixture
def client() -> Client:
    browser = Client()
    browser.force_login(member("operator", "otto"))
    return browser


def test_a_plan_is_given_and_its_credits_are_there(client: Client) -> None:
    cleo = member("curator", "cleo")
    form = client.get(reverse(f"{ACCOUNTS}_add")).content.decode()
    assert ">cleo<" in form
    assert client.post(reverse(f"{ACCOUNTS}_add"), {"user": cleo.pk, "plan": plan(4).pk}).status_code == 302
    assert standing_of(cleo).left == 4
    account = CreditAccount.objects.get(user=cleo)
    assert client.post(reverse(f"{ACCOUNTS}_change", args=[account.pk]), {"plan": plan(9).pk}).status_code == 302
    assert standing_of(User.objects.get(pk=cleo.pk)).left == 9


def test_saving_a_form_gives_nothing_back_that_was_spent_meanwhile(client: Client) -> None:
    cleo = curator(daily=3)
    account = CreditAccount.objects.get(user=cleo)
    retouch(cleo, pictures=2)
    work(engines=QUICK)
    client.post(reverse(f"{ACCOUNTS}_change", args=[account.pk]), {"plan": plan(3).pk, "balance": 1000})
    assert standing_of(cleo).left == 1


def test_there_is_one_usual_plan_and_the_form_says_so(client: Client) -> None:
    asked = {"name": "few", "daily": 5, "usual": "on"}
    page = client.post(reverse(f"{PLANS}_add"), asked).content.decode()
    assert "Another plan is the default" in page
    page = client.post(reverse(f"{PLANS}_add"), {"name": "few", "daily": 5, "ceiling": 4}).content.decode()
    assert "at least the credits per day" in page
    assert client.post(reverse(f"{PLANS}_add"), {"name": "few", "daily": 5}).status_code == 302
    assert CreditPlan.objects.get(name="few").most == 5


def test_nobody_can_change_the_ledger(client: Client, admin_client: Client) -> None:
    retouch(curator(daily=3))
    work(engines=QUICK)
    line = CreditCharge.objects.get()
    assert "cleo" in client.get(reverse(f"{LEDGER}_changelist")).content.decode()
    for browser in (client, admin_client):
        assert browser.get(reverse(f"{LEDGER}_add")).status_code == 403
        assert browser.post(reverse(f"{LEDGER}_change", args=[line.pk]), {"amount": 0}).status_code == 403
        assert browser.post(reverse(f"{LEDGER}_delete", args=[line.pk]), {"post": "yes"}).status_code == 403


def test_curators_look_and_give_themselves_nothing() -> None:
    browser, cleo = Client(), curator(daily=3)
    browser.force_login(cleo)
    account = reverse(f"{ACCOUNTS}_change", args=[CreditAccount.objects.get(user=cleo).pk])
    assert browser.get(account).status_code == 200
    assert browser.post(account, {"plan": ""}).status_code == 403
    assert browser.get(reverse(f"{ACCOUNTS}_add")).status_code == 403
    assert browser.post(reverse(f"{PLANS}_change", args=[plan(3).pk]), {"name": "x", "daily": 99}).status_code == 403
    assert standing_of(cleo).left == 3
